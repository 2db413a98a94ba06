"use strict";
// One document: its scan with the lines' boxes, its text, where it differs from the truth.
// The data file named behind the # is loaded when asked for; its keys are those of
// pipeline/report/document_data.py. Positions count code points.

(() => {
  const { element, t, number, percent } = depesha;
  const VERDICTS = { k: "keep", u: "unsure", d: "drop" };
  const panel = (name) => document.getElementById("panel-" + name);
  let keys = [];
  let data = null;
  let chosen = -1;
  let below = 70;
  let differences = [];
  let difference = -1;
  let loaded = "";

  const verdict = (line) => VERDICTS[line.v || "k"];
  const kind = (line) => line.k || "body";
  const inTranscript = (line) => verdict(line) !== "drop" && data.kinds.includes(kind(line));

  const isOther = (line) => verdict(line) === "keep" && !data.kinds.includes(kind(line));

  // ---- text ---------------------------------------------------------------------------------

  // The cleaned text in pieces: {text, confidence (percent or null), edit (index or null), other
  // (what the other reader made of the word, or null), read (the word as it was read, where an
  // edit changed it, else null)}. A probability is of the word as it was read.
  function pieces(line) {
    const raw = Array.from(line.r);
    const confidence = new Array(raw.length).fill(null);
    const other = new Array(raw.length).fill(null);
    const read = new Array(raw.length).fill(null);
    const refused = new Map(line.u || []);
    if (line.w) {
      let word = -1;
      raw.forEach((character, at) => {
        if (/\s/u.test(character)) return;
        if (at === 0 || /\s/u.test(raw[at - 1])) word += 1;
        confidence[at] = line.w[word];
        other[at] = refused.get(word) ?? null;
      });
    }
    for (const [start, before] of line.e || []) {
      const isPart = (place) => place >= 0 && place < raw.length && /\S/u.test(raw[place]);
      const size = Array.from(before).length;
      for (let at = start; at < start + Math.max(1, size); at += 1) {
        if (!isPart(at) || read[at] !== null) continue;
        let [from, to] = [at, at + 1];
        while (isPart(from - 1)) from -= 1;
        while (isPart(to)) to += 1;
        read.fill(raw.slice(from, to).join(""), from, to);
      }
    }
    const made = [];
    const add = (text, at, place) => {
      const last = made[made.length - 1];
      const same = last && last.edit === null && last.confidence === at
        && last.other === other[place] && last.read === read[place];
      if (same) last.text += text;
      else if (text) {
        made.push({ text, confidence: at, edit: null, other: other[place], read: read[place] });
      }
    };
    let at = 0;
    (line.e || []).forEach(([start, before, after], index) => {
      while (at < start) { add(raw[at], confidence[at], at); at += 1; }
      at += Array.from(before).length;
      made.push({
        text: after, before, confidence: confidence[start] ?? null, edit: index,
        other: other[start] ?? null, read: read[start] ?? null,
      });
    });
    while (at < raw.length) { add(raw[at], confidence[at], at); at += 1; }
    return made;
  }

  const cleaned = (line) => pieces(line).map((piece) => piece.text).join("").trim();

  // Pieces of the alignment with the truth: {true, read, same, folded}; read is the cleaned text.
  function aligned(line) {
    if (!line.d) return null;
    const text = Array.from(cleaned(line).split(/\s+/u).join(" "));
    let at = 0;
    return line.d.map((piece) => {
      if (typeof piece === "number") {
        const same = text.slice(at, at + piece).join("");
        at += piece;
        return { true: same, read: same, same: true, at: at - piece };
      }
      const [wanted, read, folded] = piece;
      const place = at;
      at += Array.from(read).length;
      return { true: wanted, read, same: false, folded, at: place };
    });
  }

  // ---- scan ---------------------------------------------------------------------------------

  function drawScan() {
    const holder = document.getElementById("scan");
    const sheets = data.pages.map((page, index) => {
      const lines = data.lines
        .map((line, place) => [line, place])
        .filter(([line]) => (line.p || 0) === index && line.b);
      if (!page.w && !lines.length) return null;
      const width = page.w || Math.max(...lines.map(([line]) => line.b[0] + line.b[2])) + 40;
      const height = page.h || Math.max(...lines.map(([line]) => line.b[1] + line.b[3])) + 40;
      const boxes = lines.map(([line, place]) => element("rect", {
        x: line.b[0], y: line.b[1], width: line.b[2], height: line.b[3],
        class: "box " + verdict(line) + (isOther(line) ? " other" : ""),
        "data-line": place,
        onclick: () => select(place),
      }, element("title", {}, line.r)));
      const overlay = element("svg", {
        viewBox: `0 0 ${width} ${height}`, class: "overlay", role: "img",
        "aria-label": `${t("scan")} ${page.n}`,
      }, boxes, element("rect", { class: "spot", "data-page": index, width: 0, height: 0 }));
      const sheet = element("figure", { class: "sheet" + (page.src ? "" : " bare") });
      sheet.style.setProperty("aspect-ratio", `${width} / ${height}`);
      if (page.src) {
        sheet.append(element("img", { src: "pictures/" + page.src, alt: `${t("page")} ${page.n}` }));
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
    for (const mark of document.querySelectorAll(".spot")) mark.setAttribute("width", 0);
    if (!line.b || from === undefined) return;
    place(document.querySelector(`.spot[data-page="${line.p || 0}"]`), line, from, to);
    const near = document.querySelector(".strip .spot");
    if (near) place(near, line, from, to);
  }

  function place(mark, line, from, to) {
    const length = Math.max(1, Array.from(cleaned(line)).length);
    const pitch = line.b[2] / length;
    mark.setAttribute("x", line.b[0] + Math.min(from, length - 1) * pitch - pitch * 0.3);
    mark.setAttribute("y", line.b[1] - 3);
    mark.setAttribute("width", Math.max(1, to - from) * pitch + pitch * 0.6);
    mark.setAttribute("height", line.b[3] + 6);
  }

  // ---- panels -------------------------------------------------------------------------------

  const doubted = (piece) => (piece.read === null ? "" : `${t("as_read")} ${piece.read}: `)
    + percent(piece.confidence / 100, 0)
    + (piece.other === null || piece.other === undefined ? "" : ` · ${piece.other || "∅"}`);

  function drawTranscript() {
    const rows = data.lines.map((line, place) => {
      if (!inTranscript(line)) return null;
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
        "data-line": place, tabindex: 0, onclick: () => select(place),
        onkeydown: (event) => { if (event.key === "Enter") select(place); },
      }, parts);
    });
    const range = element("input", {
      type: "range", min: 0, max: 100, step: 5, value: below, id: "below",
      oninput: (event) => { below = Number(event.target.value); refill(); },
    });
    const value = element("output", { for: "below" }, percent(below / 100, 0));
    const control = element("label", { class: "control" }, t("mark_below"), " ", range, value);
    const words = element("div", { class: "typescript" }, rows);
    panel("transcript").replaceChildren(
      data.lines.some((line) => line.w) ? control : "", words);
    function refill() {
      const focus = document.activeElement && document.activeElement.id === "below";
      drawTranscript();
      if (focus) document.getElementById("below").focus();
      markChosen();
    }
  }

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

  function drawDifferences() {
    differences = [];
    const missing = new Map();
    for (const [before, text] of data.missing) {
      missing.set(before, [...(missing.get(before) || []), text]);
    }
    const gap = (place) => (missing.get(place) || []).map((text) =>
      element("p", { class: "gap" }, element("span", { class: "label" }, t("missing")),
        element("ins", {}, text)));
    const blocks = [];
    data.lines.forEach((line, place) => {
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
        "data-line": place, onclick: () => select(place),
      }, versions));
    });
    blocks.push(...gap(data.lines.length));
    const step = (word, by) => element("button", { type: "button", onclick: () => jump(by) }, t(word));
    const head = element("p", { class: "control" },
      step("previous_difference", -1), step("next_difference", 1));
    const any = differences.length || data.missing.length;
    panel("differences").replaceChildren(
      any ? head : element("p", { class: "note" }, t("no_differences")),
      element("div", { class: "typescript" }, blocks));
  }

  function drawDropped() {
    const list = (rows) => element("div", { class: "typescript" }, rows.map(([line, place]) =>
      element("div", { class: "left-out " + verdict(line), "data-line": place, tabindex: 0,
        onclick: () => select(place),
        onkeydown: (event) => { if (event.key === "Enter") select(place); } },
      element("p", { class: "typed" }, line.r.replace(/\s+/gu, " ")),
      element("p", { class: "why" }, t(verdict(line) + "_verdict"), " · ", t("kind_" + kind(line)),
        line.c === undefined ? "" : ` · ${t("true_text")} ${percent(line.c / 100, 0)}`,
        reasons(line).slice(0, 2).map((text) => element("span", {}, " · ", text))))));
    const numbered = data.lines.map((line, place) => [line, place]);
    const dropped = numbered.filter(([line]) => verdict(line) === "drop");
    const other = numbered.filter(([line]) => verdict(line) !== "drop" && !inTranscript(line));
    panel("dropped_lines").replaceChildren(
      dropped.length ? list(dropped) : element("p", { class: "note" }, t("no_dropped")),
      other.length ? element("h3", {}, t("other_kind")) : "", other.length ? list(other) : "");
  }

  function reasons(line) {
    return (line.q || []).slice().sort((a, b) => Math.abs(b[2]) - Math.abs(a[2]))
      .map(([text, rule, weight]) =>
        `${weight > 0 ? "+" : "−"}${Math.abs(weight).toFixed(1)} ${data.strings[text]} (${data.strings[rule]})`);
  }

  function drawFields() {
    if (!data.fields.length) {
      panel("fields").replaceChildren(element("p", { class: "note" }, t("no_fields")));
      return;
    }
    const rows = data.fields.map((field) => element("tr", {},
      element("th", { scope: "row" }, field.name),
      element("td", {}, field.value),
      element("td", { class: "raw" }, field.raw),
      element("td", { class: "number" }, field.c === undefined ? "–" : percent(field.c / 100, 0))));
    panel("fields").replaceChildren(element("table", {}, element("tbody", {}, rows)));
  }

  function drawFigures() {
    const parts = data.problems.map(([code, message, page]) => element("p", { class: "problem" },
      element("code", {}, code), ` ${page ? `${t("page")} ${page}: ` : ""}${message}`));
    if (!data.figures) {
      panel("figures").replaceChildren(...parts, element("p", { class: "note" }, t("no_truth")));
      return;
    }
    const LEVELS = ["strict", "typewriter", "reading"];
    const measures = [["cer", "cer"], ["raw", "cer_raw"], ["body", "cer_body"], ["wer", "wer"],
      ["fca", "fca"]];
    const level = (name) => data.figures.levels[name];
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
    const loss = data.figures.loss;
    if (loss) {
      parts.push(element("p", {}, `${t("loss")}: ${number(loss[0])} / ${number(loss[2])}`));
    }
    panel("figures").replaceChildren(...parts,
      element("table", {}, element("thead", {}, head), element("tbody", {}, rows)));
  }

  // ---- one line -----------------------------------------------------------------------------

  function strip(line) {
    const page = data.pages[line.p || 0];
    if (!page.src || !line.b) return null;
    const [left, top, width, height] = line.b;
    const pad = Math.round(height * 0.35);
    const view = element("svg", {
      viewBox: `${left - pad} ${top - pad} ${width + 2 * pad} ${height + 2 * pad}`, class: "strip",
      role: "img", "aria-label": line.r,
    });
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "image");
    picture.setAttribute("href", "pictures/" + page.src);
    picture.setAttribute("width", page.w);
    picture.setAttribute("height", page.h);
    view.append(picture, element("rect", { class: "spot", width: 0, height: 0 }));
    view.style.setProperty("--shape", String((width + 2 * pad) / (height + 2 * pad)));
    return view;
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

  function drawDetail(line) {
    const readings = [[line.n || "tesseract", line.r, null], ...(line.o || [])];
    const item = (name, content) => element("div", {}, element("h3", {}, t(name)), content);
    const list = (texts, none) => (texts.length
      ? element("ul", {}, texts.map((text) => element("li", {}, text)))
      : element("p", { class: "note" }, t(none)));
    const edits = (line.e || []).map(([, before, after, why]) =>
      `${before || "∅"} → ${after || "∅"}  (${data.strings[why]})`);
    const aside = document.getElementById("detail");
    const alignment = grid(line);
    aside.replaceChildren(
      element("div", { class: "detail-head" },
        element("h2", {}, `${t("line")} ${line.i}`),
        element("span", { class: "badge " + verdict(line) }, t(verdict(line) + "_verdict")),
        element("span", { class: "note" }, t("kind_" + kind(line)),
          line.c === undefined ? "" : ` · ${t("true_text")} ${percent(line.c / 100, 0)}`),
        element("button", { type: "button", id: "close", onclick: unselect }, t("close"))),
      strip(line) || "",
      element("div", { class: "readings" }, readings.map(([reader, text, confidence]) =>
        element("p", {}, element("span", { class: "label" }, reader),
          element("span", { class: "text" }, text),
          confidence === null || confidence === undefined ? "" : ` ${percent(confidence / 100, 0)}`))),
      alignment ? item("truth", alignment) : "",
      element("div", { class: "columns" },
        item("reasons", list(reasons(line), "no_reasons")),
        item("edits", list(edits, "no_edits"))));
    aside.hidden = false;
  }

  function markChosen() {
    for (const item of document.querySelectorAll("[data-line]")) {
      item.classList.toggle("chosen", Number(item.dataset.line) === chosen);
    }
  }

  function select(place, from, to) {
    const line = data.lines[place];
    if (!line) return;
    chosen = place;
    drawDetail(line);
    markChosen();
    spot(line, from, to);
    history.replaceState(null, "", `#${key()}/${encodeURIComponent(line.i)}`);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    for (const item of document.querySelectorAll(".chosen")) {
      if (item.closest("[hidden]")) continue;
      item.scrollIntoView({ block: "center", behavior: calm });
    }
  }

  function unselect() {
    chosen = -1;
    document.getElementById("detail").hidden = true;
    for (const mark of document.querySelectorAll(".spot")) mark.setAttribute("width", 0);
    markChosen();
  }

  function follow(place, piece) {
    difference = differences.findIndex((item) => item.place === place && item.piece.at === piece.at);
    const size = Math.max(1, Array.from(piece.read).length);
    select(place, piece.at, piece.at + size);
  }

  function jump(by) {
    if (!differences.length) return;
    if (panel("differences").hidden) openTab("differences");
    difference = (difference + by + differences.length) % differences.length;
    const { place, piece, mark } = differences[difference];
    follow(place, piece);
    mark.focus({ preventScroll: true });
  }

  // ---- the page -----------------------------------------------------------------------------

  function openTab(name) {
    for (const tab of document.querySelectorAll("[data-tab]")) {
      const open = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(open));
      tab.tabIndex = open ? 0 : -1;
      panel(tab.dataset.tab).hidden = !open;
    }
  }

  function draw() {
    if (!data) return;
    document.title = `${data.id} · Depesha`;
    document.querySelector("h1").textContent = data.id;
    drawScan();
    drawTranscript();
    drawDifferences();
    drawDropped();
    drawFields();
    drawFigures();
    document.getElementById("tab-differences").hidden = !data.figures;
    for (const tab of document.querySelectorAll("[data-tab]")) {
      panel(tab.dataset.tab).dataset.title = tab.textContent; // for print, where all are shown
    }
    const at = keys.indexOf(key());
    for (const [name, by] of [["previous", -1], ["next", 1]]) {
      const link = document.getElementById(name);
      const target = keys[at + by];
      if (at >= 0 && target) link.href = "document.html#" + target;
      else link.removeAttribute("href");
    }
    markChosen();
    document.documentElement.dataset.ready = "document";
  }

  const key = () => location.hash.slice(1).split("/")[0];
  const lineOf = () => decodeURIComponent(location.hash.split("/")[1] || "");

  function load() {
    const wanted = key();
    loaded = wanted;
    const message = document.getElementById("message");
    data = null;
    unselect();
    if (!/^[0-9a-f]{12}$/.test(wanted)) {
      message.textContent = t("no_document");
      return;
    }
    message.textContent = "";
    const script = element("script", { src: `documents/${wanted}.js` });
    script.addEventListener("error", () => { message.textContent = t("not_loaded"); });
    script.addEventListener("load", () => script.remove());
    document.head.append(script);
  }

  depesha.show = (found) => {
    data = found;
    difference = -1;
    draw();
    const place = data.lines.findIndex((line) => line.i === lineOf());
    if (place >= 0) select(place);
  };

  depesha.order = (found) => {
    keys = found;
    depesha.start();
    depesha.onChange.push(() => { draw(); if (chosen >= 0) drawDetail(data.lines[chosen]); });
    for (const tab of document.querySelectorAll("[data-tab]")) {
      tab.addEventListener("click", () => openTab(tab.dataset.tab));
      tab.addEventListener("keydown", (event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!by) return;
        const tabs = [...document.querySelectorAll("[data-tab]")].filter((item) => !item.hidden);
        const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
        openTab(next.dataset.tab);
        next.focus();
      });
    }
    addEventListener("hashchange", () => { if (!data || key() !== loaded) load(); });
    document.addEventListener("keydown", onKey);
    load();
  };

  function onKey(event) {
    if (!data || event.ctrlKey || event.metaKey || event.altKey) return;
    if (["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName)) return;
    if (event.key === "Escape") unselect();
    else if (event.key === "n") jump(1);
    else if (event.key === "p") jump(-1);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const by = event.key === "ArrowDown" ? 1 : -1;
      event.preventDefault();
      select(Math.max(0, Math.min(data.lines.length - 1, chosen + by)));
    }
  }
})();
