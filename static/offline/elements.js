// Builds the elements of a page in the classes of the GOV.UK design system. What stands in them is set as text, never
// as markup: whatever somebody types stays a text, and the content security policy needs no exception.
"use strict";
(() => {
  const present = (inside) =>
    inside.flat(Infinity).filter((part) => part !== null && part !== undefined && part !== "");

  // el("p", { class: "govuk-body" }, "words", el("strong", {}, "more")). What is null or "" is left out.
  function el(tag, attributes = {}, ...inside) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) {
        element.addEventListener(name.slice(2), value);
      } else if (value === true) {
        element.setAttribute(name, "");
      } else if (value !== false && value !== null && value !== undefined) {
        element.setAttribute(name, value);
      }
    }
    element.append(...present(inside));
    return element;
  }

  const fill = (element, ...inside) => element.replaceChildren(...present(inside));
  const paragraph = (...inside) => el("p", { class: "govuk-body" }, inside);
  const muted = (...inside) => el("p", { class: "govuk-body cq-muted" }, inside);
  const hidden = (text) => el("span", { class: "govuk-visually-hidden" }, text);
  const link = (address, text) => el("a", { class: "govuk-link", href: address }, text);
  const lines = (text) => text.split("\n").flatMap((line, place) => (place ? [el("br"), line] : [line]));
  const errorMessage = () => el("p", { class: "govuk-error-message", role: "alert" });

  function button(inside, onclick, kind = "", more = {}) {
    const style = ["govuk-button", kind && `govuk-button--${kind}`, more.class].filter(Boolean).join(" ");
    return el("button", { type: "button", onclick, ...more, class: style }, inside);
  }

  // A button that looks like a link. `about` says to a screen reader what it is about.
  const linkButton = (text, onclick, about = "") =>
    el("button", { type: "button", class: "cq-question__finding", onclick }, text, about && hidden(` ${about}`));

  const buttons = (...inside) => el("div", { class: "govuk-button-group" }, inside);
  const label = (id, text, more = "") => el("label", { class: `govuk-label ${more}`.trim(), for: id }, text);
  const hint = (id, ...inside) => el("div", { class: "govuk-hint", id }, inside);
  const group = (...inside) => el("div", { class: "govuk-form-group" }, inside);

  function textArea(id, text, rows, value, oninput) {
    const box = el("textarea", { class: "govuk-textarea", id, rows: String(rows), oninput });
    box.value = value;
    return { box, group: group(label(id, text), box) };
  }

  function checkbox(id, text, onchange) {
    const box = el("input", { class: "govuk-checkboxes__input", type: "checkbox", id, onchange });
    const item = el("div", { class: "govuk-checkboxes__item" }, box, label(id, text, "govuk-checkboxes__label"));
    return { box, group: el("div", { class: "govuk-checkboxes govuk-checkboxes--small" }, item) };
  }

  function fold(summary, ...inside) {
    const text = el("span", { class: "govuk-details__summary-text" }, summary);
    return el(
      "details",
      { class: "govuk-details" },
      el("summary", { class: "govuk-details__summary" }, text),
      el("div", { class: "govuk-details__text" }, inside),
    );
  }

  // What is being typed keeps its cursor: a box is written only when it holds something else, and the cursor stays
  // behind the same letters, whether text came in before them or after.
  function put(box, text) {
    const old = box.value;
    if (old === text) {
      return;
    }
    const at = document.activeElement === box ? box.selectionStart : null;
    box.value = text;
    if (at !== null) {
      const place = window.carequality.merging.moved(old, text, at);
      box.setSelectionRange(place, place);
    }
  }

  window.carequality.elements = {
    el,
    fill,
    paragraph,
    muted,
    hidden,
    link,
    lines,
    errorMessage,
    button,
    linkButton,
    buttons,
    label,
    hint,
    group,
    textArea,
    checkbox,
    fold,
    put,
  };
})();
