"use strict";
// The text of one line, as pipeline/report/document_data.py tells it. Positions count code points.

(() => {
  const VERDICTS = { k: "keep", u: "unsure", d: "drop" };

  const verdict = (line) => VERDICTS[line.v || "k"];
  const kind = (line) => line.k || "body";

  // The cleaned text in pieces: {text, confidence (percent or null), edit (index or null), other
  // (what the other reader made of the word, or null), read (the word as it was read, where an
  // edit changed it, else null)}. A probability is of the word as it was read.
  function pieces(line) {
    const raw = Array.from(line.r);
    const confidence = new Array(raw.length).fill(null);
    const other = new Array(raw.length).fill(null);
    const read = new Array(raw.length).fill(null);
    const refused = new Map(line.u || []);
    if (line.w) {
      let word = -1;
      raw.forEach((character, at) => {
        if (/\s/u.test(character)) return;
        if (at === 0 || /\s/u.test(raw[at - 1])) word += 1;
        confidence[at] = line.w[word];
        other[at] = refused.get(word) ?? null;
      });
    }
    for (const [start, before] of line.e || []) {
      const isPart = (place) => place >= 0 && place < raw.length && /\S/u.test(raw[place]);
      const size = Array.from(before).length;
      for (let at = start; at < start + Math.max(1, size); at += 1) {
        if (!isPart(at) || read[at] !== null) continue;
        let [from, to] = [at, at + 1];
        while (isPart(from - 1)) from -= 1;
        while (isPart(to)) to += 1;
        read.fill(raw.slice(from, to).join(""), from, to);
      }
    }
    const made = [];
    const add = (text, at, place) => {
      const last = made[made.length - 1];
      const same = last && last.edit === null && last.confidence === at
        && last.other === other[place] && last.read === read[place];
      if (same) last.text += text;
      else if (text) {
        made.push({ text, confidence: at, edit: null, other: other[place], read: read[place] });
      }
    };
    let at = 0;
    (line.e || []).forEach(([start, before, after], index) => {
      while (at < start) { add(raw[at], confidence[at], at); at += 1; }
      at += Array.from(before).length;
      made.push({
        text: after, before, confidence: confidence[start] ?? null, edit: index,
        other: other[start] ?? null, read: read[start] ?? null,
      });
    });
    while (at < raw.length) { add(raw[at], confidence[at], at); at += 1; }
    return made;
  }

  const cleaned = (line) => pieces(line).map((piece) => piece.text).join("").trim();

  // Pieces of the alignment with the truth: {true, read, same, folded}; read is the cleaned text.
  function aligned(line) {
    if (!line.d) return null;
    const text = Array.from(cleaned(line).split(/\s+/u).join(" "));
    let at = 0;
    return line.d.map((piece) => {
      if (typeof piece === "number") {
        const same = text.slice(at, at + piece).join("");
        at += piece;
        return { true: same, read: same, same: true, at: at - piece };
      }
      const [wanted, read, folded] = piece;
      const place = at;
      at += Array.from(read).length;
      return { true: wanted, read, same: false, folded, at: place };
    });
  }

  depesha.lineText = { verdict, kind, pieces, cleaned, aligned };
})();
