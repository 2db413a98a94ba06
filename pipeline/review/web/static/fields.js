// The fields of the form: each is corrected beside its place on the scan.

import { state } from "./state.js";
import * as commands from "./commands.js";

const { element, t, view, percent } = depesha;

// The part of the scan that the field was read from.
function place(field) {
  const page = state.payload.data.pages[field.p];
  if (!field.b || !page || !page.src) return "";
  const [left, top, width, height] = field.b;
  const pad = Math.round(height * 0.4);
  const box = [left - pad, top - pad, width + 2 * pad, height + 2 * pad];
  const drawn = element("svg", {
    viewBox: box.join(" "), class: "strip small", role: "img", "aria-label": field.raw,
  });
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "image");
  picture.setAttribute("href", view.picture(page));
  picture.setAttribute("width", page.w);
  picture.setAttribute("height", page.h);
  drawn.append(picture);
  drawn.style.setProperty("--shape", String(box[2] / box[3]));
  return drawn;
}

const nameOf = (field) => t("field_" + field.name)
  + (field.number === null ? "" : ` · ${t("field_copy")} ${field.number}`)
  + (field.telegram ? ` · ${field.telegram}` : "");

function row(field) {
  const input = element("input", {
    class: "typed-in", "aria-label": nameOf(field), dir: "auto", autocomplete: "off",
    maxlength: 500, "data-field": field.key,
  });
  input.value = field.value;
  let known = field.value;
  const save = () => {
    if (input.value.trim() === known) return;
    known = input.value.trim();
    commands.field(field, known);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    save();
    const all = [...document.querySelectorAll("[data-field]")];
    const next = all[all.indexOf(input) + 1];
    if (next) next.focus();
  });
  input.addEventListener("change", save);
  return element("div", { class: "field" },
    element("p", {}, element("strong", {}, nameOf(field)), " ",
      element("span", { class: "note" }, field.c === null ? "" : percent(field.c, 0))),
    place(field), input,
    element("p", { class: "note" }, `${t("field_read")}: `, element("bdi", {}, field.raw || "–")));
}

function adding() {
  const names = element("select", { id: "new-field", "aria-label": t("field_kind") },
    state.payload.field_names.map((name) => element("option", { value: name }, t("field_" + name))));
  const number = element("input", {
    type: "number", min: 1, max: 99, class: "number-in", "aria-label": t("field_copy"),
  });
  const value = element("input", { class: "typed-in", "aria-label": t("field_value"), maxlength: 500 });
  const add = () => {
    const copy = names.value === "copy_list" && number.value ? String(Number(number.value)) : "";
    const key = `field:${names.value}:${copy}:`;
    if (value.value.trim()) commands.field({ key, seen: 0 }, value.value);
  };
  value.addEventListener("keydown", (event) => { if (event.key === "Enter") add(); });
  return element("div", { class: "field adding" },
    element("p", {}, element("strong", {}, t("add_field"))), names, number, value,
    element("button", { type: "button", onclick: add }, t("add_field")));
}

export function draw() {
  const active = document.activeElement && document.activeElement.dataset.field;
  const none = state.payload.fields.length ? "" : element("p", { class: "note" }, t("no_fields"));
  view.panel("fields").replaceChildren(none, ...state.payload.fields.map(row), adding());
  const again = active && document.querySelector(`[data-field="${CSS.escape(active)}"]`);
  if (again) again.focus();
}
