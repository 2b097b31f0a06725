// The answer to a question: the boxes that it is written in, what it lacks, and its evidence in words.
"use strict";
(() => {
  const app = window.carequality;
  const { el, fold, hint, label, lines, group, textArea, checkbox, put } = app.elements;
  const NOT_APPLICABLE = "not-applicable";
  const WHAT_WAS_SEEN = "seen";

  // Where evidence comes from, as the server names it: the label of its box, and how it is shown.
  const SOURCES = [
    { source: WHAT_WAS_SEEN, text: "Evidence: what you saw", shown: "Seen" },
    { source: "records", text: "From records" },
    { source: "staff", text: "From staff" },
    {
      source: "people",
      text: "From people who use the service (Person A, Person B)",
      shown: "From people who use the service",
    },
    { source: "relatives", text: "From relatives" },
  ];

  function evidenceInWords({ sources = {}, note = "" }) {
    const given = SOURCES.filter(({ source }) => sources[source]);
    const evidence = given.map(({ source, text, shown }) => `${shown || text}: ${sources[source]}`);
    return [...evidence, ...(note ? [`Note: ${note}`] : [])].join("\n");
  }

  // What keeps the visit from being completed, as the server counts it: "" when nothing does. A question that asks for
  // a text may be left empty; what does not apply needs no evidence.
  function lacks(question, { value, not_applicable: isNotApplicable, sources }) {
    if (question.kind !== "text" && !isNotApplicable && value.trim() === "") {
      return "an answer";
    }
    const hasEvidence = Object.values(sources).some((text) => text.trim() !== "");
    return question.evidence_required && !isNotApplicable && !hasEvidence ? "evidence" : "";
  }

  function guidance(question, id) {
    return question.guidance ? hint(`${id}-hint`, lines(question.guidance)) : null;
  }

  function radios(question, id, written) {
    const about = guidance(question, id);
    const none = question.not_applicable ? [[NOT_APPLICABLE, "Not applicable"]] : [];
    const inputs = [];
    const items = [...question.options, ...none].map(([value, text], place) => {
      const own = { id: `${id}-${place}`, name: id, value, onchange: written };
      const input = el("input", { class: "govuk-radios__input", type: "radio", ...own });
      inputs.push(input);
      return el("div", { class: "govuk-radios__item" }, input, label(own.id, text, "govuk-radios__label"));
    });
    const fieldset = el(
      "fieldset",
      { class: "govuk-fieldset", "aria-describedby": about?.id },
      el("legend", { class: "govuk-fieldset__legend govuk-fieldset__legend--s" }, question.text),
      about,
      el("div", { class: "govuk-radios govuk-radios--small govuk-radios--inline" }, items),
    );
    return {
      group: group(fieldset),
      read() {
        const value = inputs.find((input) => input.checked)?.value || "";
        return value === NOT_APPLICABLE ? { value: "", not_applicable: true } : { value, not_applicable: false };
      },
      write({ value, not_applicable: isNotApplicable }) {
        inputs.forEach((input) => {
          input.checked = input.value === (isNotApplicable ? NOT_APPLICABLE : value);
        });
      },
    };
  }

  function inputOf(question, attributes) {
    if (question.kind === "text") {
      return el("textarea", { class: "govuk-textarea", rows: "3", ...attributes });
    }
    return question.kind === "date"
      ? el("input", { class: "govuk-input govuk-input--width-10", type: "date", ...attributes })
      : el("input", { class: "govuk-input govuk-input--width-5", type: "text", inputmode: "decimal", ...attributes });
  }

  function singleBox(question, id, written) {
    const about = guidance(question, id);
    const box = inputOf(question, { id, "aria-describedby": about?.id, oninput: written });
    const none = question.not_applicable ? checkbox(`${id}-na`, "Not applicable", written) : null;
    const isNone = () => Boolean(none?.box.checked);
    return {
      group: group(label(id, question.text, "govuk-label--s"), about, box, none?.group),
      read: () => ({ value: isNone() ? "" : box.value.trim(), not_applicable: isNone() }),
      write({ value, not_applicable: isNotApplicable }) {
        // What is being typed keeps its own spaces at the ends, which the content does not have.
        if (box.value.trim() !== value) {
          box.value = value;
        }
        if (none) {
          none.box.checked = isNotApplicable;
        }
      },
    };
  }

  function evidenceBoxes(question, id, written) {
    const boxes = SOURCES.map(({ source, text }) => {
      const isRequired = source === WHAT_WAS_SEEN && question.evidence_required;
      return { source, ...textArea(`${id}-${source}`, isRequired ? `${text} (required)` : text, 2, "", written) };
    });
    const [seen, ...others] = boxes;
    const inFold = others.map((each) => each.group);
    const rest = fold("Evidence from records, staff, people and relatives", inFold);
    return {
      parts: [seen.group, rest],
      // Sources without a text are left out, as the server does: else nothing would look like a change.
      read: () => Object.fromEntries(boxes.map(({ source, box }) => [source, box.value]).filter(([, text]) => text)),
      write(sources) {
        boxes.forEach(({ source, box }) => put(box, sources[source] || ""));
        // Opened for what stands in it, and never closed again while somebody writes.
        rest.open = rest.open || others.some(({ source }) => sources[source]);
      },
    };
  }

  // All boxes of a question: `value` is the group of the answer itself, `more` what stands below it; `read` and `write`
  // take the content from them and put it there.
  function boxes(question, written) {
    const id = `q${question.id}`;
    const value = (question.options.length ? radios : singleBox)(question, id, written);
    const evidence = evidenceBoxes(question, id, written);
    const note = textArea(`${id}-note`, "Note", 2, "", written);
    return {
      value: value.group,
      more: [...evidence.parts, note.group],
      read: () => ({
        question: question.id,
        ...value.read(),
        sources: evidence.read(),
        note: note.box.value,
      }),
      write(next) {
        value.write(next);
        evidence.write(next.sources);
        put(note.box, next.note);
      },
    };
  }

  app.answer = { boxes, lacks, evidenceInWords };
})();
