// The scan: larger and smaller, dragged, inverted, with more contrast; the line in hand marked.

import { choose, shown, state } from "./state.js";

const { view } = depesha;
let zoom = 1;

export function draw() {
  depesha.scan.draw();
  for (const box of document.querySelectorAll("#scan rect.box")) {
    box.addEventListener("click", () => choose(Number(box.dataset.line)));
  }
  resize();
}

export function mark() {
  view.chosen = state.row;
  view.markChosen();
  const box = document.querySelector(`#scan rect[data-line="${state.row}"]`);
  const holder = document.getElementById("scan");
  if (!box || !shown().b) return;
  const place = box.getBoundingClientRect();
  const frame = holder.getBoundingClientRect();
  holder.scrollTop += place.top + place.height / 2 - frame.top - frame.height / 2;
  if (place.width < frame.width) return;
  holder.scrollLeft += place.left - frame.left - 20;
}

function resize() {
  for (const sheet of document.querySelectorAll("#scan .sheet")) {
    sheet.style.setProperty("width", `${100 * zoom}%`);
  }
}

export function larger(by) {
  zoom = Math.min(6, Math.max(0.5, zoom * by));
  resize();
  mark();
}

// Invert and contrast are for the scan and for the line in hand alike.
export function toggle(name) {
  const on = document.querySelector("main").classList.toggle(name);
  document.getElementById(name).setAttribute("aria-pressed", String(on));
}

export function start() {
  document.getElementById("zoom_in").addEventListener("click", () => larger(1.25));
  document.getElementById("zoom_out").addEventListener("click", () => larger(0.8));
  for (const name of ["invert", "contrast"]) {
    const button = document.getElementById(name);
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => toggle(name));
  }
  const holder = document.getElementById("scan");
  let from = null;
  holder.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0) {
      from = [event.clientX + holder.scrollLeft, event.clientY + holder.scrollTop];
    }
  });
  addEventListener("pointermove", (event) => {
    if (!from) return;
    holder.scrollLeft = from[0] - event.clientX;
    holder.scrollTop = from[1] - event.clientY;
  });
  addEventListener("pointerup", () => { from = null; });
}
