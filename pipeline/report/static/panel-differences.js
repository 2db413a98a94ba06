"use strict";
// The differences from the truth, one under the other; each leads to its place on the scan.

(() => {
  const { element, t, say, view } = depesha;
  const { verdict, kind, aligned, cleaned } = depesha.lineText;
  let differences = [];
  let difference = -1;

  function marked(line, side, place) {
    return aligned(line).map((piece) => {
      const text = piece[side];
      if (piece.same) return text;
      const mark = element(side === "read" ? "del" : "ins", {
        class: piece.folded ? "folded" : "", tabindex: 0, role: "button",
        title: `${piece.true || "∅"} → ${piece.read || "∅"}`,
        onclick: (event) => { event.stopPropagation(); follow(place, piece); },
        onkeydown: (event) => { if (event.key === "Enter") follow(place, piece); },
      }, text === "" ? "‸" : text.replaceAll(" ", "␣"));
      if (!piece.folded && side === "read") {
        mark.dataset.difference = differences.length;
        differences.push({ place, piece, mark });
      }
      return mark;
    });
  }

  function rawMarked(line) {
    const raw = Array.from(line.r);
    const parts = [];
    let at = 0;
    for (const [start, before, after] of line.e || []) {
      const size = Array.from(before).length;
      parts.push(raw.slice(at, start).join(""));
      parts.push(element("span", { class: "edited", title: `${before} → ${after || "∅"}` },
        before || "‸"));
      at = start + size;
    }
    parts.push(raw.slice(at).join(""));
    return parts;
  }

  function row(name, content) {
    return element("div", { class: "version" },
      element("span", { class: "label" }, t(name)), element("span", { class: "text" }, content));
  }

  // Nothing is lost that stands on another line: it was dropped, or filed as another kind.
  function stands(at) {
    const line = view.data.lines[at];
    const what = verdict(line) === "drop" ? t("drop_verdict") : t("kind_" + kind(line));
    return element("button", {
      type: "button", class: "stands", onclick: () => view.select(at),
    }, say("stands_in", { a: line.i, b: what }));
  }

  function draw() {
    differences = [];
    const missing = new Map();
    for (const [before, ...rest] of view.data.missing) {
      missing.set(before, [...(missing.get(before) || []), rest]);
    }
    const gap = (place) => (missing.get(place) || []).map(([text, at]) =>
      element("p", { class: "gap" }, element("span", { class: "label" }, t("missing")),
        element("ins", {}, text), at === undefined ? "" : stands(at)));
    const blocks = [];
    view.data.lines.forEach((line, place) => {
      blocks.push(...gap(place));
      if (!line.d) return;
      const differs = aligned(line).some((piece) => !piece.same);
      const changed = (line.e || []).length > 0;
      const hard = aligned(line).some((piece) => !piece.same && !piece.folded);
      const versions = hard
        ? [
          changed ? row("raw", rawMarked(line)) : null,
          row("cleaned", marked(line, "read", place)),
          row("truth", marked(line, "true", place)),
        ]
        : [changed ? row("raw", rawMarked(line)) : null,
          row("cleaned", differs ? marked(line, "read", place) : cleaned(line))];
      blocks.push(element("div", {
        class: "compared " + (hard ? "hard" : differs ? "soft" : "same"),
        title: differs && !hard ? t("only_folded") : null,
        "data-line": place, onclick: () => view.select(place),
      }, versions));
    });
    blocks.push(...gap(view.data.lines.length));
    const step = (word, by) => element("button", { type: "button", onclick: () => jump(by) }, t(word));
    const head = element("p", { class: "control" },
      step("previous_difference", -1), step("next_difference", 1));
    const any = differences.length || view.data.missing.length;
    view.panel("differences").replaceChildren(
      any ? head : element("p", { class: "note" }, t("no_differences")),
      element("div", { class: "typescript" }, blocks));
  }

  function follow(place, piece) {
    difference = differences.findIndex((item) => item.place === place && item.piece.at === piece.at);
    const size = Math.max(1, Array.from(piece.read).length);
    view.select(place, piece.at, piece.at + size);
  }

  function jump(by) {
    if (!differences.length) return;
    if (view.panel("differences").hidden) view.openTab("differences");
    difference = (difference + by + differences.length) % differences.length;
    const { place, piece, mark } = differences[difference];
    follow(place, piece);
    mark.focus({ preventScroll: true });
  }

  function restart() {
    difference = -1;
  }

  depesha.panels.differences = draw;
  depesha.differences = { jump, restart };
})();
