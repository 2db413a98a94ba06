"use strict";
// A table of many rows: sorted, filtered, searched; rows are made as they are scrolled to.

depesha.table = ({ columns, rows, filters, name, sort }) => {
  const { element, t, say, number, state } = depesha;
  const CHUNK = 150;
  const head = document.getElementById("columns");
  const body = document.getElementById("rows");
  const search = document.getElementById("search");
  const filter = document.getElementById("filter");
  const more = document.getElementById("more");
  let order = sort || { column: 0, down: false };
  let found = rows;
  let made = 0;

  const fold = (text) => text.normalize("NFC").toLocaleLowerCase("ru").replaceAll("ё", "е");
  const folded = rows.map((row) => fold(name(row)));
  const collator = new Intl.Collator("ru", { numeric: true });

  function compare(a, b) {
    const value = columns[order.column].value;
    const [x, y] = [value(a), value(b)];
    let result;
    if (x === y) result = 0;
    else if (x === null) return 1; // unknown always comes last
    else if (y === null) return -1;
    else result = typeof x === "string" ? collator.compare(x, y) : x - y;
    if (result === 0) return collator.compare(name(a), name(b));
    return order.down ? -result : result;
  }

  function choose() {
    const wanted = fold(search.value.trim());
    const passes = filters[filter.value] || (() => true);
    found = rows.filter((row, index) => passes(row) && folded[index].includes(wanted));
    found.sort(compare);
    made = 0;
    body.replaceChildren();
    grow();
    document.getElementById("shown").textContent =
      say("shown", { a: number(found.length), b: number(rows.length) });
  }

  function grow(size = CHUNK) {
    const next = found.slice(made, made + size);
    body.append(...next.map((row) => element("tr", {}, columns.map((column, index) =>
      element(index ? "td" : "th", { scope: index ? null : "row", class: column.class },
        column.show(row))))));
    made += next.length;
    more.hidden = made >= found.length;
  }

  function heads() {
    head.replaceChildren(...columns.map((column, index) => {
      const sorted = index === order.column;
      const arrow = sorted ? (order.down ? " ↓" : " ↑") : "";
      const button = element("button", {
        type: "button",
        onclick: () => {
          order = { column: index, down: sorted ? !order.down : Boolean(column.down) };
          heads();
          choose();
          head.querySelectorAll("button")[index].focus();
        },
      }, t(column.word) + arrow);
      const direction = sorted ? (order.down ? "descending" : "ascending") : "none";
      return element("th", { scope: "col", "aria-sort": direction, class: column.class }, button);
    }));
  }

  search.addEventListener("input", choose);
  filter.addEventListener("change", choose);
  more.addEventListener("click", () => grow());
  new IntersectionObserver((seen) => {
    if (seen.some((item) => item.isIntersecting) && made < found.length) grow();
  }, { rootMargin: "600px" }).observe(more);
  addEventListener("beforeprint", () => grow(found.length));
  depesha.onChange.push(() => { heads(); choose(); });
  heads();
  choose();
  depesha.allRows = () => grow(found.length);
  depesha.save.addButtons();
  document.documentElement.dataset.ready = String(state.level);
};
