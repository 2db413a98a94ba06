// What is asked beside the doubts: decisions that fit no line any more, two people on one line, a
// transcript that was changed in a text editor.

import { changed, state } from "./state.js";
import * as commands from "./commands.js";

const { element, t, say } = depesha;
let open = null; // {theirs, mine, build, act}: a save that somebody else was quicker than

export function conflict(body, build, act) {
  const theirs = body.theirs[0];
  const mine = body.mine[0];
  const equal = theirs && mine && JSON.stringify(theirs.state) === JSON.stringify(mine.state);
  open = equal ? null : { theirs, mine, build, act };
  reload();
}

async function reload() {
  const { get } = await import("./talk.js");
  const { receive } = await import("./state.js");
  receive(await get(`/api/documents/${state.payload.key}`));
  changed("asks");
}

const shownState = (found) => {
  if (!found) return "–";
  const parts = Object.entries(found.state).map(([name, value]) =>
    (name === "text" ? value : `${name}: ${JSON.stringify(value)}`));
  return parts.join(" · ") || t("as_it_stands");
};

const button = (word, onclick) => element("button", { type: "button", onclick }, t(word));

function drawConflict() {
  if (!open) return null;
  const { theirs, mine, build, act } = open;
  const end = () => { open = null; changed("asks"); };
  return element("div", { class: "ask conflict", role: "alert" },
    element("p", {}, element("strong", {}, t("conflict_title"))),
    element("p", {}, say("theirs", { a: theirs ? theirs.user : "" }), ": ",
      element("bdi", {}, shownState(theirs))),
    element("p", {}, t("mine"), ": ", element("bdi", {}, shownState(mine))),
    element("p", {}, button("keep_theirs", end),
      button("take_mine", () => { end(); act(build); })));
}

function drawQuestion(question) {
  const said = question.said === null
    ? [question.verdict, question.kind && t("kind_" + question.kind)].filter(Boolean).join(", ")
    : question.said;
  return element("div", { class: "ask" },
    element("p", {}, element("strong", {}, t("question_title")), ` · ${t("page")} ${question.page}`),
    element("p", {}, t("question_read"), ": ", element("bdi", { class: "typed-text" }, question.read)),
    element("p", {}, t("question_said"), ": ", element("bdi", { class: "typed-text" }, said || "–")),
    question.approved
      ? element("p", { class: "note" }, t("question_page"))
      : element("p", {}, button("put_here", () => commands.putHere(question)),
        button("set_aside", () => commands.setAside(question))));
}

export function draw() {
  const { questions, by_hand: byHand } = state.payload;
  const hand = byHand
    ? element("div", { class: "ask" }, element("p", {}, t("by_hand_notice"), " ",
      button("take_it_in", commands.takeIn)))
    : null;
  const parts = [drawConflict(), hand, ...questions.map(drawQuestion)].filter(Boolean);
  document.getElementById("asks").replaceChildren(...parts);
}
