"use strict";
// What the parts of a document's page share: the data, which line is chosen, which tab is open.
// The data's keys are those of pipeline/report/document_data.py.

(() => {
  const { verdict, kind } = depesha.lineText;
  const view = { data: null, chosen: -1 };

  // Where the picture of a page is; the editor's page has it elsewhere.
  view.picture = (page) => "pictures/" + page.src;
  view.panel = (name) => document.getElementById("panel-" + name);
  view.key = () => location.hash.slice(1).split("/")[0];
  view.inTranscript = (line) =>
    verdict(line) !== "drop" && view.data.kinds.includes(kind(line));
  view.isOther = (line) => verdict(line) === "keep" && !view.data.kinds.includes(kind(line));

  function reasons(line) {
    return (line.q || []).slice().sort((a, b) => Math.abs(b[2]) - Math.abs(a[2]))
      .map(([text, rule, weight]) =>
        `${weight > 0 ? "+" : "−"}${Math.abs(weight).toFixed(1)} ${depesha.phrase(view.data.strings[text])} (${view.data.strings[rule]})`);
  }

  function markChosen() {
    for (const item of document.querySelectorAll("[data-line]")) {
      item.classList.toggle("chosen", Number(item.dataset.line) === view.chosen);
    }
  }

  function select(place, from, to) {
    const line = view.data.lines[place];
    if (!line) return;
    view.chosen = place;
    depesha.detail.draw(line);
    markChosen();
    depesha.scan.spot(line, from, to);
    history.replaceState(null, "", `#${view.key()}/${encodeURIComponent(line.i)}`);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    for (const item of document.querySelectorAll(".chosen")) {
      if (item.closest("[hidden]")) continue;
      item.scrollIntoView({ block: "center", behavior: calm });
    }
  }

  function unselect() {
    view.chosen = -1;
    document.getElementById("detail").hidden = true;
    depesha.scan.clear();
    markChosen();
  }

  function openTab(name) {
    for (const tab of document.querySelectorAll("[data-tab]")) {
      const open = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(open));
      tab.tabIndex = open ? 0 : -1;
      view.panel(tab.dataset.tab).hidden = !open;
    }
  }

  depesha.view = Object.assign(view, { reasons, markChosen, select, unselect, openTab });
  depesha.panels = {}; // name of a tab: what draws it
})();
