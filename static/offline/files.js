// The photographs and documents of a visit: adding one, and what became of each.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const { el, fill, paragraph, hidden, link, errorMessage, button, buttons, group, hint, label } = app.elements;
  const { now, SAVED_NOT_SENT } = app.words;
  const { check, words, MOST_BYTES, accepted, taken } = app.fileKinds;
  // A photograph becomes smaller here, whatever it weighs; what is heavier than this is a film, and fills the memory.
  const MOST_TO_READ = 100 * 1024 * 1024;

  const rowsOf = async ({ me, visit }) =>
    (await store.items(me, visit.id)).filter((row) => app.kindOf(row.item) === "file" && !row.isDamaged);

  // Refused here already: without a network, the server's refusal comes when the home is far away.
  async function bytesOf(chosen) {
    if (!chosen) {
      return { fault: "Choose a photograph or document" };
    }
    if (chosen.size > MOST_TO_READ) {
      return { fault: words("too_large") };
    }
    let bytes;
    try {
      bytes = new Uint8Array(await chosen.arrayBuffer());
    } catch {
      return { fault: "We cannot open this file. Close it in other programs, then choose it again." };
    }
    const { kind, isPicture, fault } = await check(bytes, chosen.name);
    if (fault) {
      return { fault };
    }
    // A photograph's own name may tell where it was taken, or of whom.
    const drawn = isPicture ? await app.photograph.stripped(bytes) : null;
    if (drawn) {
      return { bytes: drawn, name: "photograph.jpg" };
    }
    // Few browsers can draw HEIC: it goes as it is, and the server draws it.
    if (isPicture && kind !== "heic") {
      return { fault: words("damaged_picture") };
    }
    if (bytes.length > MOST_BYTES) {
      return { fault: words("too_large") };
    }
    return { bytes: bytes.buffer, name: isPicture ? "photograph.heic" : chosen.name };
  }

  async function keep({ me, visit }, { bytes, ...about }) {
    const id = crypto.randomUUID();
    const content = { id, ...about, made_at: now() };
    app.bar.startWriting();
    let isSaved = false;
    try {
      await store.save(me, visit.id, `file-${id}`, content, { file: bytes });
      isSaved = true;
    } finally {
      app.bar.stopWriting(isSaved);
    }
  }

  // The bar tells it too, for as long as the dialog holds what the disk does not.
  const NOT_SAVED = "the file in the dialog";

  function add(opened, question = null) {
    const file = el("input", {
      class: "govuk-file-upload",
      type: "file",
      id: "file",
      "aria-describedby": "file-hint",
      accept: `image/*,${accepted}`,
    });
    const caption = el("input", { class: "govuk-input", id: "file-caption", maxlength: "200" });
    const wrong = errorMessage();
    const save = async () => {
      const { fault, ...given } = await bytesOf(file.files[0]);
      if (fault) {
        wrong.textContent = fault;
        return;
      }
      // The dialog closes when the disk has the file, not before: nothing else shows that it was saved.
      try {
        await keep(opened, { ...given, caption: caption.value, question: question?.id ?? null });
      } catch (refused) {
        wrong.textContent = app.unsaved.words(refused, app.unsaved.TRY_AGAIN);
        app.unsaved.failed(NOT_SAVED, refused, null);
        return;
      }
      box.close();
      app.sendSoon();
    };
    const box = app.dialogs.open(
      "Add a photograph or document",
      question ? paragraph(`${question.number} ${question.text}`) : null,
      paragraph("Do not show faces, or names on doors or charts. We remove the place where a photograph was taken."),
      group(label("file", "Photograph or document"), hint("file-hint", taken), wrong, file),
      group(label("file-caption", "What does it show?"), caption),
      buttons(
        button("Add the file", save),
        button("Cancel", () => box.close(), "secondary"),
      ),
    );
    box.addEventListener("close", () => app.unsaved.saved(NOT_SAVED));
  }

  function part(opened) {
    opened.fileList = el("ul", { class: "govuk-list cq-files" });
    const text = ["Add a photograph or document", hidden(" of the visit")];
    return el(
      "section",
      { "aria-labelledby": "files" },
      el("h2", { class: "govuk-heading-m", id: "files" }, "Photographs and documents"),
      opened.fileList,
      button(text, () => add(opened), "secondary"),
    );
  }

  // "" for one that this device cannot read back: it stops none of the others.
  async function picture(me, row) {
    try {
      return await app.photograph.thumbnail(await store.unseal(me, row.file));
    } catch {
      return "";
    }
  }

  async function unsent(opened, row, where) {
    const what = row.content.caption || row.content.name || "A file";
    const isStopped = app.held.isStopped(row);
    return el(
      "li",
      { class: "cq-files__one", "data-stopped": isStopped, tabindex: "-1" },
      await picture(opened.me, row),
      el(
        "div",
        {},
        `${what}${where}: `,
        el("span", { class: "cq-unsent" }, isStopped || row.tries ? app.held.state(row) : SAVED_NOT_SENT),
        isStopped ? app.held.actions(opened, row) : "",
      ),
    );
  }

  async function load(opened) {
    const numbers = new Map(opened.questions.map(({ question }) => [question.id, question.number]));
    const where = (id) => {
      const number = numbers.get(opened.asked(id));
      return number ? ` (question ${number})` : "";
    };
    const sent = opened.visit.attachments.map(({ id, name, question }) =>
      el("li", {}, link(`/audits/attachments/${id}/`, name), `${where(question)}: sent`),
    );
    const rows = await rowsOf(opened);
    fill(opened.fileList, sent, await Promise.all(rows.map((row) => unsent(opened, row, where(row.content.question)))));
  }

  app.files = { add, part, load };
})();
