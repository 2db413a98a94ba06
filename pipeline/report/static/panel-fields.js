"use strict";
// The fields of the form.

(() => {
  const { element, t, percent, view } = depesha;

  function draw() {
    if (!view.data.fields.length) {
      view.panel("fields").replaceChildren(element("p", { class: "note" }, t("no_fields")));
      return;
    }
    const rows = view.data.fields.map((field) => element("tr", {},
      element("th", { scope: "row" }, field.name),
      element("td", {}, field.value),
      element("td", { class: "raw" }, field.raw),
      element("td", { class: "number" }, field.c === undefined ? "–" : percent(field.c / 100, 0))));
    view.panel("fields").replaceChildren(element("table", {}, element("tbody", {}, rows)));
  }

  depesha.panels.fields = draw;
})();
