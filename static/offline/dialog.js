// A dialog over the page, so that the place in it is not lost; and one that asks before something is deleted.
"use strict";
(() => {
  const { el, paragraph, button, buttons } = window.carequality.elements;

  // Each has an id of its own: two may be open for a moment, while one gives way to the next.
  function open(title, ...inside) {
    const id = `dialog-${crypto.randomUUID()}`;
    const heading = el("h2", { class: "govuk-heading-m", id, tabindex: "-1", autofocus: true }, title);
    const box = el("dialog", { class: "cq-dialog", "aria-labelledby": id }, heading, inside);
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
    return box;
  }

  // What is only on this device is gone for good when it is deleted, so its writer says so twice.
  function confirmDelete(what, act, more = "") {
    const box = open(
      `Delete ${what}?`,
      paragraph(`It is saved only on this device. You cannot get it back. ${more}`.trim()),
      buttons(
        button(`Delete ${what}`, () => box.close() || act(), "warning"),
        button(`Keep ${what}`, () => box.close(), "secondary"),
      ),
    );
  }

  window.carequality.dialogs = { open, confirmDelete };
})();
