"use strict";
// The page of a document: loads the data file named behind the # and has the parts draw it.

(() => {
  const { element, t, say, view } = depesha;
  let keys = [];
  let loaded = "";

  function draw() {
    if (!view.data) return;
    document.title = `${view.data.id} · Depesha`;
    document.querySelector("h1").textContent = view.data.id;
    depesha.notices.draw();
    depesha.scan.draw();
    for (const drawPanel of Object.values(depesha.panels)) drawPanel();
    document.getElementById("tab-differences").hidden = !view.data.figures;
    for (const tab of document.querySelectorAll("[data-tab]")) {
      // For print, where all are shown.
      view.panel(tab.dataset.tab).dataset.title = tab.textContent;
    }
    linkNeighbours();
    view.markChosen();
    document.documentElement.dataset.ready = "document";
  }

  function linkNeighbours() {
    const at = keys.indexOf(view.key());
    for (const [name, by] of [["previous", -1], ["next", 1]]) {
      const link = document.getElementById(name);
      const target = keys[at + by];
      if (at >= 0 && target) link.href = "document.html#" + target;
      else link.removeAttribute("href");
    }
  }

  function wantedLine() {
    const text = location.hash.slice(1).split("/").slice(1).join("/");
    try {
      return decodeURIComponent(text);
    } catch {
      return text; // an address that somebody cut short
    }
  }

  function tell(word, values) {
    document.getElementById("message").textContent = word ? say(word, values || {}) : "";
  }

  // Nothing of the document before is left standing under a message that names another.
  function empty(word, values) {
    tell(word, values);
    document.title = "Depesha";
    document.querySelector("h1").textContent = "";
    document.querySelector("main").classList.add("empty");
    linkNeighbours();
    document.documentElement.dataset.ready = "document";
  }

  function load() {
    const wanted = view.key();
    loaded = wanted;
    view.data = null;
    view.unselect();
    if (!wanted) return empty("no_document");
    if (!/^[0-9a-f]{12}$/.test(wanted)) return empty("wrong_address", { a: wanted });
    tell("");
    const script = element("script", { src: `documents/${wanted}.js` });
    script.addEventListener("error", () => {
      if (loaded === wanted) empty("not_loaded", { a: wanted });
    });
    script.addEventListener("load", () => script.remove());
    document.head.append(script);
    return undefined;
  }

  depesha.show = (found) => {
    view.data = found;
    depesha.differences.restart();
    document.querySelector("main").classList.remove("empty");
    draw();
    goToLine();
  };

  function goToLine() {
    const wanted = wantedLine();
    const place = view.data.lines.findIndex((line) => line.i === wanted);
    tell(wanted && place < 0 ? "no_line" : "", { a: wanted });
    if (place >= 0) view.select(place);
  }

  depesha.order = (found) => {
    keys = found;
    depesha.start();
    depesha.zoom.start();
    depesha.onChange.push(() => {
      depesha.zoom.start();
      draw();
      if (view.data && view.chosen >= 0) depesha.detail.draw(view.data.lines[view.chosen]);
    });
    for (const tab of document.querySelectorAll("[data-tab]")) {
      tab.addEventListener("click", () => view.openTab(tab.dataset.tab));
      tab.addEventListener("keydown", (event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!by) return;
        const tabs = [...document.querySelectorAll("[data-tab]")].filter((item) => !item.hidden);
        const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
        view.openTab(next.dataset.tab);
        next.focus();
      });
    }
    addEventListener("hashchange", () => {
      if (!view.data || view.key() !== loaded) load();
      else goToLine();
    });
    document.addEventListener("keydown", onKey);
    load();
  };

  function onKey(event) {
    if (!view.data || event.ctrlKey || event.metaKey || event.altKey) return;
    if (["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName)) return;
    if (event.key === "Escape") view.unselect();
    else if (event.key === "n") depesha.differences.jump(1);
    else if (event.key === "p") depesha.differences.jump(-1);
    else if (event.key === "+" || event.key === "=") depesha.zoom.step(1);
    else if (event.key === "-") depesha.zoom.step(-1);
    else if (event.key === "0") depesha.zoom.fit();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const by = event.key === "ArrowDown" ? 1 : -1;
      event.preventDefault();
      const last = view.data.lines.length - 1;
      view.select(Math.max(0, Math.min(last, view.chosen + by)));
    }
  }
})();
