// The line in hand: its picture, its text, what the word in hand may be, and a place to type.

import { announce } from "./say.js";
import { changed, choose, current, line, queue, shown, state, words } from "./state.js";
import * as commands from "./commands.js";
import { drawStrip } from "./strip.js";

const { element, t, say, percent } = depesha;
const KINDS = ["body", "heading", "addressee", "signature", "form", "table", "stamp",
  "handwriting", "page_number", "noise"];
const draft = () => `depesha-draft-${state.payload.key}`;
let typing = null; // {mode, row, token}: an input is open

export const isTyping = () => typing !== null;

function store(value) {
  try {
    if (value === null) localStorage.removeItem(draft());
    else localStorage.setItem(draft(), JSON.stringify(value));
  } catch { /* no storage: the text is lost with the tab, and only then */ }
}

// What was being typed when the tab was closed.
export function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(draft()) || "null");
    if (!kept) return;
    const row = state.payload.lines.findIndex((one) => one.head === kept.head
      && one.part === kept.part);
    if (row < 0) return;
    choose(row, kept.token);
    type(kept.mode, kept.text);
  } catch { /* nothing that can be used */ }
}

export function type(mode, text) {
  typing = { mode };
  draw();
  const input = document.getElementById("typed");
  if (text !== undefined) input.value = text;
  input.focus();
  input.select();
}

export function close() {
  typing = null;
  store(null);
  changed("hand");
  document.getElementById("panel-transcript").focus({ preventScroll: true });
}

function enter(value) {
  const { mode } = typing;
  typing = null;
  store(null);
  if (mode === "word") commands.replaceWords(value);
  else if (mode === "line") commands.replaceLine(value);
  else if (mode === "note") commands.note(value);
  else if (mode === "problem") commands.page("problem", value);
  close();
}

const inHand = () => {
  const asked = current();
  const first = asked ? asked.token : state.token;
  return words(line().text).slice(first, first + Math.max(1, asked ? asked.tokens : 1))
    .map((word) => word.text).join(" ");
};

function input() {
  const { mode } = typing;
  const known = { word: inHand(), line: line().text, note: noteHere(), problem: "" }[mode];
  const made = element("input", {
    id: "typed", class: `typed-in ${mode}`, "aria-label": t(`${mode}_input`), dir: "auto",
    autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    maxlength: mode === "note" || mode === "problem" ? 2000 : 5000,
  });
  made.value = known;
  made.addEventListener("input", () => store({
    mode, head: line().head, part: line().part, token: state.token, text: made.value,
  }));
  made.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") { event.preventDefault(); enter(made.value); }
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(); }
  });
  return made;
}

function noteHere() {
  const before = state.payload.lines
    .filter((one) => one.head === line().head && one.part < line().part)
    .reduce((sum, one) => sum + words(one.text).length, 0);
  const found = (line().notes || []).find(([word]) => word === before + state.token);
  return found ? found[1] : "";
}

function choice(number, text, why, onclick) {
  return element("button", { type: "button", class: "choice", onclick },
    number ? element("kbd", {}, number) : "", " ",
    element("bdi", { class: "typed-text" }, text), why ? element("span", { class: "note" }, ` ${why}`) : "");
}

function choices() {
  const asked = current();
  const made = [];
  if (asked) {
    const sure = asked.audit ? t("audit_word") : say("sure_of", { a: percent(asked.p, 0) });
    made.push(choice("1", inHand(), `${t("worth_" + asked.worth)} · ${sure}`, commands.accept));
    if (commands.hasOther(asked)) {
      made.push(choice("2", asked.other || t("nothing_read"), t("other_reading"), commands.takeOther));
    }
  }
  made.push(choice("E", t("type_it"), "", () => type("word")));
  return made;
}

function tools() {
  const button = (key, word, onclick) => element("button", { type: "button", onclick },
    element("kbd", {}, key), " ", t(word));
  const gone = depesha.lineText.verdict(shown()) === "drop" || depesha.view.isOther(shown());
  const kinds = element("select", {
    id: "kind", "aria-label": t("kind_label"),
    onchange: (event) => { commands.kind(event.target.value); event.target.blur(); },
    onkeydown: (event) => {
      const number = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
      if (number) {
        event.preventDefault();
        commands.kind(KINDS[(Number(number[1]) + 9) % 10]);
        document.getElementById("panel-transcript").focus({ preventScroll: true });
      }
    },
  }, KINDS.map((name, at) => element("option", {
    value: name, selected: depesha.lineText.kind(shown()) === name,
  }, `${(at + 1) % 10} ${t("kind_" + name)}`)));
  return element("div", { class: "line-tools" },
    button("⇧E", "tool_line", () => type("line")),
    button("D", gone ? "restore_line" : "drop_line", commands.dropOrRestore),
    button("J", "tool_join", commands.join), button("S", "tool_split", commands.split),
    button("P", "tool_paragraph", commands.paragraph),
    button("X", "tool_illegible", commands.illegible),
    button("N", "note_word", () => type("note")),
    element("label", {}, element("kbd", {}, "K"), " ", kinds));
}

function progress() {
  const open = queue().filter((asked) => !asked.audit);
  const { words: all, wrong } = state.payload.expected;
  if (!queue().length) return element("p", { class: "note" }, t("no_doubts"));
  const found = open.reduce((sum, asked) => sum + 1 - asked.p, 0);
  const share = all ? open.length / all : 0;
  return element("p", { class: "note" }, say("doubts_left", { a: queue().length }), ". ",
    open.length ? say("gain_line", {
      a: open.length, b: percent(share, 0), c: percent(wrong ? found / wrong : 0, 0),
    }) + "." : "");
}

export function draw() {
  const holder = document.getElementById("detail");
  if (!state.payload.lines.length) {
    holder.replaceChildren();
    return;
  }
  const opened = document.getElementById("typed");
  if (typing && opened && holder.contains(opened)) return; // what is being typed stays
  const strip = drawStrip();
  const text = element("p", { class: "in-hand", dir: "auto" }, words(line().text).map((word, token) =>
    [element("span", {
      class: `word${token === state.token ? " inhand" : ""}`,
      onclick: () => choose(state.row, token),
    }, word.text), " "]).flat());
  holder.replaceChildren(...[strip, typing ? input() : text,
    element("div", { class: "choices" }, choices()), tools(), progress()].filter(Boolean));
  if (!typing) {
    const asked = current();
    announce(`${inHand()}${asked && asked.other ? ` · 2: ${asked.other}` : ""}`);
  }
}
