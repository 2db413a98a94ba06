// All documents: filters, search, and the way to where work pays most.

import { get } from "./talk.js";

const { element, t, say, number, percent } = depesha;
const COUNT = 50;
const form = document.getElementById("filters");
let start = 0;
let asked = 0;
let answer = null;
let hits = [];

function row(found) {
  const status = element("span", { class: `status-${found.status}` }, t("status_" + found.status));
  const marks = [
    found.questions ? element("span", { class: "again" }, ` ${t("questions_doubt")}: ${found.questions}`) : "",
    found.by_hand ? element("span", { class: "again" }, ` ${t("by_hand_doubt")}`) : ""];
  const name = found.status === "failed"
    ? element("bdi", { title: found.failed }, found.id)
    : element("a", { href: `/document/${found.key}` }, element("bdi", {}, found.id));
  const cell = (text, name_ = "") => element("td", { class: name_ }, text);
  return element("tr", {},
    element("th", { scope: "row" }, name),
    element("td", {}, status, marks),
    cell(`${found.done} / ${found.pages}`, "number"),
    cell(`${found.figures} · ${found.names} · ${found.rest}`, "number"),
    cell(number(Math.round(found.wrong * 10) / 10), "number"),
    cell(found.date), element("td", {}, element("bdi", {}, found.sender)));
}

function draw() {
  if (!answer) return;
  const { totals, rows, count, listed, of } = answer;
  document.getElementById("rows").replaceChildren(...rows.map(row));
  const growing = listed < of ? ` ${say("listing", { a: number(listed), b: number(of) })}` : "";
  document.getElementById("count").textContent =
    say("found_count", { a: number(count), b: number(totals.documents) }) + growing;
  document.getElementById("totals").textContent = say("totals_line", {
    a: number(totals.looked), b: number(totals.changed), c: number(Math.round(totals.seconds / 60)),
    d: number(Math.round(totals.wrong)), e: number(totals.words),
  });
  document.getElementById("audit").textContent = totals.interval === null
    ? t("audit_none")
    : say("audit_line", {
      a: number(totals.asked), b: number(totals.missed), c: percent(totals.rate, 1),
      d: percent(totals.interval[0], 1), e: percent(totals.interval[1], 1),
    });
  document.getElementById("earlier").disabled = start === 0;
  document.getElementById("later").disabled = start + COUNT >= count;
  drawHits();
  document.documentElement.dataset.ready = "list";
}

function drawHits() {
  const place = document.getElementById("hits");
  place.hidden = !form.elements.text.value.trim();
  const shown = hits.map((hit) => element("li", {},
    element("a", { href: `/document/${hit.key}#/page-${hit.page}` }, element("bdi", {}, hit.id), ` · ${t("page")} ${hit.page}`),
    element("p", { class: "typed-text", dir: "auto" }, hit.pieces.map(([text, found]) =>
      (found ? element("mark", {}, text) : text)))));
  const none = element("li", { class: "note" }, t("nothing_found"));
  document.getElementById("found").replaceChildren(...(shown.length ? shown : [none]));
}

async function fill() {
  asked += 1;
  const mine = asked;
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value) query.set(name, name === "over" ? Number(value) / 100 : value);
  }
  query.set("start", start);
  query.set("count", COUNT);
  const text = form.elements.text.value.trim();
  const [found, searched] = await Promise.all([
    get(`/api/documents?${query}`),
    text ? get(`/api/search?q=${encodeURIComponent(text)}`) : { found: [] }]);
  if (mine !== asked) return; // another was asked for meanwhile
  answer = found;
  hits = searched.found;
  draw();
  if (found.listed < found.of) setTimeout(() => { if (mine === asked) fill(); }, 1000);
}

let waiting = 0;
function soon() {
  clearTimeout(waiting);
  start = 0;
  waiting = setTimeout(fill, 150);
}

async function best(event) {
  event.preventDefault();
  const { key } = await get("/api/next");
  if (key) location.assign(`/document/${key}`);
}

depesha.start();
depesha.onChange.push(draw);
form.addEventListener("input", soon);
form.addEventListener("submit", (event) => { event.preventDefault(); fill(); });
document.getElementById("best").addEventListener("click", best);
document.getElementById("earlier").addEventListener("click", () => { start = Math.max(0, start - COUNT); fill(); });
document.getElementById("later").addEventListener("click", () => { start += COUNT; fill(); });
fill();
