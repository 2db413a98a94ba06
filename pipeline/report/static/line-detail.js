"use strict";
// All that is known of one line: its strip of the scan, its readings, reasons and edits.

(() => {
  const { element, t, percent, view } = depesha;
  const { verdict, kind, aligned } = depesha.lineText;

  function strip(line) {
    const page = view.data.pages[line.p || 0];
    if (!page.src || !line.b) return null;
    const [left, top, width, height] = line.b;
    const pad = Math.round(height * 0.35);
    const drawn = element("svg", {
      viewBox: `${left - pad} ${top - pad} ${width + 2 * pad} ${height + 2 * pad}`, class: "strip",
      role: "img", "aria-label": line.r,
    });
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "image");
    picture.setAttribute("href", view.picture(page));
    picture.setAttribute("width", page.w);
    picture.setAttribute("height", page.h);
    drawn.append(picture, element("rect", { class: "spot", width: 0, height: 0 }));
    drawn.style.setProperty("--shape", String((width + 2 * pad) / (height + 2 * pad)));
    return drawn;
  }

  function grid(line) {
    const found = aligned(line);
    if (!found) return null;
    const cells = [];
    const shown = (character) => (character === " " ? "␣" : character === "" ? "·" : character);
    for (const piece of found) {
      const [wanted, read] = [Array.from(piece.true), Array.from(piece.read)];
      for (let at = 0; at < Math.max(wanted.length, read.length); at += 1) {
        const name = piece.same ? "" : piece.folded ? "folded" : "differs";
        const visible = (list) => (piece.same && list[at] === " " ? "\u00a0" : shown(list[at] ?? ""));
        cells.push(element("span", { class: "pair " + name },
          element("span", {}, visible(wanted)), element("span", {}, visible(read))));
      }
    }
    return element("div", { class: "grid", "aria-label": `${t("truth")} / ${t("cleaned")}` }, cells);
  }

  // "rule: evidence", and of that the evidence in the page's language.
  function because(why) {
    const [rule, ...evidence] = why.split(": ");
    return evidence.length ? `${rule}: ${depesha.phrase(evidence.join(": "))}` : rule;
  }

  function draw(line) {
    const readings = [[line.n || "tesseract", line.r, null], ...(line.o || [])];
    const item = (name, content) => element("div", {}, element("h3", {}, t(name)), content);
    const list = (texts, none) => (texts.length
      ? element("ul", {}, texts.map((text) => element("li", {}, text)))
      : element("p", { class: "note" }, t(none)));
    const edits = (line.e || []).map(([, before, after, why]) =>
      `${before || "∅"} → ${after || "∅"}  (${because(view.data.strings[why])})`);
    const aside = document.getElementById("detail");
    const alignment = grid(line);
    aside.replaceChildren(
      element("div", { class: "detail-head" },
        element("h2", {}, `${t("line")} ${line.i}`),
        element("span", { class: "badge " + verdict(line) }, t(verdict(line) + "_verdict")),
        element("span", { class: "note" }, t("kind_" + kind(line)),
          line.c === undefined ? "" : ` · ${t("true_text")} ${percent(line.c / 100, 0)}`),
        element("button", { type: "button", id: "close", onclick: view.unselect }, t("close"))),
      strip(line) || "",
      element("div", { class: "readings" }, readings.map(([reader, text, confidence]) =>
        element("p", {}, element("span", { class: "label" }, reader),
          element("span", { class: "text" }, text),
          confidence === null || confidence === undefined ? "" : ` ${percent(confidence / 100, 0)}`))),
      alignment ? item("truth", alignment) : "",
      element("div", { class: "columns" },
        item("reasons", list(view.reasons(line), "no_reasons")),
        item("edits", list(edits, "no_edits"))));
    aside.hidden = false;
  }

  depesha.detail = { draw };
})();
