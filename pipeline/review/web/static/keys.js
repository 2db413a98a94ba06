// The keyboard: every command has a key, and each key is in the help. Keys are told by their place,
// so that they are the same in a Russian and in a Latin layout.

import { choose, line, state, step, words } from "./state.js";
import * as commands from "./commands.js";
import * as scan from "./scan-tools.js";
import { close, isTyping, type } from "./hand.js";

const { element, t, view } = depesha;

export const HELP = [
  ["Tab .", "Shift+Tab ,", "key_next"],
  ["1", "2", "key_take"],
  ["Enter", "", "key_accept"],
  ["E F2", "Shift+E", "key_type"],
  ["Ctrl+Z", "Ctrl+Shift+Z Ctrl+Y", "key_undo"],
  ["↑ ↓", "← →", "key_move"],
  ["D Delete", "", "key_drop"],
  ["K", "", "key_kind"],
  ["J", "S", "key_join"],
  ["P", "", "key_paragraph"],
  ["X", "", "key_illegible"],
  ["N", "", "key_note"],
  ["Ctrl+Enter", "Ctrl+Shift+Enter", "key_page"],
  ["]", "[", "key_document"],
  ["F", "Esc", "key_fields"],
  ["+ −", "I C", "key_picture"],
  ["? F1", "Esc", "key_help"],
];

export function help() {
  const dialog = document.getElementById("help");
  const keys = (text) => text.split(" ").filter(Boolean).map((key) => [element("kbd", {}, key), " "]);
  dialog.replaceChildren(
    element("h2", { id: "help-title" }, t("help")),
    element("table", {}, element("tbody", {}, HELP.map(([one, other, word]) => element("tr", {},
      element("td", {}, keys(one).flat(), other ? " " : "", keys(other).flat()),
      element("td", {}, t(word)))))),
    element("p", {}, element("button", { type: "button", onclick: () => dialog.close() }, t("close"))));
  dialog.showModal();
}

export async function nextDocument() {
  const { get } = await import("./talk.js");
  const { key } = await get(`/api/next?after=${state.payload.key}`);
  location.assign(key ? `/document/${key}` : "/");
}

function toFields() {
  view.openTab("fields");
  const first = document.querySelector("#panel-fields input");
  if (first) first.focus();
}

function toText() {
  if (isTyping()) close();
  view.openTab("transcript");
  document.getElementById("panel-transcript").focus({ preventScroll: true });
}

function across(by) {
  const count = words(line().text).length;
  if (state.token + by < 0) {
    if (state.row) choose(state.row - 1, 1e6);
  } else if (state.token + by >= count) choose(state.row + 1, 0);
  else choose(state.row, state.token + by);
}

const PLAIN = {
  Period: () => step(1), Comma: () => step(-1),
  Digit1: commands.accept, Numpad1: commands.accept,
  Digit2: commands.takeOther, Numpad2: commands.takeOther,
  Enter: commands.accept, NumpadEnter: commands.accept,
  KeyE: () => type("word"), F2: () => type("word"),
  ArrowUp: () => choose(state.row - 1), ArrowDown: () => choose(state.row + 1),
  ArrowLeft: () => across(-1), ArrowRight: () => across(1),
  KeyD: commands.dropOrRestore, Delete: commands.dropOrRestore,
  KeyK: () => document.getElementById("kind").focus(),
  KeyJ: commands.join, KeyS: commands.split, KeyP: commands.paragraph,
  KeyX: commands.illegible, KeyN: () => type("note"),
  BracketRight: nextDocument, BracketLeft: () => location.assign("/"),
  KeyF: toFields, Escape: toText, F1: help,
  Equal: () => scan.larger(1.25), NumpadAdd: () => scan.larger(1.25),
  Minus: () => scan.larger(0.8), NumpadSubtract: () => scan.larger(0.8),
  KeyI: () => scan.toggle("invert"), KeyC: () => scan.toggle("contrast"),
};
const SHIFTED = { KeyE: () => type("line"), F2: () => type("line") };
const CONTROL = {
  KeyZ: commands.undo, KeyY: commands.redo, Enter: commands.pageDone,
  NumpadEnter: commands.pageDone,
};
const BOTH = { KeyZ: commands.redo, Enter: () => type("problem") };

function commandOf(event) {
  const control = event.ctrlKey || event.metaKey;
  if (event.altKey) return null;
  if (control && event.shiftKey) return BOTH[event.code];
  if (control) return CONTROL[event.code];
  if (event.key === "?") return help;
  if (event.shiftKey) return SHIFTED[event.code];
  return PLAIN[event.code];
}

// Tab walks the doubts while the text is in hand; anywhere else it does what it always does. Escape
// and Tab from there leave the text.
function onTab(event) {
  const at = document.activeElement;
  const here = at === document.body || (at && at.closest("#panel-transcript, #detail"));
  if (!here || event.ctrlKey || event.altKey || event.metaKey) return;
  if (step(event.shiftKey ? -1 : 1)) event.preventDefault();
}

export function start() {
  document.addEventListener("keydown", (event) => {
    if (!state.payload || document.getElementById("help").open) return;
    const at = event.target;
    const typed = ["INPUT", "SELECT", "TEXTAREA"].includes(at.tagName);
    if (event.key === "Tab") {
      if (!typed) onTab(event);
      return;
    }
    if (typed && (isTyping() || event.key !== "Escape")) return;
    const pressed = ["BUTTON", "A"].includes(at.tagName);
    if (pressed && ["Enter", "Space"].includes(event.code) && !event.ctrlKey) return;
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    command();
  });
}
