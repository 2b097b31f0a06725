// What became of a thing that was written: saved, sent, changed by a colleague, or not accepted; and what the person
// decides about the last two.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const { el, fill, paragraph, lines, button, linkButton, buttons } = app.elements;
  const { SAVED, NOT_SENT } = app.words;

  const isStopped = (row) => Boolean(row) && (row.state === "conflict" || row.state === "refused");

  // `holder` is the element of the whole thing, `marks` the place in it for what became of it.
  function show(editor, row, holder, marks) {
    marks.classList.toggle("cq-question__fate--wide", row?.state === "conflict");
    holder.classList.toggle("cq-question--waiting", Boolean(row) && row.state !== "sent");
    holder.toggleAttribute("data-stopped", isStopped(row));
    fill(marks, row ? inWords(editor, row, holder) : []);
  }

  function inWords(editor, row, holder) {
    if (row.state === "conflict") {
      return conflict(editor, row.theirs);
    }
    if (row.state === "refused") {
      return refusal(editor, row.reason, holder);
    }
    if (row.state === "sent") {
      return el("span", {}, "Sent");
    }
    return el("span", { class: "cq-unsent" }, row.state === "draft" ? SAVED : NOT_SENT);
  }

  function conflict(editor, theirs) {
    const evidence = app.answer.evidenceInWords(theirs);
    return el(
      "div",
      { class: "cq-conflict", role: "group", "aria-label": "Changed by a colleague" },
      paragraph(el("strong", {}, `${theirs.saved_by} changed this (${theirs.saved_at}) to:`)),
      paragraph(lines(theirs.in_words), evidence ? [el("br"), lines(evidence)] : ""),
      paragraph("Your version is shown above. It is saved on this device, not sent."),
      buttons(
        button("Use my version", () => sendMine(editor)),
        button("Use their version", () => takeTheirs(editor), "secondary"),
      ),
    );
  }

  function refusal(editor, reason, holder) {
    const unchanged = "The council’s record does not change.";
    const ask = () => app.dialogs.confirmDelete("what you wrote", () => drop(editor, holder), unchanged);
    return [
      el(
        "p",
        { class: "govuk-error-message govuk-!-margin-bottom-1" },
        `Saved on this device, not accepted: ${reason}`,
      ),
      linkButton("Delete what I wrote", ask),
    ];
  }

  // What is sent next carries the colleague's version as the one seen: so the server takes it, unless somebody has
  // changed it once more since, which is then asked about again.
  async function sendMine(editor) {
    const { me, visit } = editor.opened;
    // First what is still in the boxes: otherwise the row would be sent without it.
    await editor.save();
    const seeTheirs = (row) => ({ ...row, seen: row.theirVersion, theirs: null, state: "waiting" });
    await store.alter(me, visit.id, editor.name, seeTheirs);
    await app.flush();
  }

  async function takeTheirs(editor) {
    const { me, visit } = editor.opened;
    const { theirs, theirVersion, edit } = editor.row;
    // What only tells about their version is no part of the content.
    const { in_words: _words, saved_by: _by, saved_at: _at, version: _version, ...content } = theirs;
    const whole = { ...editor.base, ...content };
    const sealed = await store.sealJson(me, whole);
    // Another tab may have written between the question and the answer: then its row stands.
    const replace = (row) =>
      row.edit === edit ? { ...row, sealed, seen: theirVersion, theirs: null, state: "sent", edit: edit + 1 } : row;
    await store.alter(me, visit.id, editor.name, replace);
    editor.edit = edit + 1;
    editor.put(whole);
    await editor.changed();
  }

  // What the server does not accept goes only when its writer says so; then the server's version stands here again.
  async function drop(editor, holder) {
    const { me, visit, editors } = editor.opened;
    await store.alter(me, visit.id, editor.name, () => null);
    editor.edit = 0;
    // What stands in the boxes counts as saved, so that nothing writes it again before the server's version comes.
    editor.base = editor.read();
    if (app.kindOf(editor.name) === "note" && !app.heldBy(visit, editor.name)) {
      editors.delete(editor.name);
      holder.remove();
    }
    await app.workingPage.refreshed();
    app.refresh(me, visit.id).catch(() => {});
  }

  app.outcome = { show };
})();
