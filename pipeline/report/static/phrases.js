"use strict";
// What the stages wrote in English (reasons, corrections, findings) in the page's language.
// The pairs are those of pipeline/report/phrases.toml; what is not among them stays as it is.

(() => {
  const { state } = depesha;
  let table = null;
  const known = new Map();

  function made(english, russian) {
    const parts = english.split(/\{\d\}/u).map((part) => part.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&"));
    const pattern = new RegExp(`^${parts.join("(.+?)")}$`, "su");
    return { pattern, russian, fixed: english.replace(/\{\d\}/gu, "").length };
  }

  function translated(text) {
    table = table || state.phrases.map(([english, russian]) => made(english, russian))
      .sort((a, b) => b.fixed - a.fixed);
    for (const { pattern, russian } of table) {
      const found = pattern.exec(text);
      if (found) return russian.replace(/\{(\d)\}/gu, (all, place) => phrase(found[Number(place)]));
    }
    const word = (key) => state.words.ru[key];
    return word("kind_" + text.replaceAll(" ", "_")) || word(text + "_verdict") || text;
  }

  function phrase(text) {
    if (state.language !== "ru") return text;
    if (!known.has(text)) known.set(text, translated(text));
    return known.get(text);
  }

  depesha.phrase = phrase;
})();
