"use strict";
// What went wrong with a document, and what a person should look at: above all else on its page.

(() => {
  const { element, phrase, t, view } = depesha;

  const onPage = (number) => (number ? `${t("page")} ${number}: ` : "");

  function draw() {
    const problems = view.data.problems.map(([code, message, page]) =>
      element("p", { class: "problem" },
        element("strong", {}, onPage(page), message), " ", element("code", {}, code)));
    const findings = view.data.findings.map(([code, message, advice, page]) =>
      element("p", { class: "finding" },
        element("strong", {}, onPage(page), phrase(message)), advice ? ` → ${phrase(advice)}` : "", " ",
        element("code", {}, code)));
    document.getElementById("notices").replaceChildren(...problems, ...findings);
  }

  depesha.notices = { draw };
})();
