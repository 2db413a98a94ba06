// The page of a document in work: fetches it and has the parts draw it.

import { get, Refused } from "./talk.js";
import { changed, choose, onChange, pageOf, queue, receive, state, take } from "./state.js";
import { say as tell } from "./say.js";
import * as asks from "./asks.js";
import * as commands from "./commands.js";
import * as fields from "./fields.js";
import * as hand from "./hand.js";
import * as keys from "./keys.js";
import * as lines from "./lines.js";
import * as scan from "./scan-tools.js";

const { element, t, say, view } = depesha;
const key = document.querySelector("main").dataset.key;

view.picture = (page) => page.src;
view.select = (place) => choose(place);
depesha.detail = { draw: () => hand.draw() };

function drawPage() {
  const page = pageOf();
  const many = state.payload.pages.length;
  const number = many > 1 ? `${say("page_of", { a: page.number, b: many })}: ` : "";
  const by = page.status === "looked" ? ` (${say("looked_by", { a: page.first })})` : "";
  document.getElementById("page-state").replaceChildren(
    element("span", { class: `status-${page.status}` }, `${number}${t("status_" + page.status)}${by}`),
    page.again ? element("span", { class: "again" }, ` ${t("page_again")}`) : "",
    page.note ? element("bdi", { class: "note" }, ` ${page.note}`) : "");
  const button = (word, onclick) => element("button", { type: "button", onclick }, t(word));
  const second = page.status === "looked" && page.first !== state.payload.user;
  const made = page.status === "open" || page.status === "problem"
    ? [button("page_done", commands.pageDone), button("page_problem", () => hand.type("problem"))]
    : [second ? button("page_check", commands.pageDone) : null,
      button("page_open", () => commands.page("open"))];
  document.getElementById("page-buttons").replaceChildren(...made.filter(Boolean));
}

function drawBar() {
  document.title = `${state.payload.data.id} · Depesha`;
  document.getElementById("title").textContent = state.payload.data.id;
  document.getElementById("undo").disabled = !state.payload.undo;
  document.getElementById("redo").disabled = !state.payload.redo;
}

function drawAll() {
  if (!state.payload) return;
  drawBar();
  depesha.notices.draw();
  scan.draw();
  lines.draw();
  fields.draw();
  asks.draw();
  drawHand();
  document.documentElement.dataset.ready = "work";
}

function drawHand() {
  if (!state.payload.lines.length) return;
  hand.draw();
  lines.mark();
  scan.mark();
  drawPage();
}

onChange((what) => {
  if (what === "payload") drawAll();
  else if (what === "asks") asks.draw();
  else if (state.payload) drawHand();
});

function startTabs() {
  for (const tab of document.querySelectorAll("[data-tab]")) {
    tab.addEventListener("click", () => view.openTab(tab.dataset.tab));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      event.stopPropagation();
      const other = [...document.querySelectorAll("[data-tab]")].find((one) => one !== tab);
      view.openTab(other.dataset.tab);
      other.focus();
    });
  }
}

function start() {
  depesha.start();
  depesha.onChange.push(drawAll);
  scan.start();
  keys.start();
  startTabs();
  document.getElementById("undo").addEventListener("click", commands.undo);
  document.getElementById("redo").addEventListener("click", commands.redo);
  document.getElementById("help-button").addEventListener("click", keys.help);
  document.getElementById("next-document").addEventListener("click", keys.nextDocument);
  document.getElementById("order").addEventListener("change", (event) => {
    state.order = event.target.value;
    event.target.blur();
    changed("hand");
  });
  addEventListener("beforeunload", (event) => { if (commands.unsaved()) event.preventDefault(); });
}

async function load() {
  try {
    const payload = await get(`/api/documents/${key}`);
    receive(payload);
    const wanted = decodeURIComponent(location.hash.replace(/^#\/?/, ""));
    const row = payload.lines.findIndex((one) => one.head === wanted);
    const page = payload.data.lines.findIndex((one) =>
      `page-${payload.pages[one.p || 0].number}` === wanted);
    if (row >= 0) choose(row);
    else if (page >= 0) choose(page);
    else take(queue()[0] || null);
    document.getElementById("panel-transcript").focus({ preventScroll: true });
    hand.recall();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell(error.status === 401 ? "logged_out" : error.body.error, error.body.message);
    document.documentElement.dataset.ready = "failed";
  }
}

start();
load();
