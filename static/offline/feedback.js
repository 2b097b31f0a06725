// The feedback sheet: what the manager of the service is told before the officer leaves.
"use strict";
(() => {
  const app = window.carequality;
  const { el, paragraph, group, label, hint, textArea, put } = app.elements;
  const { NO_NAMES } = app.words;

  function boxes(written) {
    const areas = {
      good: textArea("feedback-good", "What was good", 3, "", written),
      change_now: textArea("feedback-change", "What must change immediately", 3, "", written),
      next_steps: textArea("feedback-next", "What happens next", 3, "", written),
    };
    const to = el("input", {
      class: "govuk-input",
      id: "feedback-to",
      "aria-describedby": "feedback-to-hint",
      maxlength: "120",
      oninput: written,
    });
    const example = hint("feedback-to-hint", "Enter their post, for example deputy manager");
    return {
      groups: [
        Object.values(areas).map((area) => area.group),
        group(label("feedback-to", "Who did you give it to?"), example, to),
      ],
      read: () => ({
        ...Object.fromEntries(Object.entries(areas).map(([name, area]) => [name, area.box.value])),
        given_to: to.value,
      }),
      write(next) {
        Object.entries(areas).forEach(([name, area]) => put(area.box, next[name]));
        put(to, next.given_to);
      },
    };
  }

  function part(opened) {
    const { groups, read, write } = boxes(() => editor.written());
    const outcome = el("div", { class: "cq-question__fate" });
    const holder = el(
      "section",
      { class: "cq-feedback", "aria-labelledby": "feedback-sheet", tabindex: "-1" },
      el("h2", { class: "govuk-heading-m", id: "feedback-sheet" }, "Feedback sheet for the manager"),
      paragraph(`Write what you tell the manager before you leave. Do not mention a score. ${NO_NAMES}`),
      groups,
      outcome,
    );
    const { version, ...content } = opened.visit.feedback;
    const editor = new app.Editor({
      opened,
      name: "feedback",
      content,
      seen: version,
      read,
      write,
      show: (row) => app.outcome.show(editor, row, holder, outcome),
    });
    holder.addEventListener("focusout", () => editor.save());
    opened.editors.set("feedback", editor);
    return holder;
  }

  app.feedback = { part };
})();
