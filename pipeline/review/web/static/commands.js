// What an editor can do, each command by its name. All of them are sent in their order.

import { Refused, Sender } from "./talk.js";
import {
  answered, changed, choose, current, idOf, line, pageOf, receive, shown, state, step, words,
} from "./state.js";
import { say, told } from "./say.js";
import { conflict } from "./asks.js";

const key = document.querySelector("main").dataset.key;
const sender = new Sender(`/api/documents/${key}`, told);
export const unsaved = () => sender.left > 0;

// The row that a command was meant for, as the program has it when the command's turn has come.
function same(meant) {
  const index = state.payload.lines.findIndex((one) => one.head === meant.head
    && one.part === meant.part);
  return index < 0 ? null : state.payload.lines[index];
}

const revision = (keyed) => ({ [keyed.key]: keyed.seen });

function act(build, after) {
  return sender.send(() => {
    const request = build();
    return request && { base: state.payload.base, ...request };
  }).then((payload) => {
    if (payload) receive(payload);
    if (payload && after) after();
    return payload;
  }).catch((error) => {
    if (!(error instanceof Refused)) throw error;
    state.pending.clear();
    if (error.body.error === "stale") conflict(error.body, build, act);
    else say(error.body.error, error.body.message);
    changed("hand");
    return null;
  });
}

function onLine(action, more, after) {
  const meant = line();
  return act(() => {
    const now = same(meant);
    if (!now) return null;
    const extra = typeof more === "function" ? more(now) : more;
    return extra && {
      action, line: now.head, part: now.part, seen: revision(now), ...extra,
    };
  }, after);
}

const askedAs = (asked) => (asked ? { asked: asked.audit ? "audit" : "doubt" } : {});

// The words in hand replaced by `text`; answers the doubt that is in hand.
export function replaceWords(text) {
  const asked = current();
  const [first, count] = asked ? [asked.token, Math.max(1, asked.tokens)] : [state.token, 1];
  const before = words(line().text).slice(first, first + count).map((word) => word.text).join(" ");
  if (text.trim() === before) {
    if (asked) accept();
    return;
  }
  onLine("text", (now) => {
    const found = words(now.text).slice(first, first + count);
    if (!found.length) return { text: `${now.text} ${text}`, ...askedAs(asked) };
    const head = now.text.slice(0, found[0].start);
    const tail = now.text.slice(found[found.length - 1].end);
    const made = text.trim() ? head + text.trim() + tail : head.trimEnd() + tail;
    return { text: made, ...askedAs(asked) };
  });
  if (asked) answered(asked);
}

export function replaceLine(text) {
  if (text.trim() !== line().text.trim()) onLine("text", { text });
}

export function accept() {
  const asked = current();
  if (!asked) {
    step(1);
    return;
  }
  onLine("accept", { word: asked.word, ...askedAs(asked) });
  answered(asked);
}

export function takeOther() {
  const asked = current();
  if (asked && (asked.other || asked.p < 1) && hasOther(asked)) replaceWords(asked.other);
}

// Both readers may have read the same; then there is nothing to choose.
export const hasOther = (asked) => asked.other !== "" || asked.differs;

export function dropOrRestore() {
  const dropped = depesha.lineText.verdict(shown()) === "drop" || depesha.view.isOther(shown());
  onLine(dropped ? "restore" : "drop", {});
}

export const kind = (name) => onLine("kind", { kind: name });
export const paragraph = () => onLine("paragraph", {});
export const split = () => onLine("split", { word: state.token });
export const illegible = () => {
  const asked = current();
  onLine("illegible", { word: state.token, ...askedAs(asked) });
  if (asked) answered(asked);
};
export const note = (text) => onLine("note", { word: state.token, text });

export function join() {
  const next = state.payload.lines[state.row + 1];
  const keys = next ? revision(next) : {};
  onLine("join", (now) => {
    const after = state.payload.lines[state.payload.lines.indexOf(now) + 1];
    return { seen: { ...(after ? revision(after) : keys), ...revision(now) } };
  });
}

export function page(status, text = "") {
  const number = pageOf().number;
  act(() => {
    const now = state.payload.pages.find((one) => one.number === number);
    return { action: "page", page: number, status, text, seen: { [`page:${number}`]: now.seen } };
  });
}

export function pageDone() {
  const { status, first } = pageOf();
  const second = status === "looked" && first !== state.payload.user;
  page(second ? "checked" : "looked");
}

export function field(keyed, text) {
  return act(() => {
    const now = state.payload.fields.find((one) => one.key === keyed.key) || keyed;
    return { action: "field", key: keyed.key, text, seen: { [keyed.key]: now.seen } };
  });
}

export const putHere = (question) => onLine("apply", (now) => ({
  key: question.key, asked: "again", seen: { ...revision(now), [question.key]: question.seen },
}));

export const setAside = (question) => act(() => ({
  action: "set_aside", key: question.key, asked: "again",
  seen: { [question.key]: question.seen },
}));

export const takeIn = () => act(() => ({ action: "take_in" }));

// Undone or redone: the line that it was of comes in hand.
function back(action) {
  const before = new Map(state.payload.lines.map((one) => [`${one.head}/${one.part}`, one]));
  act(() => ({ action }), () => {
    state.pending.clear();
    const row = state.payload.lines.findIndex((one) => {
      const old = before.get(`${one.head}/${one.part}`);
      return !old || old.text !== one.text || old.seen !== one.seen;
    });
    if (row < 0) return;
    const asked = state.payload.asked.find((one) => one.row === row);
    choose(row, asked ? asked.token : 0);
  });
}

export const undo = () => back("undo");
export const redo = () => back("redo");
export { idOf };
