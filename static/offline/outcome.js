// What became of a thing that was written: saved, not saved, sent, changed by a colleague, or not accepted; and what the
// person decides about it.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const { keptBoth, same } = app.merging;
  const { el, fill, paragraph, lines, button, buttons, linkButton } = app.elements;
  const { SAVED, NOT_SENT } = app.words;

  // `holder` is the element of the whole thing, `marks` the place in it for what became of it.
  function show(editor, row, holder, marks) {
    const isFailed = Boolean(editor.fault);
    const isStopped = app.held.isStopped(row);
    marks.classList.toggle("cq-question__fate--wide", isFailed || isStopped);
    holder.classList.toggle("cq-question--failed", isFailed);
    holder.classList.toggle("cq-question--waiting", Boolean(row) && row.state !== "sent");
    holder.toggleAttribute("data-stopped", isStopped);
    fill(marks, isFailed ? notSaved(editor) : [], row ? inWords(editor, row, holder) : []);
  }

  function notSaved(editor) {
    return [
      el("p", { class: "govuk-error-message", role: "alert" }, app.unsaved.words(editor.fault)),
      linkButton("Try to save it now", () => editor.save()),
    ];
  }

  function inWords(editor, row, holder) {
    if (row.state === "conflict") {
      return conflict(editor, row.theirs);
    }
    if (row.state === "refused" || row.isDamaged || app.isStuck(row)) {
      return [
        el("p", { class: "govuk-error-message govuk-!-margin-bottom-1" }, app.held.state(row)),
        app.held.actions(editor.opened, row, () => drop(editor, holder)),
      ];
    }
    if (row.state === "sent") {
      return editor.fault ? [] : el("span", {}, "Sent");
    }
    if (editor.fault) {
      return [];
    }
    const words = row.tries ? app.held.state(row) : row.state === "draft" ? SAVED : NOT_SENT;
    return el("span", { class: "cq-unsent" }, words);
  }

  function conflict(editor, theirs) {
    const evidence = app.answer.evidenceInWords(theirs);
    const mine = editor.read();
    const whole = keptBoth(mine, contentOf(theirs));
    const hasChoice =
      "value" in theirs && !same([theirs.value, theirs.not_applicable], [mine.value, mine.not_applicable]);
    const both = hasChoice ? "Keep both texts, with my answer" : "Keep both texts";
    return el(
      "div",
      { class: "cq-conflict", role: "group", "aria-label": "Changed by a colleague" },
      paragraph(el("strong", {}, `${theirs.saved_by} changed this (${theirs.saved_at}) to:`)),
      paragraph(lines(theirs.in_words), evidence ? [el("br"), lines(evidence)] : ""),
      paragraph("Your version is shown above. It is saved on this device, not sent."),
      buttons(
        button("Use my version", () => sendMine(editor)),
        button("Use their version", () => takeTheirs(editor), "secondary"),
        same(whole, mine) ? null : button(both, () => sendBoth(editor), "secondary"),
      ),
    );
  }

  // What only tells about their version is no part of the content.
  function contentOf({ in_words: _words, saved_by: _by, saved_at: _at, version: _version, ...content }) {
    return content;
  }

  // What is sent next carries the colleague's version as the one seen: so the server takes it, unless somebody has
  // changed it once more since, which is then asked about again.
  async function sendMine(editor) {
    const { me, visit } = editor.opened;
    // First what is still in the boxes: otherwise the row would be sent without it.
    if (!(await editor.save())) {
      return;
    }
    const seeTheirs = (row) => ({ ...row, seen: row.theirVersion, theirs: null, state: "waiting" });
    await store.alter(me, visit.id, editor.name, seeTheirs);
    await app.flush();
  }

  // Both texts stand in the boxes, to be read and put in order, and go as mine do.
  async function sendBoth(editor) {
    const theirs = contentOf(editor.row.theirs);
    editor.write(keptBoth(editor.read(), theirs));
    await sendMine(editor);
  }

  async function takeTheirs(editor) {
    const { me, visit } = editor.opened;
    const { theirs, theirVersion, edit, label } = editor.row;
    const whole = { ...editor.base, ...contentOf(theirs) };
    const sealed = await store.sealJson(me, label ? { ...whole, label } : whole);
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
