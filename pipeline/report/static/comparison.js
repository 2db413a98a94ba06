"use strict";
// The comparison's table: [name, key, [[errors before, errors after, length] by level]].

depesha.comparison = ({ rows, level }) => {
  const { element, percent, number, state } = depesha;
  const LEVELS = ["strict", "typewriter", "reading"];
  const at = (row) => row[2][LEVELS.indexOf(state.level)];
  const rate = (place) => (row) => (at(row)[2] ? at(row)[place] / at(row)[2] : null);
  const added = (row) => at(row)[1] - at(row)[0];
  const direction = (row) => (added(row) > 0 ? "▲ +" : added(row) < 0 ? "▼ −" : "= ");
  state.level = level;
  depesha.start();
  depesha.table({
    rows,
    name: (row) => row[0],
    sort: { column: 3, down: true },
    columns: [
      {
        word: "document",
        value: (row) => row[0],
        show: (row) => (row[1]
          ? element("a", { href: "document.html#" + row[1] }, row[0])
          : row[0]),
      },
      { word: "first_run", value: rate(0), down: true, class: "number",
        show: (row) => percent(rate(0)(row)) },
      { word: "second_run", value: rate(1), down: true, class: "number",
        show: (row) => percent(rate(1)(row)) },
      {
        word: "added_errors", value: added, down: true, class: "number",
        show: (row) => direction(row) + number(Math.abs(added(row))),
      },
    ],
    filters: {
      worse: (row) => added(row) > 0,
      better: (row) => added(row) < 0,
      equal: (row) => added(row) === 0,
    },
  });
};
