// What the parts of the page share: the document as the program told it, and what is in hand.

// Words as the program counts them: what stands between white space, as Python has it.
const WORD = /(?:\uFEFF|[^\s\x1c-\x1f\x85])+/gu;

export const words = (text) => Array.from(text.matchAll(WORD), (found) => ({
  text: found[0], start: found.index, end: found.index + found[0].length,
}));

export const state = {
  payload: null,
  row: 0, // of payload.lines
  token: 0, // word of that row's text
  item: null, // the asked word in hand: {head, word}
  order: "worth",
  pending: new Set(), // asked words that were answered and not confirmed by the program yet
};

const listeners = [];
export const onChange = (listener) => { listeners.push(listener); };
export const changed = (what) => { for (const listener of listeners) listener(what); };

export const line = () => state.payload.lines[state.row];
export const shown = (row = state.row) => state.payload.data.lines[row];
export const pageOf = (row = state.row) => state.payload.pages[shown(row).p || 0];
export const idOf = (asked) => `${state.payload.lines[asked.row].head}:${asked.word}`;

// The words that are still to be looked at, in the order that the editor chose.
export function queue() {
  const open = state.payload.asked.filter((asked) => !state.pending.has(idOf(asked)));
  if (state.order === "worth") return open;
  return [...open].sort((a, b) => a.row - b.row || a.token - b.token);
}

export const current = () =>
  (state.item === null ? null : queue().find((asked) => idOf(asked) === state.item) || null);

export function take(asked) {
  state.item = asked ? idOf(asked) : null;
  if (asked) {
    state.row = asked.row;
    state.token = asked.token;
  }
  changed("hand");
}

// The next asked word (by 1) or the one before (-1); around the end to the beginning.
export function step(by) {
  const open = queue();
  if (!open.length) {
    state.item = null;
    changed("hand");
    return false;
  }
  const at = open.findIndex((asked) => idOf(asked) === state.item);
  const near = at < 0 ? (by > 0 ? 0 : open.length - 1) : (at + by + open.length) % open.length;
  take(open[near]);
  return true;
}

// Answered: go on to the next one; the program's own list follows.
export function answered(asked) {
  const open = queue();
  const at = open.findIndex((one) => idOf(one) === idOf(asked));
  state.pending.add(idOf(asked));
  const next = open[at + 1] || queue()[0] || null;
  take(next === asked ? null : next);
}

export function choose(row, token = 0) {
  state.row = Math.max(0, Math.min(state.payload.lines.length - 1, row));
  const count = words(line().text).length;
  state.token = Math.max(0, Math.min(count - 1, token));
  const here = queue().find((asked) => asked.row === state.row
    && asked.token <= state.token && state.token < asked.token + Math.max(1, asked.tokens));
  state.item = here ? idOf(here) : null;
  changed("hand");
}

export function receive(payload) {
  const before = state.payload && state.payload.lines[state.row];
  state.payload = payload;
  depesha.view.data = payload.data;
  state.pending = new Set(payload.asked.map(idOf).filter((id) => state.pending.has(id)));
  if (before) {
    const row = payload.lines.findIndex((one) => one.head === before.head
      && one.part === before.part);
    state.row = row < 0 ? Math.min(state.row, payload.lines.length - 1) : row;
    const asked = current();
    if (asked) [state.row, state.token] = [asked.row, asked.token];
  }
  changed("payload");
}
