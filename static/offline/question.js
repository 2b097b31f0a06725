// A question on the working page: its card with the boxes of its answer, and its mark in the map of questions.
"use strict";
(() => {
  const app = window.carequality;
  const { el, fill, paragraph, hidden, lines, linkButton } = app.elements;

  function lastAnswer({ last }) {
    if (!last) {
      return null;
    }
    const evidence = last.evidence ? [el("br"), lines(last.evidence)] : "";
    const when = el("strong", {}, `Last time, ${last.on}: `);
    return el("div", { class: "cq-last" }, paragraph(when, lines(last.in_words), evidence));
  }

  function markChip(chip, question, missing, isStopped) {
    const sign = isStopped ? "!" : missing ? "○" : "✓";
    const inWords = missing ? `Needs ${missing}.` : "Answered.";
    chip.classList.toggle("cq-chip--done", !missing);
    chip.classList.toggle("cq-chip--stopped", isStopped);
    fill(
      chip,
      question.number,
      el("span", { class: "cq-chip__sign", "aria-hidden": "true" }, sign),
      hidden(` ${question.text} ${inWords}${isStopped ? " Needs your decision." : ""}`),
    );
  }

  // `opened` is the visit; `counted` is called when what a question lacks may have changed.
  function create(opened, question, counted) {
    const written = () => {
      editor.written();
      mark();
    };
    const boxes = app.answer.boxes(question, written);
    const outcome = el("div", { class: "cq-question__fate" });
    const needs = el("span", {});
    const filed = el("ul", { class: "govuk-list cq-filed" });
    const addFile = () => app.files.add(opened, question);
    const chip = el("button", {
      type: "button",
      class: "cq-chip",
      title: question.text,
      onclick: () => app.jump(holder),
    });
    const holder = el(
      "div",
      { class: "cq-question", id: `question-${question.id}`, tabindex: "-1" },
      el(
        "p",
        { class: "govuk-body cq-muted govuk-!-margin-bottom-1" },
        `Question ${question.number}`,
        question.critical ? ", critical" : "",
        needs,
      ),
      boxes.value,
      lastAnswer(question),
      boxes.more,
      filed,
      el(
        "div",
        { class: "cq-question__foot" },
        linkButton("Add a photograph or document", addFile, `to question ${question.number}`),
        outcome,
      ),
    );
    const editor = new app.Editor({
      opened,
      name: `answer-${question.id}`,
      content: app.answerContent(question.id, question.answer),
      seen: question.answer ? question.answer.version : 0,
      // What was asked goes with the answer: another version of the template may not ask it.
      label: { number: question.number, text: question.text, options: question.options },
      read: boxes.read,
      write(next) {
        boxes.write(next);
        mark();
      },
      show(row) {
        app.outcome.show(editor, row, holder, outcome);
        // After the outcome: it says whether the question waits for a decision.
        mark();
      },
    });

    function mark() {
      const missing = app.answer.lacks(question, editor.read());
      holder.classList.toggle("cq-question--answered", !missing);
      needs.textContent = missing ? `: needs ${missing}` : "";
      markChip(chip, question, missing, holder.hasAttribute("data-stopped"));
      entry.lacks = missing;
      counted();
    }

    const entry = { question, holder, chip, editor, filed, lacks: "" };
    // Whoever moves on has finished: saved at once, without the pause.
    holder.addEventListener("focusout", () => editor.save());
    return entry;
  }

  app.question = { create };
})();
