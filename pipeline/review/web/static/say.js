// Sentences to the editor: what was refused, and whether all is saved.

const { t, element } = depesha;
let clearing = 0;

export function say(word, more = "") {
  const place = document.getElementById("message");
  place.replaceChildren(word ? element("p", { class: "problem" }, t(word), more ? ` ${more}` : "") : "");
  clearTimeout(clearing);
  const lasting = ["not_saved", "logged_out", "read_anew"].includes(word);
  if (word && !lasting) clearing = setTimeout(() => place.replaceChildren(), 6000);
}

export function told(how) {
  const place = document.getElementById("saved");
  place.dataset.how = how;
  // Its key stays with it: the word changes with the language of the page.
  place.replaceChildren(how === "waiting" ? "" : element("span", { "data-t": how }, t(how)));
  if (how === "waiting") say("not_saved");
  else if (how === "saved" && document.getElementById("message").textContent === t("not_saved")) {
    say("");
  }
}

// For those who do not see the page: the word in hand.
export function announce(text) {
  document.getElementById("live").textContent = text;
}
