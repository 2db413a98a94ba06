"use strict";
// Lines that are not in the transcript: dropped, or text of another kind.

(() => {
  const { element, t, percent, view } = depesha;
  const { verdict, kind } = depesha.lineText;

  function draw() {
    const list = (rows) => element("div", { class: "typescript" }, rows.map(([line, place]) =>
      element("div", { class: "left-out " + verdict(line), "data-line": place, tabindex: 0,
        onclick: () => view.select(place),
        onkeydown: (event) => { if (event.key === "Enter") view.select(place); } },
      element("p", { class: "typed" }, line.r.replace(/\s+/gu, " ")),
      element("p", { class: "why" }, t(verdict(line) + "_verdict"), " · ", t("kind_" + kind(line)),
        line.c === undefined ? "" : ` · ${t("true_text")} ${percent(line.c / 100, 0)}`,
        view.reasons(line).slice(0, 2).map((text) => element("span", {}, " · ", text))))));
    const numbered = view.data.lines.map((line, place) => [line, place]);
    const dropped = numbered.filter(([line]) => verdict(line) === "drop");
    const other = numbered.filter(([line]) => verdict(line) !== "drop" && !view.inTranscript(line));
    view.panel("dropped_lines").replaceChildren(
      dropped.length ? list(dropped) : element("p", { class: "note" }, t("no_dropped")),
      other.length ? element("h3", {}, t("other_kind")) : "", other.length ? list(other) : "");
  }

  depesha.panels.dropped_lines = draw;
})();
