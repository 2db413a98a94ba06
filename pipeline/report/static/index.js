"use strict";
// The index: one row per document, as pipeline/report/entry.py (row_data) writes them:
// name, key, status, pages, kept, dropped, unsure, lost (-1: unknown),
// [[errors, length, word errors, words] by level], [errors of all read by level], problems and
// findings (each a list of sentences), expected error rate (-1: unknown).

depesha.index = ({ rows, level }) => {
  const { element, t, number, percent, state } = depesha;
  const LEVELS = ["strict", "typewriter", "reading"];
  const STATUS = ["ok", "check", "partial", "failed"];
  const at = (row) => row[8][LEVELS.indexOf(state.level)];
  const rate = (errors, length) => (length ? errors / length : null);
  const cer = (row) => (at(row) ? rate(at(row)[0], at(row)[1]) : null);
  const wer = (row) => (at(row) ? rate(at(row)[2], at(row)[3]) : null);
  const raw = (row) => {
    const errors = row[9][LEVELS.indexOf(state.level)];
    return errors === undefined || errors < 0 ? null : rate(errors, at(row)[1]);
  };
  const known = (value) => (value < 0 ? null : value);
  state.level = level;

  const said = (row) => row[10].map((parts) => parts.map(depesha.phrase).join(": ")).join("; ");
  const link = (row) => (row[1]
    ? element("a", { href: "document.html#" + row[1] }, row[0])
    : element("span", { title: said(row) }, row[0]));
  const count = (place) => ({
    value: (row) => row[place], show: (row) => number(row[place]), down: true,
    class: "number minor",
  });
  const share = (value, extra) => ({
    value, show: (row) => percent(value(row)), down: true, class: "number " + (extra || ""),
  });
  const meter = (row) => {
    const value = cer(row);
    const bar = element("span", { class: "meter", "aria-hidden": "true" });
    bar.style.setProperty("--share", String(Math.min(1, value || 0)));
    return value === null ? "–" : [bar, percent(value)];
  };

  const columns = [
    { word: "document", value: (row) => row[0], show: link },
    {
      word: "status",
      value: (row) => row[2],
      show: (row) => element("span", {
        class: "status " + STATUS[row[2]], title: said(row) || null,
      }, t(STATUS[row[2]])),
      down: true,
    },
    { word: "pages", ...count(3) },
    { word: "kept", ...count(4) },
    { word: "dropped", ...count(5) },
    { word: "unsure", ...count(6) },
  ];
  if (rows.some((row) => row[11] >= 0)) {
    columns.push({ word: "expected_error", ...share((row) => known(row[11]), "less") });
  }
  if (rows.some((row) => row[8].length)) {
    if (rows.some((row) => row[7] >= 0)) {
      columns.push({
        word: "lost", value: (row) => known(row[7]), down: true, class: "number less",
        show: (row) => (row[7] < 0 ? "–" : number(row[7])),
      });
    }
    if (rows.some((row) => row[9].some((errors) => errors >= 0))) {
      columns.push({ word: "cer_raw_short", ...share(raw, "less") });
    }
    columns.push({ word: "cer_short", ...share(cer, "wide"), show: meter });
    columns.push({ word: "wer_short", ...share(wer) });
  }
  depesha.start();
  depesha.table({
    columns,
    rows,
    name: (row) => row[0],
    filters: {
      with_errors: (row) => cer(row) > 0,
      with_unsure: (row) => row[6] > 0,
      with_loss: (row) => row[7] > 0,
      with_problems: (row) => row[2] > 0,
    },
  });
};
