// The line in hand on the scan: large, its neighbours dimmed, the word in hand framed.

import { shown, state, line, words } from "./state.js";

const { element, view } = depesha;

function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export function drawStrip() {
  const data = shown();
  const page = state.payload.data.pages[data.p || 0];
  if (!page.src || !data.b) return null;
  const [left, top, width, height] = data.b;
  const around = Math.round(height * 0.9);
  const side = Math.round(height * 0.6);
  const box = [left - side, top - around, width + 2 * side, height + 2 * around];
  const drawn = element("svg", {
    viewBox: box.join(" "), class: "strip", role: "img", "aria-label": line().text,
  });
  const picture = shape("image", { width: page.w, height: page.h, href: view.picture(page) });
  const margin = Math.round(height * 0.18);
  const above = { x: box[0], y: box[1], width: box[2], height: around - margin, class: "dim" };
  const below = { ...above, y: top + height + margin };
  drawn.append(picture, shape("rect", above), shape("rect", below), spot(data));
  drawn.style.setProperty("--shape", String(box[2] / box[3]));
  return drawn;
}

// The typewriter's fixed pitch makes places in the text places on the sheet.
function spot(data) {
  const text = line().text;
  const word = words(text)[state.token];
  const [left, top, width, height] = data.b;
  if (!word || text.includes("\n")) return shape("rect", { class: "spot", width: 0, height: 0 });
  const pitch = width / Math.max(1, text.length);
  return shape("rect", {
    class: "spot", x: left + word.start * pitch - pitch * 0.3, y: top - 3,
    width: (word.end - word.start) * pitch + pitch * 0.6, height: height + 6,
  });
}
