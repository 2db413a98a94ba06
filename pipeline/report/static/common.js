"use strict";
// What all pages share: making elements from text, words in two languages, numbers, level, theme.
// Text from data only ever becomes text nodes and attributes, never markup.

const depesha = (() => {
  const state = { words: {}, phrases: [], language: "en", follows: false, level: "reading" };
  const onChange = [];

  // A choice that is kept. The editor's page has another port each time, and storage of its own for
  // each: cookies are of all ports. Pages from the disk have no cookies.
  const served = location.protocol.startsWith("http");

  function stored(name, value) {
    const key = "depesha-" + name;
    // Private windows may refuse storage; the choice then lasts as long as the page.
    try {
      if (served && value !== undefined) {
        document.cookie = `${key}=${value}; path=/; max-age=31536000; samesite=strict`;
      } else if (served) {
        const found = document.cookie.split("; ").find((one) => one.startsWith(key + "="));
        return found ? found.slice(key.length + 1) : null;
      } else if (value === undefined) return localStorage.getItem(key);
      else localStorage.setItem(key, value);
    } catch { /* no storage */ }
    return null;
  }

  const ofBrowser = () => (navigator.languages || []).map((tag) => tag.slice(0, 2).toLowerCase())
    .find((language) => state.words[language]);

  function element(name, attributes, ...children) {
    const svg = ["svg", "rect", "g", "title", "path"].includes(name);
    const made = svg
      ? document.createElementNS("http://www.w3.org/2000/svg", name)
      : document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else made.setAttribute(key, value === true ? "" : String(value));
    }
    for (const child of children.flat()) {
      if (child !== null && child !== undefined && child !== false) {
        made.append(child instanceof Node ? child : String(child));
      }
    }
    return made;
  }

  const t = (key) => (state.words[state.language] || {})[key] || key;

  function say(key, values) {
    return t(key).replace(/\{(\w+)\}/g, (all, name) => values[name]);
  }

  function number(value) {
    return new Intl.NumberFormat(state.language).format(value);
  }

  function percent(value, digits = 2) {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    return new Intl.NumberFormat(state.language, {
      style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits,
    }).format(value).replace("-", "−");
  }

  function translate(root) {
    for (const item of root.querySelectorAll("[data-t]")) item.textContent = t(item.dataset.t);
    for (const item of root.querySelectorAll("[data-phrase]")) {
      item.dataset.phrase = item.dataset.phrase || item.textContent;
      item.textContent = depesha.phrase(item.dataset.phrase);
    }
    for (const item of root.querySelectorAll("[data-placeholder]")) {
      item.placeholder = t(item.dataset.placeholder);
      item.setAttribute("aria-label", item.placeholder);
    }
    for (const item of root.querySelectorAll("[data-n]")) {
      const value = Number(item.dataset.n);
      const kind = item.dataset.f;
      item.textContent = kind === "n" ? number(value) : percent(value, Number(kind.slice(1)));
    }
  }

  function changed() {
    for (const listener of onChange) listener();
  }

  function setLanguage(language) {
    state.language = language;
    document.documentElement.lang = language;
    translate(document);
    changed();
  }

  function setLevel(level) {
    state.level = level;
    for (const part of document.querySelectorAll(".at-level")) {
      part.hidden = part.dataset.level !== level;
    }
    for (const button of document.querySelectorAll("[data-set-level]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setLevel === level));
    }
    changed();
  }

  const themes = ["auto", "light", "dark"];

  function setTheme(theme) {
    document.documentElement.dataset.theme = themes.includes(theme) ? theme : "auto";
  }

  function start() {
    setTheme(stored("theme"));
    document.getElementById("language-button").addEventListener("click", () => {
      setLanguage(state.language === "en" ? "ru" : "en");
      stored("language", state.language);
    });
    document.getElementById("theme-button").addEventListener("click", () => {
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      const theme = document.documentElement.dataset.theme;
      const now = theme === "auto" ? (dark ? "dark" : "light") : theme;
      setTheme(now === "dark" ? "light" : "dark");
      stored("theme", document.documentElement.dataset.theme);
    });
    document.getElementById("print-button").addEventListener("click", () => print());
    for (const button of document.querySelectorAll("[data-set-level]")) {
      button.addEventListener("click", () => setLevel(button.dataset.setLevel));
    }
    const holder = document.querySelector(".levels");
    if (holder) setLevel(holder.dataset.level);
    document.addEventListener("keydown", (event) => {
      const search = document.getElementById("search");
      if (event.key === "/" && search && document.activeElement !== search) {
        event.preventDefault();
        search.focus();
      }
    });
    if (state.language !== "en") translate(document);
    const chosen = stored("language") || (state.follows && ofBrowser());
    if (chosen && chosen !== state.language && state.words[chosen]) setLanguage(chosen);
  }

  return {
    state, element, t, say, number, percent, start, onChange,
    words(data) {
      state.words = data.words;
      state.phrases = data.phrases || [];
      state.follows = data.first === "auto";
      state.language = document.documentElement.lang;
    },
  };
})();
