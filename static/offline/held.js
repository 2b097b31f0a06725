// What this device holds of a visit and has not sent, whatever the server says of the visit now: the template changed,
// the question gone, the visit completed, cancelled or handed over, the right lost. Each thing can be read, copied, sent
// as late evidence, or deleted.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const { el, fill, paragraph, lines, linkButton, muted } = app.elements;
  const { many, moment, soon, NOT_SENT } = app.words;
  // In these the visit takes what is written; in none when it is not on this device.
  const OPEN = ["planned", "in_progress", ""];

  const isStopped = (row) =>
    Boolean(row) && (row.state === "conflict" || row.state === "refused" || app.isStuck(row) || Boolean(row.isDamaged));

  function answerInWords({ value, not_applicable: isNotApplicable, ...rest }, label) {
    const option = label?.options?.find(([name]) => name === value);
    const given = isNotApplicable ? "Not applicable" : option ? option[1] : value;
    return [given ? `Answer: ${given}` : "", app.answer.evidenceInWords(rest)].filter(Boolean).join("\n");
  }

  const FEEDBACK = {
    good: "What was good",
    change_now: "What must change immediately",
    next_steps: "What happens next",
    given_to: "Given to",
  };

  const IN_WORDS = {
    answer: ({ content, label }) => answerInWords(content, label),
    note: ({ content }) => content.text,
    feedback: ({ content }) =>
      Object.entries(FEEDBACK)
        .filter(([name]) => content[name])
        .map(([name, title]) => `${title}: ${content[name]}`)
        .join("\n"),
    risk: ({ content }) => [content.what, content.done ? `Done: ${content.done}` : ""].filter(Boolean).join("\n"),
    file: ({ content }) => [content.caption, content.name].filter(Boolean).join("\n"),
    begin: () => "The start of the visit",
  };
  const TITLES = {
    note: "Note",
    feedback: "Feedback sheet",
    risk: "Immediate risk",
    file: "Photograph or document",
    begin: "The start of the visit",
  };

  // What its writer calls it, and what the dialog that asks once more does.
  const NAMES = {
    begin: ["the start of the visit", "the start of the visit"],
    file: ["the file", "the file"],
    risk: ["the risk", "the risk"],
  };

  function about({ item, label }) {
    if (app.kindOf(item) !== "answer") {
      return TITLES[app.kindOf(item)];
    }
    return label ? `Question ${label.number}: ${label.text}` : "A question that this visit no longer asks";
  }

  const text = (row) => (row.isDamaged ? "" : IN_WORDS[app.kindOf(row.item)](row));

  // Why it is still here.
  function state(row) {
    if (row.isDamaged) {
      return "This device cannot read this any more. It may have been written by an older version.";
    }
    if (row.state === "refused") {
      return `Saved on this device, not accepted: ${row.reason}`;
    }
    if (row.tries) {
      const again = row.retryAt > Date.now() ? ` We will try again on ${soon(row.retryAt)}.` : "";
      return `${NOT_SENT}. The server failed on this ${many(row.tries, "time", "times")}.${again}`;
    }
    return row.state === "conflict" ? "A colleague changed this too." : NOT_SENT;
  }

  async function copy(row, pressed) {
    const whole = `${about(row)}\n${text(row)}`;
    try {
      await navigator.clipboard.writeText(whole);
      pressed.textContent = "Copied";
    } catch {
      // A browser that gives no page its clipboard: the text is put before the person, selected.
      const box = el("textarea", {
        class: "govuk-textarea",
        rows: "6",
        "aria-label": "Copy this text",
        readonly: true,
      });
      box.value = whole;
      app.dialogs.open("Copy this text", box);
      box.select();
    }
  }

  // Sent from here, under a key of its own; the server keeps it with the visit and scores nothing.
  async function sendLate({ me, visit }, row) {
    const kind = app.kindOf(row.item);
    const at = row.content.made_at || new Date(row.at).toISOString();
    const given = {
      id: crypto.randomUUID(),
      kind,
      about: about(row),
      text: text(row),
      reason: row.reason || state(row),
      made_at: at,
      name: row.content.name || "",
      caption: row.content.caption || "",
    };
    const late = await store.sealJson(me, given);
    await store.alter(me, visit.id, row.item, (stood) =>
      stood.edit === row.edit ? { ...stood, op: null, late, state: "waiting", tries: 0, retryAt: 0 } : stood,
    );
    await app.flush({ retry: true });
  }

  async function saveCopy({ me }, row) {
    const url = URL.createObjectURL(new Blob([await store.unseal(me, row.file)]));
    el("a", { href: url, download: row.content.name }).click();
    URL.revokeObjectURL(url);
  }

  // What its writer can do with a thing that has not been sent. `remove` deletes it.
  function actions(opened, row, remove = () => store.alter(opened.me, opened.visit.id, row.item, () => null)) {
    const what = about(row);
    const kind = app.kindOf(row.item);
    const isOver = !OPEN.includes(opened.visit.status);
    const mayBeLate = kind !== "begin" && !row.isDamaged && !row.late && row.state !== "conflict";
    const isLate = mayBeLate && (isStopped(row) || isOver) && app.phase() !== "forbidden";
    const copyIt = el("button", { type: "button", class: "cq-question__finding" }, "Copy the text");
    copyIt.addEventListener("click", () => copy(row, copyIt));
    const [mine, yours] = NAMES[kind] || ["what I wrote", "what you wrote"];
    const ask = () => app.dialogs.confirmDelete(yours, remove, "The council’s record does not change.");
    return el(
      "div",
      { class: "cq-held__ways", role: "group", "aria-label": what },
      kind === "begin" || row.isDamaged ? null : copyIt,
      row.file && !row.isDamaged ? linkButton("Save the file", () => saveCopy(opened, row), what) : null,
      isLate ? linkButton("Send as late evidence", () => sendLate(opened, row), what) : null,
      linkButton(`Delete ${mine}`, ask),
    );
  }

  function held(opened, row) {
    return el(
      "li",
      { class: "cq-question cq-held", "data-stopped": isStopped(row), tabindex: "-1" },
      paragraph(el("strong", {}, about(row))),
      text(row) ? paragraph(lines(text(row))) : null,
      el("p", { class: "govuk-body cq-unsent" }, state(row)),
      muted(`Written ${moment(row.at)}.`),
      actions(opened, row),
    );
  }

  function part(opened) {
    opened.heldList = el("div", {});
    return opened.heldList;
  }

  // Whatever has no card of its own on this page: risks, files and the beginning stand in their own lists.
  async function load(opened) {
    const rows = await store.items(opened.me, opened.visit.id);
    const kinds = opened.isBare ? Object.keys(IN_WORDS) : ["answer", "note", "feedback"];
    const hasNoCard = ({ item, state: stands, isDamaged }) =>
      stands !== "sent" && (isDamaged || kinds.includes(app.kindOf(item))) && !opened.editors.has(item);
    const isEmptyDraft = (row) => row.state === "draft" && !row.isDamaged && !text(row).trim();
    const left = rows.filter((row) => hasNoCard(row) && !isEmptyDraft(row));
    const late = (opened.visit.late || []).map((each) =>
      el(
        "li",
        {},
        el("strong", {}, each.about),
        el("br"),
        lines(each.text),
        el("br"),
        `Sent as late evidence ${each.at}.`,
      ),
    );
    fill(
      opened.heldList,
      left.length ? el("h2", { class: "govuk-heading-m", id: "held" }, "Saved on this device, not sent") : null,
      left.length && !opened.isBare
        ? paragraph("The page of the visit does not show these any more. Nothing here is lost.")
        : null,
      left.length
        ? el(
            "ul",
            { class: "govuk-list" },
            left.map((row) => held(opened, row)),
          )
        : null,
      late.length ? el("h2", { class: "govuk-heading-m" }, "Late evidence") : null,
      late.length ? el("ul", { class: "govuk-list govuk-list--spaced" }, late) : null,
    );
  }

  // Answers that were written under another version of the template stand under the question with the same code.
  async function adopt(me, visit) {
    for (const { item } of await store.rowsOf(me, visit.id)) {
      const id = Number(item.split("-")[1]);
      const question = app.kindOf(item) === "answer" ? app.questionFor(visit, id) : null;
      if (question && question.id !== id) {
        const change = (content) => ({ ...content, question: question.id });
        await store.rename(me, visit.id, item, `answer-${question.id}`, change);
      }
    }
  }

  app.held = { adopt, part, load, actions, state, isStopped };
})();
