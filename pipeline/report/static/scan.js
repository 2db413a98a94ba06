"use strict";
// The scan of a document: its pages, the lines' boxes over them, the place that is looked at.

(() => {
  const { element, t, view } = depesha;
  const { verdict, cleaned } = depesha.lineText;

  function draw() {
    const holder = document.getElementById("scan");
    const sheets = view.data.pages.map((page, index) => {
      const lines = view.data.lines
        .map((line, place) => [line, place])
        .filter(([line]) => (line.p || 0) === index && line.b);
      if (!page.w && !lines.length) return null;
      const width = page.w || Math.max(...lines.map(([line]) => line.b[0] + line.b[2])) + 40;
      const height = page.h || Math.max(...lines.map(([line]) => line.b[1] + line.b[3])) + 40;
      const boxes = lines.map(([line, place]) => element("rect", {
        x: line.b[0], y: line.b[1], width: line.b[2], height: line.b[3],
        class: "box " + verdict(line) + (view.isOther(line) ? " other" : ""),
        "data-line": place,
        onclick: () => view.select(place),
      }, element("title", {}, line.r)));
      // Of facing sheets the half that is this page.
      const part = page.v || [0, 0, width, height];
      const overlay = element("svg", {
        viewBox: part.join(" "), class: "overlay", role: "img",
        "aria-label": `${t("scan")} ${page.n}`,
      }, boxes, element("rect", { class: "spot", "data-page": index, width: 0, height: 0 }));
      const sheet = element("figure", { class: "sheet" + (page.src ? "" : " bare") });
      sheet.style.setProperty("aspect-ratio", `${part[2]} / ${part[3]}`);
      if (page.src) {
        const picture = element("img", { src: view.picture(page), alt: `${t("page")} ${page.n}` });
        const place = {
          left: -part[0] / part[2], top: -part[1] / part[3],
          width: width / part[2], height: height / part[3],
        };
        for (const [name, share] of Object.entries(place)) {
          picture.style.setProperty(name, `${100 * share}%`);
        }
        sheet.append(picture);
      }
      sheet.append(overlay);
      return sheet;
    }).filter(Boolean);
    holder.replaceChildren(...sheets);
    document.querySelector("main").classList.toggle("no-scan", !sheets.length);
    const sample = (name) => element("span", { class: "key" },
      element("span", { class: "sample " + name }), t(name + "_verdict"));
    document.getElementById("legend").replaceChildren(
      ...["keep", "unsure", "drop"].map(sample),
      element("span", { class: "key" }, element("span", { class: "sample other" }), t("other_kind")));
  }

  // Mark a place in the line's box: from and to are code points of the cleaned text. The
  // typewriter's fixed pitch makes places in the text places on the sheet.
  function spot(line, from, to) {
    clear();
    if (!line.b || from === undefined) return;
    mark(document.querySelector(`.spot[data-page="${line.p || 0}"]`), line, from, to);
    const near = document.querySelector(".strip .spot");
    if (near) mark(near, line, from, to);
  }

  function mark(rectangle, line, from, to) {
    const length = Math.max(1, Array.from(cleaned(line)).length);
    const pitch = line.b[2] / length;
    rectangle.setAttribute("x", line.b[0] + Math.min(from, length - 1) * pitch - pitch * 0.3);
    rectangle.setAttribute("y", line.b[1] - 3);
    rectangle.setAttribute("width", Math.max(1, to - from) * pitch + pitch * 0.6);
    rectangle.setAttribute("height", line.b[3] + 6);
  }

  function clear() {
    for (const spot of document.querySelectorAll(".spot")) spot.setAttribute("width", 0);
  }

  depesha.scan = { draw, spot, clear };
})();
