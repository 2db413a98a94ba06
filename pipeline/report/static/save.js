"use strict";
// Buttons that save what a page shows: tables as CSV, charts as SVG with their colours in them.

(() => {
  const { element, t } = depesha;
  const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "fill-opacity",
    "font-family", "font-size", "font-weight", "text-anchor"];
  const FORMULA = /^[=+\-@\t\r]/;

  function save(name, type, text) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const link = element("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  // As a spreadsheet reads it; what it would take for a formula is text.
  function cell(text) {
    const plain = text.replace(/\s+/gu, " ").trim().replace("−", "-");
    const safe = FORMULA.test(plain) && Number.isNaN(Number(plain.replace(/[%,\s]/g, "")))
      ? "'" + plain : plain;
    return /[",;\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  // What is not shown in this language is not part of the text.
  function textOf(node) {
    const copy = node.cloneNode(true);
    const other = depesha.state.language === "en" ? "ru" : "en";
    for (const part of copy.querySelectorAll(`.only-${other}, .meter`)) part.remove();
    return copy.textContent;
  }

  function tableText(table) {
    const rows = [...table.querySelectorAll("tr")];
    return "\ufeff" + rows.map((row) => [...row.children].map((x) => cell(textOf(x))).join(","))
      .join("\r\n") + "\r\n";
  }

  function chartText(chart) {
    const copy = chart.cloneNode(true);
    const from = [chart, ...chart.querySelectorAll("*")];
    const to = [copy, ...copy.querySelectorAll("*")];
    from.forEach((item, index) => {
      const style = getComputedStyle(item);
      for (const name of STYLES) to[index].style.setProperty(name, style.getPropertyValue(name));
    });
    const patterns = document.querySelector("svg.patterns defs");
    if (patterns) copy.prepend(patterns.cloneNode(true));
    const [, , width, height] = chart.getAttribute("viewBox").split(" ");
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    return new XMLSerializer().serializeToString(copy);
  }

  function button(word, onclick) {
    return element("button", { type: "button", class: "save", "data-t": word, onclick }, t(word));
  }

  // Where a thing stands, for the name of its file.
  function place(node, number) {
    const section = node.closest("section[id]");
    return `${section ? section.id : "depesha"}-${number + 1}`;
  }

  function addButtons() {
    document.querySelectorAll("main section > .scroll > table, main .at-level > .scroll > table")
      .forEach((table, index) => {
        table.parentElement.after(button("save_csv", () => {
          if (table.classList.contains("documents")) depesha.allRows();
          save(place(table, index) + ".csv", "text/csv;charset=utf-8", tableText(table));
        }));
      });
    document.querySelectorAll("svg.chart").forEach((chart, index) => {
      chart.after(button("save_svg", () =>
        save(place(chart, index) + ".svg", "image/svg+xml", chartText(chart))));
    });
  }

  depesha.save = { addButtons, tableText, chartText };
})();
