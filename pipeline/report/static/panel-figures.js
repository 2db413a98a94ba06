"use strict";
// How one document fares against its truth.

(() => {
  const { element, t, number, percent, view } = depesha;

  function draw() {
    if (!view.data.figures) {
      view.panel("figures").replaceChildren(element("p", { class: "note" }, t("no_truth")));
      return;
    }
    const LEVELS = ["strict", "typewriter", "reading"];
    const measures = [["cer", "cer"], ["raw", "cer_raw"], ["body", "cer_body"], ["wer", "wer"],
      ["fca", "fca"]];
    const level = (name) => view.data.figures.levels[name];
    const line = (word, show) => element("tr", {}, element("th", { scope: "row" }, t(word)),
      LEVELS.map((name) => element("td", { class: "number" }, show(level(name)))));
    const rows = measures
      .filter(([key]) => LEVELS.some((name) => level(name)[key] !== undefined))
      .map(([key, word]) => line(word, (found) => percent(found[key])));
    rows.push(line("perfect", (found) => `${found.perfect[0]} / ${found.perfect[1]}`));
    ["recognition", "kept_noise", "lost_body", "order"].forEach((word, index) =>
      rows.push(line(word, (found) => number(found.causes[index]))));
    const head = element("tr", {}, element("th", {}, t("measure")),
      LEVELS.map((name) => element("th", { class: "number" }, t(name))));
    const loss = view.data.figures.loss;
    view.panel("figures").replaceChildren(
      loss ? element("p", {}, `${t("loss")}: ${number(loss[0])} / ${number(loss[2])}`) : "",
      element("table", {}, element("thead", {}, head), element("tbody", {}, rows)));
  }

  depesha.panels.figures = draw;
})();
