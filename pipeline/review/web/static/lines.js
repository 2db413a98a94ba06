// The text of the document: every line, dropped ones folded in their place with the reason.

import { choose, idOf, queue, state, words } from "./state.js";
import * as commands from "./commands.js";

const { element, t, view } = depesha;
const { verdict, kind } = depesha.lineText;

function marked(row, doubts, notes) {
  const { text } = state.payload.lines[row];
  const parts = [];
  let at = 0;
  words(text).forEach((word, token) => {
    parts.push(text.slice(at, word.start));
    const asked = doubts.get(`${row}/${token}`);
    const name = asked && !asked.audit ? ` doubt ${asked.worth}` : "";
    parts.push(element("span", {
      class: `word${name}${notes.has(token) ? " noted" : ""}`, "data-token": token,
      title: notes.get(token),
    }, word.text));
    at = word.end;
  });
  parts.push(text.slice(at));
  return parts;
}

function folded(data, row) {
  const because = view.reasons(data)[0];
  const why = verdict(data) === "drop" ? t("dropped_because") : t("not_in_text");
  return element("div", { class: `left-out ${verdict(data)}`, "data-line": row },
    element("span", { class: "why" }, `${why} · ${t("kind_" + kind(data))} `),
    element("bdi", { class: "typed-text" }, state.payload.lines[row].text),
    element("span", { class: "why more" }, because ? ` ${because} ` : " "),
    element("button", {
      type: "button",
      onclick: (event) => { event.stopPropagation(); choose(row); commands.dropOrRestore(); },
    }, t("restore_line")));
}

export function draw() {
  const doubts = new Map();
  for (const asked of queue()) {
    for (let i = 0; i < Math.max(1, asked.tokens); i += 1) {
      doubts.set(`${asked.row}/${asked.token + i}`, asked);
    }
  }
  let page = -1;
  const rows = [];
  state.payload.data.lines.forEach((data, row) => {
    const own = state.payload.lines[row];
    if ((data.p || 0) !== page) {
      page = data.p || 0;
      if (state.payload.pages.length > 1) {
        rows.push(element("h3", {}, `${t("page")} ${state.payload.pages[page].number}`));
      }
    }
    if (!view.inTranscript(data)) {
      rows.push(folded(data, row));
      return;
    }
    const first = own.part === 0 ? 0
      : state.payload.lines.filter((one) => one.head === own.head && one.part < own.part)
        .reduce((sum, one) => sum + words(one.text).length, 0);
    const notes = new Map((own.notes || []).map(([word, text]) => [word - first, text]));
    rows.push(element("p", {
      class: `typed ${kind(data)} ${verdict(data)}${data.g ? " opens" : ""}${own.changed ? " changed" : ""}`,
      "data-line": row, dir: "auto",
    }, marked(row, doubts, notes)));
  });
  const holder = element("div", { class: "typescript" }, rows);
  holder.addEventListener("click", (event) => {
    const of = event.target.closest("[data-line]");
    if (!of) return;
    const word = event.target.closest("[data-token]");
    choose(Number(of.dataset.line), word ? Number(word.dataset.token) : 0);
  });
  view.panel("transcript").replaceChildren(holder);
}

export function mark() {
  const asked = queue().find((one) => idOf(one) === state.item);
  const last = state.token + (asked ? Math.max(1, asked.tokens) : 1);
  for (const item of document.querySelectorAll("#panel-transcript .inhand")) {
    item.classList.remove("inhand");
  }
  const own = document.querySelector(`#panel-transcript [data-line="${state.row}"]`);
  if (!own) return;
  for (let token = state.token; token < last; token += 1) {
    const word = own.querySelector(`[data-token="${token}"]`);
    if (word) word.classList.add("inhand");
  }
  // Narrow windows have the line in hand above the text, over it: its line shall not be under that.
  const above = document.getElementById("detail").offsetHeight;
  document.documentElement.style.setProperty("--hand", `${above}px`);
  own.scrollIntoView({ block: "nearest" });
}
