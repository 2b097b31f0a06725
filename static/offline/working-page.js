// The working page of a visit: every question on one page, and around them what is known, risks, notes, feedback and
// files. It puts the parts together, and hands on to them what has changed on this device or come from the server.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const { el, paragraph, link, lines, button, fold, errorMessage } = app.elements;
  const { today, NO_NAMES } = app.words;
  // The visit that is shown: { me, visit, editors, questions, isBegun, map, observer } and the lists that the parts
  // keep in sight. Null when none is.
  let opened = null;

  const notice = (kind, ...inside) => el("div", { class: `cq-notice cq-notice--${kind}` }, inside);

  function heading(visit) {
    const isOver = visit.status !== "planned" && visit.status !== "in_progress";
    const over =
      visit.status === "cancelled"
        ? "This visit has been cancelled. Send what you saved here as late evidence."
        : "This visit has ended. Send what you saved here as late evidence, or ask a senior officer to reopen it.";
    const given = `This is now ${visit.officer}’s visit. What you wrote here is still sent to it.`;
    return [
      el("a", { class: "govuk-back-link", href: "#" }, "Visits on this device"),
      el("span", { class: "govuk-caption-l" }, `${visit.kind}, ${visit.day}`),
      el("h1", { class: "govuk-heading-l" }, visit.service),
      paragraph(`We save what you write on this device as you type. ${NO_NAMES}`),
      isOver ? notice("amber", paragraph(over)) : null,
      visit.is_mine === false && !isOver ? notice("calm", paragraph(given)) : null,
    ];
  }

  function beginning(visit) {
    const begin = async () => {
      try {
        await store.save(opened.me, visit.id, "begin", { visited_on: today() }, {});
      } catch (fault) {
        wrong.textContent = app.unsaved.words(fault, app.unsaved.TRY_AGAIN);
        return;
      }
      app.flush();
      // Drawn anew: now the questions can be answered, whether the server knows of the beginning or not.
      await show(opened.me, visit);
    };
    const wrong = errorMessage();
    return notice(
      "calm",
      paragraph(`This visit is planned for ${visit.day}. You have not begun it.`),
      wrong,
      button("Begin the visit today", begin),
    );
  }

  function known(visit) {
    const fact = ([name, value]) =>
      el(
        "div",
        { class: "govuk-summary-list__row" },
        el("dt", { class: "govuk-summary-list__key" }, name),
        el("dd", { class: "govuk-summary-list__value" }, lines(value)),
      );
    const bullets = (items) =>
      el(
        "ul",
        { class: "govuk-list govuk-list--bullet" },
        items.map((item) => el("li", {}, item)),
      );
    const brief = ({ heading: title, lines: items }) => [
      el("h3", { class: "govuk-heading-s" }, title),
      items.length ? bullets(items) : paragraph("None."),
    ];
    return fold(
      "What we know before the visit",
      el("dl", { class: "govuk-summary-list" }, visit.facts.map(fact)),
      visit.brief.map(brief),
    );
  }

  function standardPart({ number, title, statement, entries }) {
    const id = `standard-${number}`;
    return el(
      "section",
      { "data-part": true, "aria-labelledby": id },
      el("h3", { class: "govuk-heading-m", id }, `${number}. ${title}`),
      statement ? paragraph(statement) : null,
      entries.map((entry) => entry.holder),
    );
  }

  function questionsPart(visit) {
    const create = (question) => app.question.create(opened, question, () => opened?.map?.count());
    const sections = visit.sections.map((section) => ({
      ...section,
      standards: section.standards.map((standard) => ({ ...standard, entries: standard.questions.map(create) })),
    }));
    opened.questions = sections.flatMap((section) => section.standards.flatMap((standard) => standard.entries));
    opened.questions.forEach(({ editor }) => opened.editors.set(editor.name, editor));
    opened.map = app.questionMap.create(opened, sections);
    const part = ({ title, standards }) =>
      el("div", { "data-part": true }, el("h2", { class: "govuk-heading-l" }, title), standards.map(standardPart));
    return el("div", { class: "cq-work" }, el("div", {}, sections.map(part)), opened.map.element);
  }

  function afterwards({ visit, isBegun }) {
    const address = `/audits/${visit.id}`;
    return el(
      "section",
      { "aria-labelledby": "go-on" },
      el("h2", { class: "govuk-heading-m", id: "go-on" }, "When everything has been sent"),
      el(
        "ul",
        { class: "govuk-list" },
        isBegun ? el("li", {}, link(`${address}/complete/`, "Complete the visit")) : null,
        el("li", {}, link(`${address}/feedback/`, "Print the feedback sheet")),
        el("li", {}, link(`${address}/`, "View the visit")),
      ),
    );
  }

  function setTools() {
    const { map, isBegun } = opened;
    document.getElementById("skip-to-questions").hidden = !map;
    app.bar.setTools(
      map ? button("Questions", () => app.questionMap.go(map), "secondary", { "aria-keyshortcuts": "Alt+Q" }) : null,
      isBegun ? button("Take a note", () => app.notes.take(opened), "secondary") : null,
      app.risk.openButton(opened),
    );
  }

  // Nothing is known of the visit here any more but what was written of it.
  async function showHeld(me, id) {
    const visit = { id, status: "", service: "", sections: [], notes: [], attachments: [], risks: [] };
    opened = { me, visit, editors: new Map(), questions: [], isBare: true, asked: () => null };
    app.showPage(
      "What you wrote at a visit",
      el("a", { class: "govuk-back-link", href: "#" }, "Visits on this device"),
      el("h1", { class: "govuk-heading-l" }, "What you wrote at a visit"),
      paragraph("The visit is not on this device now. What you wrote of it still is. Nothing here is lost."),
      app.held.part(opened),
    );
    await app.held.load(opened);
  }

  async function show(me, visit) {
    opened?.observer?.disconnect();
    await app.held.adopt(me, visit);
    // Begun here counts as begun: without a network the server hears of it hours later.
    const isBegun = visit.status === "in_progress" || Boolean(await store.item(me, visit.id, "begin"));
    const isPlanned = visit.status === "planned";
    opened = { me, visit, editors: new Map(), questions: [], isBegun, map: null, observer: null };
    opened.asked = (questionId) => app.questionFor(opened.visit, questionId)?.id;
    // The questions come first: a note chooses among them.
    const questions = isBegun && visit.sections.length ? questionsPart(visit) : null;
    setTools();
    app.showPage(
      visit.service,
      heading(visit),
      app.risk.list(opened),
      app.held.part(opened),
      known(visit),
      isPlanned && !isBegun ? beginning(visit) : null,
      questions,
      isBegun ? [app.notes.part(opened), app.feedback.part(opened)] : null,
      app.files.part(opened),
      afterwards(opened),
    );
    // One look at the disk for all of them: a slow tablet takes seconds for one each.
    const rows = await rowsByName();
    await Promise.all(editors().map((editor) => editor.load(rows.get(editor.name) ?? null)));
    await loadParts();
    opened.map?.count();
    opened.observer = opened.map?.follow();
  }

  const editors = () => [...(opened?.editors.values() || [])];
  const rowsByName = async () => new Map((await store.items(opened.me, opened.visit.id)).map((row) => [row.item, row]));

  async function loadParts() {
    await app.notes.load(opened);
    await app.risk.load(opened);
    await app.files.load(opened);
    await app.held.load(opened);
  }

  const saveAll = () => Promise.all(editors().map((editor) => editor.save()));

  // Whether the page may go: what the disk refused stands here alone.
  async function leave({ isForced = false } = {}) {
    const saved = await saveAll();
    if (!isForced && !saved.every(Boolean)) {
      return false;
    }
    editors().forEach((editor) => app.unsaved.saved(editor.key));
    opened?.observer?.disconnect();
    opened = null;
    app.bar.setTools();
    document.getElementById("skip-to-questions").hidden = true;
    return true;
  }

  // The browser has removed what it kept, under this page. For a moment it opens no database: then once more.
  async function writeAgain(tries = 20) {
    const { me, visit } = opened || {};
    try {
      await app.door.putBack();
      if (visit) {
        await store.putVisit(me, visit);
      }
    } catch {
      if (tries > 0) {
        setTimeout(() => writeAgain(tries - 1), 500);
      }
      return;
    }
    await Promise.all(editors().map((editor) => editor.writeAgain()));
  }

  // A row of this visit has changed, in this tab or another.
  async function changed(name) {
    if (!opened) {
      return;
    }
    if (opened.isBare) {
      await app.held.load(opened);
      return;
    }
    const parts = { risk: app.risk, begin: app.risk, file: app.files, note: app.notes };
    const editor = opened.editors.get(name);
    if (editor) {
      const stood = editor.row;
      await editor.changed();
      if (stood && !editor.row && editor.leave && opened && !app.heldBy(opened.visit, name)) {
        editor.leave();
      }
    } else {
      await parts[app.kindOf(name)]?.load(opened);
    }
    if (opened) {
      await app.held.load(opened);
      app.notes.showUnderQuestions(opened);
    }
  }

  // What the server holds of a thing; an answer that it does not hold (any more) is an empty one.
  function contentHeld(visit, { name, base }) {
    const held = app.heldBy(visit, name);
    if (held) {
      return { content: { ...base, ...held.content }, version: held.version };
    }
    const isAnswer = app.kindOf(name) === "answer";
    return { content: isAnswer ? app.answerContent(base.question, null) : base, version: 0 };
  }

  // Completed or cancelled meanwhile, or asking other questions: the page is drawn anew, unless somebody is writing.
  function isOtherPage(before, after) {
    const asked = (visit) =>
      app
        .questionsOf(visit)
        .map(({ id }) => id)
        .join();
    const isOver = ({ status }) => status !== "planned" && status !== "in_progress";
    return isOver(before) !== isOver(after) || asked(before) !== asked(after);
  }

  // The visit has been fetched anew: what has no row here shows what the server holds. What has one was written here
  // and goes its own way, by the sender and the person's decision.
  async function refreshed() {
    const visit = opened && (await store.visit(opened.me, opened.visit.id));
    if (!visit || !opened || opened.isBare) {
      return;
    }
    const isTyping = document.activeElement?.matches("input, textarea, select");
    if (isOtherPage(opened.visit, visit) && !isTyping && !document.querySelector("dialog[open]")) {
      await saveAll();
      await show(opened.me, visit);
      return;
    }
    opened.visit = visit;
    const rows = await rowsByName();
    for (const editor of editors()) {
      // Nor written since that look at the disk.
      if (!rows.has(editor.name) && editor.edit === 0) {
        const { content, version } = contentHeld(visit, editor);
        editor.take(content, version);
      }
    }
    await loadParts();
  }

  app.questionMap.listen(() => opened?.map);

  app.workingPage = { show, showHeld, leave, changed, refreshed, writeAgain, saveAll };
})();
