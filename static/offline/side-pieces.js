// What stands around the questions: immediate risk, loose notes, the feedback sheet, photographs and documents, and the way on.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const el = (...all) => app.el(...all);
  const area = (...all) => app.workingPage.area(...all);
  const now = () => new Date().toISOString();
  const TAKEN = "image/*,.pdf,.docx,.xlsx,.odt,.ods,.txt";
  let holders = {};

  const hidden = (text) => el("span", { class: "govuk-visually-hidden" }, text);

  function dialog(title, ...inside) {
    const id = `dialog-${crypto.randomUUID()}`;
    const box = el("dialog", { class: "cq-dialog", "aria-labelledby": id }, el("h2", { class: "govuk-heading-m", id, tabindex: "-1", autofocus: true }, title), inside);
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
    return box;
  }

  // Immediate risk. What is typed is kept at once; it is sent, and becomes a concern, when the button is pressed.
  function risk(open) {
    holders.risks = el("ul", { class: "govuk-list" });
    return holders.risks;
  }

  const riskButton = (open) => el("button", { type: "button", class: "govuk-button govuk-button--warning", onclick: () => openRisk(open) }, "Immediate risk", hidden(": whom to ring"));

  function sure(title, text, act) {
    const box = dialog(
      title,
      el("p", { class: "govuk-body" }, text),
      el(
        "div",
        { class: "govuk-button-group" },
        el("button", { type: "button", class: "govuk-button govuk-button--warning", onclick: () => box.close() || act() }, "Drop it"),
        el("button", { type: "button", class: "govuk-button govuk-button--secondary", onclick: () => box.close() }, "Keep it"),
      ),
    );
  }

  const ringing = (open) =>
    open.visit.ring.map(({ name, phone, when }) =>
      el("li", {}, el("strong", {}, name), ": ", el("a", { class: "govuk-link", href: `tel:${phone.replace(/[^\d+]/g, "")}` }, phone), when ? el("br") : "", when ? el("span", { class: "cq-muted" }, when) : ""),
    );

  async function openRisk(open) {
    const started = (await store.items(open.me, open.visit.id)).find((row) => row.item.startsWith("risk-") && row.state === "draft");
    const content = started ? started.content : { id: crypto.randomUUID(), what: "", done: "", made_at: now() };
    const name = `risk-${content.id}`;
    const written = () => editor.written();
    const what = area("risk-what", "What is the danger?", 3, content.what, written);
    const done = area("risk-done", "What have you done about it?", 3, content.done, written);
    const wrong = el("p", { class: "govuk-error-message", role: "alert" });
    const editor = new app.workingPage.Editor({
      name,
      content,
      seen: 0,
      read: () => ({ ...content, what: what.box.value, done: done.box.value }),
      write(next) {
        what.box.value = next.what;
        done.box.value = next.done;
      },
      show: () => {},
      state: () => "draft",
    });
    await editor.load();
    const record = async () => {
      if (!what.box.value.trim()) {
        wrong.textContent = "Say what the danger is";
        what.box.focus();
        return;
      }
      await editor.save();
      await store.alter(open.me, open.visit.id, name, (row) => ({ ...row, state: "waiting" }));
      box.close();
      app.flush();
    };
    const box = dialog(
      "Immediate risk",
      el("p", { class: "govuk-body" }, "Ring first:"),
      el("ul", { class: "govuk-list" }, ringing(open)),
      el("p", { class: "govuk-body" }, "Then write it down. It becomes a concern of very high risk when it is sent. Name nobody who uses the service."),
      what.group,
      wrong,
      done.group,
      el("div", { class: "govuk-button-group" }, el("button", { type: "button", class: "govuk-button govuk-button--warning", onclick: record }, "Record the risk"), el("button", { type: "button", class: "govuk-button govuk-button--secondary", onclick: () => editor.save().then(() => box.close()) }, "Close")),
    );
  }

  async function showRisks(open) {
    const rows = (await store.items(open.me, open.visit.id)).filter((row) => row.item.startsWith("risk-"));
    holders.risks.replaceChildren(
      ...open.visit.risks.map(({ reference, at }) => el("li", {}, `Recorded ${at}: it is concern ${reference}.`)),
      ...rows.map((row) =>
        el(
          "li",
          { class: "cq-unsent", "data-stopped": row.state === "refused", tabindex: "-1" },
          row.state === "draft" ? "A risk was begun here and is not recorded. " : `Immediate risk of ${app.clock(row.content.made_at)}: ${row.state === "refused" ? `not taken: ${row.reason} ` : "saved here, not sent. Ring now. "}`,
          row.state === "draft" || row.state === "refused" ? drop(open, row.item, "the risk") : "",
        ),
      ),
      ...(await refusedBeginning(open)),
    );
  }

  // A visit that was begun here and that the server will not begin: cancelled meanwhile, or completed by a colleague.
  async function refusedBeginning(open) {
    const row = await store.item(open.me, open.visit.id, "begin");
    return row && row.state === "refused" ? [el("li", { class: "cq-unsent", "data-stopped": true, tabindex: "-1" }, `The visit could not be begun: ${row.reason} `, drop(open, "begin", "that the visit began"))] : [];
  }

  const drop = (open, name, what) => {
    const act = () => store.alter(open.me, open.visit.id, name, () => null);
    const ask = () => sure(`Drop ${what}?`, "It is on this device alone and goes for good.", act);
    return el("button", { type: "button", class: "cq-question__finding", onclick: ask }, "Drop it", hidden(`: ${what}`));
  };

  // Loose notes, filed under a question now, later or never.
  function notes(open) {
    holders.notes = el("div", {});
    return el("section", { "aria-labelledby": "loose-notes" }, el("h2", { class: "govuk-heading-m", id: "loose-notes" }, "Loose notes"), el("p", { class: "govuk-body cq-muted" }, "Take one from the bar at the top, wherever you are; file it under a question when there is time."), holders.notes);
  }

  // A note is taken over the page, so that the place in it is not lost; then it stands with the others.
  function takeNote(open) {
    const note = addNote(open, { id: crypto.randomUUID(), text: "", question: null, made_at: now() }, 0);
    const box = dialog("Loose note", note.holder, el("button", { type: "button", class: "govuk-button", onclick: () => box.close() }, "Done"));
    box.addEventListener("close", async () => {
      holders.notes.append(note.holder);
      await note.editor.save();
      await dropEmpty(open, note);
    });
    note.box.focus();
  }

  // A note in which nothing stands, and of which the council holds nothing, is no note.
  async function dropEmpty(open, { box, editor, holder }) {
    if (!box.value.trim() && !editor.seen) {
      await store.alter(open.me, open.visit.id, editor.name, (row) => (row.state === "draft" ? null : row));
      open.editors.delete(editor.name);
      holder.remove();
    }
  }

  function addNote(open, content, seen) {
    const name = `note-${content.id}`;
    const written = () => editor.written();
    const id = `note-${content.id}`;
    const { box, group } = area(id, "Note", 2, content.text, written);
    const under = el("select", { class: "govuk-select", id: `${id}-under`, onchange: written }, el("option", { value: "" }, "Not filed yet"), open.questions.map(({ question }) => el("option", { value: String(question.id) }, `${question.number} ${question.text}`)));
    const marks = el("div", { class: "cq-question__fate" });
    const holder = el("div", { class: "cq-question cq-note" }, group, el("div", { class: "govuk-form-group" }, el("label", { class: "govuk-label", for: `${id}-under` }, "File it under"), under), marks);
    const editor = new app.workingPage.Editor({
      name,
      content,
      seen,
      read: () => ({ ...content, text: box.value, question: under.value ? Number(under.value) : null }),
      write(next) {
        if (box.value !== next.text) {
          box.value = next.text;
        }
        under.value = next.question === null ? "" : String(next.question);
      },
      show: (row) => app.workingPage.fate(editor, row, holder, marks),
      state: (next) => (next.text.trim() || editor.seen ? "waiting" : "draft"),
    });
    const note = { box, editor, holder };
    holder.addEventListener("focusout", async (event) => {
      await editor.save();
      if (!holder.contains(event.relatedTarget) && !holder.closest("dialog")) {
        await dropEmpty(open, note);
      }
    });
    editor.put(content);
    open.editors.set(name, editor);
    holders.notes.append(holder);
    return note;
  }

  async function loadNotes(open) {
    if (!holders.notes || !open.begun) {
      return;
    }
    const rows = (await store.items(open.me, open.visit.id)).filter((row) => row.item.startsWith("note-"));
    const held = open.visit.notes.map((note) => ({ content: { id: note.id, text: note.text, question: note.question, made_at: now() }, seen: note.version }));
    for (const row of rows.filter((each) => each.state === "draft" && !each.content.text.trim() && !open.editors.has(each.item))) {
      await store.alter(open.me, open.visit.id, row.item, () => null); // begun, and left empty
    }
    const here = rows.filter((row) => row.content.text.trim() && !held.some(({ content }) => content.id === row.content.id)).map((row) => ({ content: row.content, seen: row.seen }));
    for (const { content, seen } of [...held, ...here]) {
      if (!open.editors.has(`note-${content.id}`)) {
        await addNote(open, content, seen).editor.load();
      }
    }
    fileNotes(open);
  }

  // Under each question, the notes that are filed there.
  function fileNotes(open) {
    const filed = [...open.editors.values()].filter((editor) => editor.name.startsWith("note-")).map((editor) => editor.read());
    for (const { question, filed: list } of open.questions) {
      list.replaceChildren(...filed.filter((note) => note.question === question.id && note.text).map((note) => el("li", {}, `Note: ${note.text}`)));
    }
  }

  function feedback(open) {
    const written = () => editor.written();
    const fields = {
      good: area("feedback-good", "What was good", 3, "", written),
      change_now: area("feedback-change", "What must change at once", 3, "", written),
      next_steps: area("feedback-next", "What happens next", 3, "", written),
    };
    const to = el("input", { class: "govuk-input", id: "feedback-to", maxlength: "120", oninput: written });
    const marks = el("div", { class: "cq-question__fate" });
    const names = Object.keys(fields);
    const holder = el(
      "section",
      { class: "cq-feedback", "aria-labelledby": "feedback-sheet" },
      el("h2", { class: "govuk-heading-m", id: "feedback-sheet" }, "Feedback sheet for the manager"),
      el("p", { class: "govuk-body" }, "What you tell the manager before you leave. It says nothing of a score."),
      names.map((name) => fields[name].group),
      el("div", { class: "govuk-form-group" }, el("label", { class: "govuk-label", for: "feedback-to" }, "Given to (their post)"), to),
      marks,
    );
    const { version, ...content } = open.visit.feedback;
    const editor = new app.workingPage.Editor({
      name: "feedback",
      content,
      seen: version,
      read: () => ({ ...Object.fromEntries(names.map((name) => [name, fields[name].box.value])), given_to: to.value }),
      write(next) {
        names.forEach((name) => {
          if (fields[name].box.value !== next[name]) {
            fields[name].box.value = next[name];
          }
        });
        if (to.value !== next.given_to) {
          to.value = next.given_to;
        }
      },
      show: (row) => app.workingPage.fate(editor, row, holder, marks),
    });
    holder.addEventListener("focusout", () => editor.save());
    open.editors.set("feedback", editor);
    return holder;
  }

  // Photographs are drawn anew here, so that place, camera and thumbnail stay behind; the server does it once more.
  async function stripped(file) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, app.workingPage.LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = el("canvas", { width: String(Math.round(picture.width * scale)), height: String(Math.round(picture.height * scale)) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    return blob.arrayBuffer();
  }

  function addFile(open, question = null) {
    const file = el("input", { class: "govuk-file-upload", type: "file", id: "file", accept: TAKEN });
    const caption = el("input", { class: "govuk-input", id: "file-caption", maxlength: "200" });
    const wrong = el("p", { class: "govuk-error-message", role: "alert" });
    const add = async () => {
      const chosen = file.files[0];
      if (!chosen) {
        wrong.textContent = "Choose a photograph or a document";
        return;
      }
      const isPicture = chosen.type.startsWith("image/");
      let bytes;
      try {
        bytes = isPicture ? await stripped(chosen) : await chosen.arrayBuffer();
      } catch {
        wrong.textContent = "This picture cannot be read here. Take it as JPEG.";
        return;
      }
      if (bytes.byteLength > app.workingPage.MOST_BYTES || bytes.byteLength === 0) {
        wrong.textContent = bytes.byteLength ? "The file may have 10 MB at most" : "The file is empty";
        return;
      }
      const id = crypto.randomUUID();
      const content = { id, name: isPicture ? "photograph.jpg" : chosen.name, caption: caption.value, question: question && question.id, made_at: now() };
      app.startWriting();
      await store.save(open.me, open.visit.id, `file-${id}`, content, { file: bytes }).finally(() => app.stopWriting(true));
      box.close();
      app.workingPage.sendSoon();
    };
    const box = dialog(
      "Add a photograph or document",
      question ? el("p", { class: "govuk-body" }, `${question.number} ${question.text}`) : null,
      el("p", { class: "govuk-body" }, "No faces, no names on doors or charts. The place where a photograph was taken is removed from it."),
      el("div", { class: "govuk-form-group" }, el("label", { class: "govuk-label", for: "file" }, "Photograph or document"), wrong, file),
      el("div", { class: "govuk-form-group" }, el("label", { class: "govuk-label", for: "file-caption" }, "What it shows"), caption),
      el("div", { class: "govuk-button-group" }, el("button", { type: "button", class: "govuk-button", onclick: add }, "Add it"), el("button", { type: "button", class: "govuk-button govuk-button--secondary", onclick: () => box.close() }, "Cancel")),
    );
  }

  function files(open) {
    holders.files = el("ul", { class: "govuk-list cq-files" });
    const add = el("button", { type: "button", class: "govuk-button govuk-button--secondary", onclick: () => addFile(open) }, "Add a photograph or document", hidden(" of the visit"));
    app.dialogs = { addFile: (question) => addFile(open, question) };
    return el("section", { "aria-labelledby": "files" }, el("h2", { class: "govuk-heading-m", id: "files" }, "Photographs and documents"), holders.files, add);
  }

  async function showFiles(open) {
    const rows = (await store.items(open.me, open.visit.id)).filter((row) => row.item.startsWith("file-"));
    const numbers = new Map(open.questions.map(({ question }) => [question.id, question.number]));
    const where = (id) => (numbers.has(id) ? ` (question ${numbers.get(id)})` : "");
    const pending = await Promise.all(
      rows.map(async (row) => {
        const what = row.content.caption || row.content.name;
        const mark = row.state === "refused" ? `not taken: ${row.reason} ` : "saved here, not sent";
        return el("li", { class: "cq-files__one", "data-stopped": row.state === "refused", tabindex: "-1" }, await thumbnail(open, row), el("span", {}, what, where(row.content.question), ": ", el("span", { class: "cq-unsent" }, mark), row.state === "refused" ? drop(open, row.item, what) : ""));
      }),
    );
    const sent = open.visit.attachments.map((each) => el("li", {}, el("a", { class: "govuk-link", href: `/audits/attachments/${each.id}/` }, each.name), where(each.question), ": sent"));
    holders.files.replaceChildren(...sent, ...pending);
  }

  async function thumbnail(open, row) {
    const canvas = el("canvas", { class: "cq-files__picture", width: "96", height: "72", "aria-hidden": "true" });
    try {
      const picture = await createImageBitmap(new Blob([await store.unseal(open.me, row.file)]));
      const scale = Math.min(96 / picture.width, 72 / picture.height);
      canvas.getContext("2d").drawImage(picture, 0, 0, picture.width * scale, picture.height * scale);
      return canvas;
    } catch {
      return ""; // a document
    }
  }

  function end(open, begun) {
    const address = `/audits/${open.visit.id}`;
    return el(
      "section",
      { "aria-labelledby": "go-on" },
      el("h2", { class: "govuk-heading-m", id: "go-on" }, "When everything is sent"),
      el("ul", { class: "govuk-list" }, begun ? el("li", {}, el("a", { class: "govuk-link", href: `${address}/complete/` }, "Complete the visit")) : null, el("li", {}, el("a", { class: "govuk-link", href: `${address}/feedback/` }, "Print the feedback sheet")), el("li", {}, el("a", { class: "govuk-link", href: `${address}/` }, "The visit’s page"))),
    );
  }

  async function load(open) {
    await loadNotes(open);
    await showRisks(open);
    await showFiles(open);
  }

  async function changed(open, name) {
    const kind = app.kindOf(name);
    if (kind === "risk" || kind === "begin") {
      await showRisks(open);
    } else if (kind === "file") {
      await showFiles(open);
    } else if (kind === "note") {
      await loadNotes(open);
    }
  }

  app.sidePieces = { dialog, sure, risk, riskButton, notes, takeNote, fileNotes, feedback, files, end, load, changed, refreshed: load };
})();
