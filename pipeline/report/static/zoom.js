"use strict";
// The scan larger and smaller, and moved by dragging: buttons, Ctrl and the wheel, + - 0.

(() => {
  const { element, t } = depesha;
  const STEPS = [0.5, 0.75, 1, 1.5, 2, 3, 4, 6];
  let scale = 1;
  let dragged = false;
  let started = false;
  const holder = () => document.getElementById("scan");

  // What stands at (x, y) of the window stays there.
  function zoomTo(wanted, x, y) {
    const box = holder();
    const place = box.getBoundingClientRect();
    const [across, down] = [(x ?? place.left + place.width / 2) - place.left,
      (y ?? place.top + place.height / 2) - place.top];
    const before = [(box.scrollLeft + across) / scale, (box.scrollTop + down) / scale];
    scale = wanted;
    box.style.setProperty("--zoom", String(scale));
    box.scrollLeft = before[0] * scale - across;
    box.scrollTop = before[1] * scale - down;
  }

  function step(by, x, y) {
    const at = STEPS.reduce((best, value, index) =>
      (Math.abs(value - scale) < Math.abs(STEPS[best] - scale) ? index : best), 0);
    zoomTo(STEPS[Math.max(0, Math.min(STEPS.length - 1, at + by))], x, y);
  }

  function drag(event) {
    if (event.button !== 0 || event.pointerType === "touch") return;
    const box = holder();
    const from = { x: event.clientX, y: event.clientY, left: box.scrollLeft, top: box.scrollTop };
    dragged = false;
    const move = (at) => {
      const [dx, dy] = [at.clientX - from.x, at.clientY - from.y];
      if (!dragged && Math.hypot(dx, dy) < 4) return;
      dragged = true;
      box.classList.add("dragging");
      box.scrollLeft = from.left - dx;
      box.scrollTop = from.top - dy;
    };
    const end = () => {
      removeEventListener("pointermove", move);
      box.classList.remove("dragging");
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end, { once: true });
  }

  function start() {
    drawButtons();
    if (started) return;
    started = true;
    const box = holder();
    box.addEventListener("pointerdown", drag);
    // A drag is no click on the line under it.
    box.addEventListener("click", (event) => {
      if (dragged) event.stopPropagation();
      dragged = false;
    }, true);
    box.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      step(event.deltaY < 0 ? 1 : -1, event.clientX, event.clientY);
    }, { passive: false });
  }

  function drawButtons() {
    const button = (word, sign, onclick) => element("button", {
      type: "button", class: "zoom", onclick, title: t(word), "aria-label": t(word),
    }, sign);
    document.getElementById("zoom").replaceChildren(
      button("zoom_out", "−", () => step(-1)),
      button("zoom_in", "+", () => step(1)),
      button("zoom_fit", "↔", () => zoomTo(1)));
  }

  depesha.zoom = { start, step, fit: () => zoomTo(1) };
})();
