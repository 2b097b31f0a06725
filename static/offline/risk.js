// Immediate risk: who to call, and the record of it. What is typed is saved at once; it is sent, and becomes a concern,
// only when the button is pressed.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const { el, fill, paragraph, muted, hidden, link, errorMessage, button, buttons, textArea, put } = app.elements;
  const { clock, now, SAVED_NOT_SENT, NO_NAMES } = app.words;

  const openButton = (opened) => button(["Immediate risk", hidden(": who to call")], () => open(opened), "warning");

  const rowsOf = async ({ me, visit }) =>
    (await store.items(me, visit.id)).filter((row) => app.kindOf(row.item) === "risk" && !row.isDamaged);

  // Signs that people put into a number ("(0117) 496 0000") are no part of what is dialled.
  const telephone = (phone) => link(`tel:${phone.replace(/[^\d+]/g, "")}`, phone);

  function contacts({ visit }) {
    const contact = ({ name, phone, when }) =>
      el("li", {}, el("strong", {}, name), ": ", telephone(phone), when ? [el("br"), muted(when)] : "");
    return el("ul", { class: "govuk-list" }, visit.ring.map(contact));
  }

  // One that was begun here is gone on with: the browser may have been killed between the first word and the button.
  async function startedOrNew(opened) {
    const started = (await rowsOf(opened)).find((row) => row.state === "draft");
    return started ? started.content : { id: crypto.randomUUID(), what: "", done: "", made_at: now() };
  }

  function riskEditor(opened, content, what, done, wrong) {
    return new app.Editor({
      opened,
      name: `risk-${content.id}`,
      content,
      seen: 0,
      read: () => ({ ...content, what: what.box.value, done: done.box.value }),
      write(next) {
        put(what.box, next.what);
        put(done.box, next.done);
      },
      show() {
        wrong.textContent = this.fault ? app.unsaved.words(this.fault) : "";
      },
      state: () => "draft",
    });
  }

  async function open(opened) {
    const { me, visit } = opened;
    const content = await startedOrNew(opened);
    const written = () => editor.written();
    const what = textArea("risk-what", "What is the danger?", 3, content.what, written);
    const done = textArea("risk-done", "What have you done about it?", 3, content.done, written);
    const wrong = errorMessage();
    const editor = riskEditor(opened, content, what, done, wrong);
    await editor.load();

    const record = async () => {
      if (!what.box.value.trim()) {
        wrong.textContent = "Enter what the danger is";
        what.box.focus();
        return;
      }
      // Saved before it is released to the sender, which would otherwise send it without the last words.
      if (!(await editor.save())) {
        return;
      }
      await store.alter(me, visit.id, editor.name, (row) => ({ ...row, state: "waiting" }));
      box.close();
      app.flush();
    };
    const box = app.dialogs.open(
      "Immediate risk",
      el("h3", { class: "govuk-heading-s" }, "Call first"),
      contacts(opened),
      el("h3", { class: "govuk-heading-s" }, "Then record the risk"),
      paragraph(`We record this as a concern of very high risk. ${NO_NAMES}`),
      what.group,
      wrong,
      done.group,
      buttons(
        button("Record the risk", record, "warning"),
        button("Close", () => editor.save().then((isSaved) => isSaved && box.close()), "secondary"),
      ),
    );
  }

  function inWords(row) {
    if (row.state === "draft") {
      return `You started to record a risk here and have not finished: ${row.content.what}`;
    }
    const risk = `Immediate risk at ${clock(row.content.made_at)}`;
    return app.held.isStopped(row)
      ? `${risk}: ${app.held.state(row)} ${row.content.what}`
      : `${risk}: ${SAVED_NOT_SENT}. Call now.`;
  }

  function item(opened, row) {
    const isStopped = app.held.isStopped(row);
    return el(
      "li",
      { class: "cq-unsent", "data-stopped": isStopped, tabindex: "-1" },
      inWords(row),
      isStopped || row.state === "draft" ? app.held.actions(opened, row) : "",
    );
  }

  // A visit that was begun here and that the server will not begin: cancelled in the meantime, or completed by a
  // colleague. It stands with the risks at the top of the page, since nothing below it will be accepted either.
  async function refusedBeginning(opened) {
    const row = await store.item(opened.me, opened.visit.id, "begin");
    if (!app.held.isStopped(row)) {
      return null;
    }
    return el(
      "li",
      { class: "cq-unsent", "data-stopped": true, tabindex: "-1" },
      `We could not begin the visit: ${row.reason || app.held.state(row)} `,
      app.held.actions(opened, row),
    );
  }

  function list(opened) {
    opened.riskList = el("ul", { class: "govuk-list" });
    return opened.riskList;
  }

  async function load(opened) {
    const rows = await rowsOf(opened);
    const recorded = opened.visit.risks.map(({ reference, at }) =>
      el("li", {}, `Recorded ${at} as concern ${reference}.`),
    );
    const beginning = await refusedBeginning(opened);
    fill(
      opened.riskList,
      recorded,
      rows.map((row) => item(opened, row)),
      beginning,
    );
  }

  app.risk = { openButton, list, load };
})();
