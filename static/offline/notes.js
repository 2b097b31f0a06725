// Loose notes: taken wherever one is on the page, and put under a question at once, later or never.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const { el, fill, muted, button, group, label, textArea, put } = app.elements;
  const { now, WHICH_QUESTION } = app.words;

  const isNote = (name) => app.kindOf(name) === "note";
  const nameOf = (content) => `note-${content.id}`;

  function part(opened) {
    opened.noteList = el("div", {});
    return el(
      "section",
      { "aria-labelledby": "loose-notes" },
      el("h2", { class: "govuk-heading-m", id: "loose-notes" }, "Loose notes"),
      muted("Select Take a note at the top of the page at any time. You can choose its question later."),
      opened.noteList,
    );
  }

  // A note is taken in a dialog, so that the place on the page is not lost; then it stands with the others.
  function take(opened) {
    const note = add(opened, { id: crypto.randomUUID(), text: "", question: null, made_at: now() }, 0);
    const box = app.dialogs.open(
      "Loose note",
      note.holder,
      button("Save the note", () => box.close()),
    );
    box.addEventListener("close", async () => {
      opened.noteList.append(note.holder);
      if (await note.editor.save()) {
        await dropEmpty(opened, note);
      }
    });
    note.box.focus();
  }

  // A note in which nothing stands, and of which the council holds nothing, is no note. It would keep its writer from
  // signing out. One that is on its way to the server (no draft any more) stays: whether the server has it, is not
  // known here.
  async function dropEmpty(opened, { box, editor, holder }) {
    if (!box.value.trim() && !editor.seen) {
      const drop = (row) => (row.state === "draft" ? null : row);
      await store.alter(opened.me, opened.visit.id, editor.name, drop);
      opened.editors.delete(editor.name);
      holder.remove();
    }
  }

  function questionSelect(opened, id, onchange) {
    const options = opened.questions.map(({ question }) =>
      el("option", { value: String(question.id) }, `${question.number} ${question.text}`),
    );
    const none = el("option", { value: "" }, "No question yet");
    return el("select", { class: "govuk-select", id, onchange }, none, options);
  }

  function noteEditor(opened, content, seen, { box, under, holder, outcome }) {
    const editor = new app.Editor({
      opened,
      name: nameOf(content),
      content,
      seen,
      read: () => ({ ...content, text: box.value, question: under.value ? Number(under.value) : null }),
      write(next) {
        put(box, next.text);
        under.value = next.question === null ? "" : String(opened.asked(next.question) ?? "");
      },
      show: (row) => app.outcome.show(editor, row, holder, outcome),
      // Empty, it is not sent, unless the server holds the note that was emptied here.
      state: (next) => (next.text.trim() || editor.seen ? "waiting" : "draft"),
    });
    return editor;
  }

  function add(opened, content, seen) {
    const id = nameOf(content);
    const written = () => editor.written();
    const { box, group: text } = textArea(id, "Note", 2, content.text, written);
    const under = questionSelect(opened, `${id}-under`, written);
    const outcome = el("div", { class: "cq-question__fate" });
    const choice = group(label(`${id}-under`, WHICH_QUESTION), under);
    const holder = el("div", { class: "cq-question cq-note", tabindex: "-1" }, text, choice, outcome);
    const editor = noteEditor(opened, content, seen, { box, under, holder, outcome });
    const note = { box, editor, holder };
    holder.addEventListener("focusout", async (event) => {
      const isSaved = await editor.save();
      // In its dialog it is dropped when that closes; from one box to the next of the same note it stays.
      if (isSaved && !holder.contains(event.relatedTarget) && !holder.closest("dialog")) {
        await dropEmpty(opened, note);
      }
    });
    editor.put(content);
    opened.editors.set(id, editor);
    opened.noteList.append(holder);
    // Sent as late evidence, or deleted in another tab: then it stands here no more.
    editor.leave = () => {
      opened.editors.delete(id);
      holder.remove();
    };
    return note;
  }

  async function load(opened) {
    if (!opened.noteList) {
      return; // notes come with the beginning of the visit
    }
    const { me, visit, editors } = opened;
    const rows = (await store.items(me, visit.id)).filter((row) => isNote(row.item) && !row.isDamaged);
    // Begun and left empty by a browser that was closed over it. One that is open in this tab is being written.
    const isLeftEmpty = (row) => row.state === "draft" && !row.content.text.trim() && !editors.has(row.item);
    for (const row of rows.filter(isLeftEmpty)) {
      await store.alter(me, visit.id, row.item, () => null);
    }
    const held = visit.notes.map(({ id, text, question, version }) => ({
      content: { id, text, question, made_at: now() },
      seen: version,
    }));
    const isHere = ({ content }) => content.text.trim() && !visit.notes.some(({ id }) => id === content.id);
    for (const { content, seen } of [...held, ...rows.filter(isHere)]) {
      if (!editors.has(nameOf(content))) {
        await add(opened, content, seen).editor.load();
      }
    }
    showUnderQuestions(opened);
  }

  // Under each question, the notes that belong to it.
  function showUnderQuestions({ editors, questions }) {
    const notes = [...editors.values()].filter((editor) => isNote(editor.name)).map((editor) => editor.read());
    for (const { question, filed } of questions) {
      const own = notes.filter((note) => note.question === question.id && note.text);
      fill(
        filed,
        own.map((note) => el("li", {}, `Note: ${note.text}`)),
      );
    }
  }

  app.notes = { part, take, load, showUnderQuestions };
})();
