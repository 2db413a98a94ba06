"use strict";
// The transcript: kept lines with their edits, and the words that are doubted marked.

(() => {
  const { element, t, percent, view } = depesha;
  const { verdict, kind, pieces } = depesha.lineText;
  let below = 70;

  const doubted = (piece) => (piece.read === null ? "" : `${t("as_read")} ${piece.read}: `)
    + percent(piece.confidence / 100, 0)
    + (piece.other === null || piece.other === undefined ? "" : ` · ${piece.other || "∅"}`);

  function draw() {
    const rows = view.data.lines.map((line, place) => {
      if (!view.inTranscript(line)) return null;
      const parts = pieces(line).map((piece) => {
        const doubt = piece.confidence !== null && piece.confidence < below && /\S/u.test(piece.text);
        if (piece.edit !== null) {
          const why = doubt ? ` · ${doubted(piece)}` : "";
          return piece.text
            ? element("ins", { title: `${piece.before} → ${piece.text}${why}` }, piece.text)
            : element("span", { class: "joined", title: `${piece.before} → ∅` }, "‿");
        }
        return doubt
          ? element("span", { class: "doubt", title: doubted(piece) }, piece.text)
          : piece.text;
      });
      return element("p", {
        class: `typed ${kind(line)} ${verdict(line)}${line.g ? " opens" : ""}`,
        "data-line": place, tabindex: 0, onclick: () => view.select(place),
        onkeydown: (event) => { if (event.key === "Enter") view.select(place); },
      }, parts);
    });
    const range = element("input", {
      type: "range", min: 0, max: 100, step: 5, value: below, id: "below",
      oninput: (event) => { below = Number(event.target.value); refill(); },
    });
    const value = element("output", { for: "below" }, percent(below / 100, 0));
    const control = element("label", { class: "control" }, t("mark_below"), " ", range, value);
    const words = element("div", { class: "typescript" }, rows);
    view.panel("transcript").replaceChildren(
      view.data.lines.some((line) => line.w) ? control : "", words);
    function refill() {
      const focus = document.activeElement && document.activeElement.id === "below";
      draw();
      if (focus) document.getElementById("below").focus();
      view.markChosen();
    }
  }

  depesha.panels.transcript = draw;
})();
