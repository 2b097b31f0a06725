// The working page of a visit: every question on one page, saved on this device as it is written.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const PAUSE = 400; // milliseconds without a keystroke before it is saved
  const LONGEST_WAIT = 2000; // and when somebody types without a pause
  const SEND_AFTER = 3000;
  const LONGEST_SIDE = 2000; // pixels of a photograph
  const MOST_BYTES = 10 * 1024 * 1024;
  const SOURCES = [
    ["seen", "Evidence: what you saw"],
    ["records", "From records"],
    ["staff", "From staff"],
    ["people", "From people who use the service (Person A, Person B)"],
    ["relatives", "From relatives"],
  ];
  const el = (...all) => app.el(...all);
  // Equal whatever the order of their keys.
  const ordered = (_key, value) => (value && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value);
  const same = (one, other) => JSON.stringify(one, ordered) === JSON.stringify(other, ordered);
  let open = null; // {me, visit, editors, questions, begun}
  let sendTimer = 0;

  function sendSoon() {
    clearTimeout(sendTimer);
    sendTimer = setTimeout(() => app.flush().catch(() => {}), SEND_AFTER);
  }

  // Two tabs have written over the same text: each field takes whichever changed; where both did, both stay.
  function together(base, mine, theirs) {
    const merged = {};
    for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
      const [b, m, t] = [base?.[key], mine[key], theirs[key]];
      if (key === "sources") {
        merged[key] = together(b || {}, m || {}, t || {});
      } else if (same(m, t) || same(t, b)) {
        merged[key] = m;
      } else if (same(m, b)) {
        merged[key] = t;
      } else {
        merged[key] = ["value", "not_applicable", "question"].includes(key) || !t || !m ? m || t : `${t}\n${m}`;
      }
    }
    return merged;
  }

  // One thing that is written: it saves itself, and shows what became of it.
  class Editor {
    constructor({ name, content, seen, read, write, show, state = () => "waiting" }) {
      Object.assign(this, { name, base: content, seen, read, write, show, stateOf: state });
      this.edit = 0;
      this.row = null;
      this.timer = 0;
      this.since = 0;
      this.busy = Promise.resolve();
    }

    async load() {
      const row = await store.item(open.me, open.visit.id, this.name);
      if (row) {
        this.row = row;
        this.edit = row.edit;
        this.seen = row.seen;
        this.base = row.content;
      }
      this.put(this.base);
      this.show(row);
    }

    // Show a content as the one that this is written over; boxes may give it back in a shape of their own.
    put(content) {
      this.write(content);
      this.base = this.read();
    }

    written() {
      const now = Date.now();
      if (!this.since) {
        app.startWriting();
      }
      this.since ||= now;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(PAUSE, this.since + LONGEST_WAIT - now)));
    }

    save() {
      clearTimeout(this.timer);
      const said = this.since > 0;
      this.since = 0;
      this.busy = this.busy
        .catch(() => {})
        .then(() => this.saveNow())
        .then(
          (saved) => said && app.stopWriting(saved),
          (fault) => {
            if (said) {
              app.stopWriting(false);
            }
            throw fault;
          },
        );
      return this.busy;
    }

    async saveNow() {
      if (!open || same(this.read(), this.base)) {
        return false;
      }
      const { me, visit } = open;
      for (;;) {
        const content = this.read();
        const { row, clash } = await store.save(me, visit.id, this.name, content, { edit: this.edit, seen: this.seen, state: this.stateOf(content) });
        if (row) {
          this.edit = row.edit;
          this.base = content;
          sendSoon();
          return true;
        }
        const merged = together(this.base, content, clash.content);
        this.base = clash.content;
        this.edit = clash.edit;
        this.write(merged);
      }
    }

    // The row has changed: sent, in conflict, or written in another tab.
    async changed() {
      const row = await store.item(open.me, open.visit.id, this.name);
      this.row = row;
      if (row && row.edit !== this.edit && same(this.read(), this.base)) {
        this.edit = row.edit;
        this.put(row.content);
      }
      if (row) {
        this.seen = row.seen;
      }
      this.show(row);
    }

    // The server's word on what has no row here. What is being typed keeps the version that it was typed over.
    take(content, version) {
      if (same(this.read(), this.base)) {
        this.seen = version;
        this.put(content);
        this.show(null);
      } else if (same(content, this.base)) {
        this.seen = version;
      }
    }
  }

  const lines = (text) => text.split("\n").flatMap((line, place) => (place ? [el("br"), line] : [line]));

  function area(id, label, rows, value, oninput) {
    const box = el("textarea", { class: "govuk-textarea", id, rows: String(rows), oninput });
    box.value = value;
    return { box, group: el("div", { class: "govuk-form-group" }, el("label", { class: "govuk-label", for: id }, label), box) };
  }

  // What became of a thing, and what a colleague has made of it meanwhile.
  function fate(editor, row, holder, marks) {
    const parts = [];
    marks.classList.toggle("cq-question__fate--wide", Boolean(row) && row.state === "conflict");
    holder.classList.toggle("cq-question--waiting", Boolean(row) && row.state !== "sent");
    if (row && row.state === "conflict") {
      const { theirs } = row;
      parts.push(
        el(
          "div",
          { class: "cq-conflict", role: "group", "aria-label": "Changed by a colleague" },
          el("p", { class: "govuk-body" }, el("strong", {}, `${theirs.saved_by} changed this meanwhile (${theirs.saved_at}) to:`)),
          el("p", { class: "govuk-body" }, lines(theirs.in_words), evidenceOf(theirs).length ? [el("br"), ...lines(evidenceOf(theirs).join("\n"))] : ""),
          el("p", { class: "govuk-body" }, "Yours stands above. It is saved here and not sent."),
          el(
            "div",
            { class: "govuk-button-group" },
            el("button", { type: "button", class: "govuk-button", onclick: () => putMine(editor) }, "Put mine in its place"),
            el("button", { type: "button", class: "govuk-button govuk-button--secondary", onclick: () => keepTheirs(editor) }, "Keep theirs"),
          ),
        ),
      );
    } else if (row && row.state === "refused") {
      parts.push(
        el("p", { class: "govuk-error-message govuk-!-margin-bottom-1" }, `Saved here. The server did not take it: ${row.reason}`),
        el("button", { type: "button", class: "cq-question__finding", onclick: () => app.sidePieces.sure("Drop what you wrote?", "It is on this device alone and goes for good. What the council holds stays as it is.", () => drop(editor, holder)) }, "Drop what I wrote"),
      );
    } else if (row && row.state === "sent") {
      parts.push(el("span", {}, "Sent"));
    } else if (row) {
      parts.push(el("span", { class: "cq-unsent" }, row.state === "draft" ? "Kept here" : "Saved here, not sent"));
    }
    holder.toggleAttribute("data-stopped", Boolean(row) && ["conflict", "refused"].includes(row.state));
    marks.replaceChildren(...parts);
  }

  // What the server does not take goes only when its writer says so; then the server's stands here again.
  async function drop(editor, holder) {
    const { me, visit } = open;
    await store.alter(me, visit.id, editor.name, () => null);
    editor.edit = 0;
    editor.base = editor.read();
    const held = app.heldBy(visit, editor.name);
    if (editor.name.startsWith("note-") && !held) {
      open.editors.delete(editor.name);
      holder.remove();
    }
    await refreshed();
    app.refresh(me, visit.id).catch(() => {});
  }

  const evidenceOf = (answer) =>
    SOURCES.filter(([source]) => answer.sources && answer.sources[source])
      .map(([source, label]) => `${label}: ${answer.sources[source]}`)
      .concat(answer.note ? [`Note: ${answer.note}`] : []);

  async function putMine(editor) {
    await editor.save();
    await store.alter(open.me, open.visit.id, editor.name, (row) => ({ ...row, seen: row.theirVersion, theirs: null, state: "waiting" }));
    await app.flush();
  }

  async function keepTheirs(editor) {
    const { theirs, theirVersion, edit } = editor.row;
    const { in_words: _words, saved_by: _by, saved_at: _at, version: _version, ...content } = theirs;
    const whole = { ...editor.base, ...content };
    const sealed = await store.sealJson(open.me, whole);
    await store.alter(open.me, open.visit.id, editor.name, (row) =>
      row.edit === edit ? { ...row, sealed, seen: theirVersion, theirs: null, state: "sent", edit: edit + 1 } : row,
    );
    editor.edit = edit + 1;
    editor.put(whole);
    await editor.changed();
  }

  function lacks(question, content) {
    const given = content.not_applicable || content.value.trim() !== "";
    const evidence = Object.values(content.sources).some((text) => text.trim() !== "");
    if (!given && question.kind !== "text") {
      return "an answer";
    }
    return question.evidence_required && !content.not_applicable && !evidence ? "evidence" : "";
  }

  function valueFields(question, written) {
    const id = `q${question.id}`;
    const hint = question.guidance ? el("div", { class: "govuk-hint", id: `${id}-hint` }, lines(question.guidance)) : null;
    const described = hint ? `${id}-hint` : null;
    if (question.options.length) {
      const choices = [...question.options, ...(question.not_applicable ? [["not-applicable", "Not applicable"]] : [])];
      const radios = choices.map(([value, label], place) => {
        const input = el("input", { class: "govuk-radios__input", type: "radio", name: id, value, id: `${id}-${place}`, onchange: written });
        return { input, item: el("div", { class: "govuk-radios__item" }, input, el("label", { class: "govuk-label govuk-radios__label", for: `${id}-${place}` }, label)) };
      });
      return {
        group: el(
          "div",
          { class: "govuk-form-group" },
          el("fieldset", { class: "govuk-fieldset", "aria-describedby": described }, el("legend", { class: "govuk-fieldset__legend govuk-fieldset__legend--s" }, question.text), hint, el("div", { class: "govuk-radios govuk-radios--small govuk-radios--inline" }, radios.map((radio) => radio.item))),
        ),
        read() {
          const value = radios.find((radio) => radio.input.checked)?.input.value || "";
          return value === "not-applicable" ? { value: "", not_applicable: true } : { value, not_applicable: false };
        },
        write({ value, not_applicable }) {
          radios.forEach((radio) => {
            radio.input.checked = radio.input.value === (not_applicable ? "not-applicable" : value);
          });
        },
      };
    }
    const kinds = { number: { type: "text", inputmode: "decimal", class: "govuk-input govuk-input--width-5" }, date: { type: "date", class: "govuk-input govuk-input--width-10" } };
    const box = question.kind === "text" ? el("textarea", { class: "govuk-textarea", id, rows: "3", "aria-describedby": described, oninput: written }) : el("input", { ...kinds[question.kind], id, "aria-describedby": described, oninput: written });
    const none = question.not_applicable ? el("input", { class: "govuk-checkboxes__input", type: "checkbox", id: `${id}-na`, onchange: written }) : null;
    return {
      group: el(
        "div",
        { class: "govuk-form-group" },
        el("label", { class: "govuk-label govuk-label--s", for: id }, question.text),
        hint,
        box,
        none ? el("div", { class: "govuk-checkboxes govuk-checkboxes--small" }, el("div", { class: "govuk-checkboxes__item" }, none, el("label", { class: "govuk-label govuk-checkboxes__label", for: `${id}-na` }, "Not applicable"))) : null,
      ),
      read: () => ({ value: none && none.checked ? "" : box.value.trim(), not_applicable: Boolean(none && none.checked) }),
      write({ value, not_applicable }) {
        // What is being typed keeps its own spaces.
        if (box.value.trim() !== value) {
          box.value = value;
        }
        if (none) {
          none.checked = not_applicable;
        }
      },
    };
  }

  function card(question) {
    const id = `q${question.id}`;
    const content = app.answerContent(question.id, question.answer);
    const written = () => {
      editor.written();
      mark();
    };
    const value = valueFields(question, written);
    const areas = Object.fromEntries(
      SOURCES.map(([source, label]) => [source, area(`${id}-${source}`, source === "seen" && question.evidence_required ? `${label} (evidence must be given)` : label, 2, "", written)]),
    );
    const note = area(`${id}-note`, "Note", 2, "", written);
    const marks = el("div", { class: "cq-question__fate" });
    const needs = el("span", {});
    const filed = el("ul", { class: "govuk-list cq-filed" });
    const others = el("details", { class: "govuk-details" }, el("summary", { class: "govuk-details__summary" }, el("span", { class: "govuk-details__summary-text" }, "Evidence from records, staff, people and relatives")), el("div", { class: "govuk-details__text" }, SOURCES.slice(1).map(([source]) => areas[source].group)));
    const chip = el("button", { type: "button", class: "cq-chip", title: question.text, onclick: () => jump(holder) });
    const holder = el(
      "div",
      { class: "cq-question", id: `question-${question.id}`, tabindex: "-1" },
      el("p", { class: "govuk-body cq-muted govuk-!-margin-bottom-1" }, `Question ${question.number}`, question.critical ? ", critical" : "", needs),
      value.group,
      question.last ? el("div", { class: "cq-last" }, el("p", { class: "govuk-body" }, el("strong", {}, `Last time, ${question.last.on}: `), lines(question.last.in_words), question.last.evidence ? [el("br"), ...lines(question.last.evidence)] : "")) : null,
      areas.seen.group,
      others,
      note.group,
      filed,
      el("div", { class: "cq-question__foot" }, el("button", { type: "button", class: "cq-question__finding", onclick: () => app.dialogs.addFile(question) }, "Add a photograph or document", el("span", { class: "govuk-visually-hidden" }, ` to question ${question.number}`)), marks),
    );
    const editor = new Editor({
      name: `answer-${question.id}`,
      content,
      seen: question.answer ? question.answer.version : 0,
      read: () => ({
        question: question.id,
        ...value.read(),
        sources: Object.fromEntries(SOURCES.map(([source]) => [source, areas[source].box.value]).filter(([, text]) => text !== "")),
        note: note.box.value,
      }),
      write(next) {
        value.write(next);
        for (const [source] of SOURCES) {
          const text = next.sources[source] || "";
          if (areas[source].box.value !== text) {
            areas[source].box.value = text;
          }
        }
        if (note.box.value !== next.note) {
          note.box.value = next.note;
        }
        others.open = others.open || SOURCES.slice(1).some(([source]) => next.sources[source]);
        mark();
      },
      show(row) {
        fate(editor, row, holder, marks);
        mark();
      },
    });
    function mark() {
      const what = lacks(question, editor.read());
      holder.classList.toggle("cq-question--answered", !what);
      needs.textContent = what ? `: needs ${what}` : "";
      chip.classList.toggle("cq-chip--done", !what);
      const stopped = holder.hasAttribute("data-stopped");
      chip.classList.toggle("cq-chip--stopped", stopped);
      const sign = stopped ? "!" : what ? "○" : "✓";
      chip.replaceChildren(question.number, el("span", { class: "cq-chip__sign", "aria-hidden": "true" }, sign), el("span", { class: "govuk-visually-hidden" }, ` ${question.text}${what ? ` Lacks ${what}` : " Answered"}${stopped ? ", waits for your decision" : ""}`));
      entry.lacks = what;
      countGaps();
    }
    const entry = { question, holder, chip, editor, filed, lacks: "" };
    holder.addEventListener("focusout", () => editor.save());
    return entry;
  }

  function jump(holder) {
    document.querySelector("dialog[open]")?.close();
    holder.hidden = false;
    for (let part = holder.closest("[data-part]"); part; part = part.parentElement.closest("[data-part]")) {
      part.hidden = false;
    }
    holder.scrollIntoView({ block: "start" });
    holder.focus({ preventScroll: true });
  }

  function countGaps() {
    if (open && open.gaps) {
      const lacking = open.questions.filter((entry) => entry.lacks).length;
      open.gaps.textContent = lacking ? `${app.many(lacking, "question", "questions")} still to do.` : "Every question is answered.";
    }
  }

  function filter(text, onlyGaps) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { question, holder, lacks: what } of open.questions) {
      const all = `${question.number} ${question.text} ${question.guidance}`.toLowerCase();
      holder.hidden = (onlyGaps && !what) || !words.every((word) => all.includes(word));
      shown += holder.hidden ? 0 : 1;
    }
    for (const part of document.querySelectorAll("[data-part]")) {
      part.hidden = [...part.querySelectorAll(".cq-question")].every((holder) => holder.hidden);
    }
    open.found.textContent = words.length || onlyGaps ? `${app.many(shown, "question is", "questions are")} shown.` : "";
  }

  function beginPart(visit) {
    const begin = async () => {
      const today = new Date();
      const day = `${today.getFullYear()}-${String(today.getMonth() + 1).padStart(2, "0")}-${String(today.getDate()).padStart(2, "0")}`;
      await store.save(open.me, visit.id, "begin", { visited_on: day }, {});
      open.begun = true;
      app.flush();
      await show(open.me, visit);
    };
    return el("div", { class: "cq-notice cq-notice--calm" }, el("p", { class: "govuk-body" }, `This visit is planned for ${visit.day} and has not begun.`), el("button", { type: "button", class: "govuk-button", onclick: begin }, "Begin the visit today"));
  }

  function facts(visit) {
    return el(
      "details",
      { class: "govuk-details" },
      el("summary", { class: "govuk-details__summary" }, el("span", { class: "govuk-details__summary-text" }, "Before the visit: what is known")),
      el(
        "div",
        { class: "govuk-details__text" },
        el("dl", { class: "govuk-summary-list" }, visit.facts.map(([name, value]) => el("div", { class: "govuk-summary-list__row" }, el("dt", { class: "govuk-summary-list__key" }, name), el("dd", { class: "govuk-summary-list__value" }, lines(value))))),
        visit.brief.map(({ heading, lines }) => [el("h3", { class: "govuk-heading-s" }, heading), lines.length ? el("ul", { class: "govuk-list govuk-list--bullet" }, lines.map((line) => el("li", {}, line))) : el("p", { class: "govuk-body" }, "Nothing.")]),
      ),
    );
  }

  function workPart(visit) {
    const sections = visit.sections.map((section) => ({ ...section, standards: section.standards.map((standard) => ({ ...standard, entries: standard.questions.map(card) })) }));
    open.questions = sections.flatMap((section) => section.standards.flatMap((standard) => standard.entries));
    const search = el("input", { class: "govuk-input", type: "search", id: "search", autocomplete: "off" });
    const gapsOnly = el("input", { class: "govuk-checkboxes__input", type: "checkbox", id: "gaps-only" });
    const look = () => filter(search.value, gapsOnly.checked);
    search.addEventListener("input", look);
    gapsOnly.addEventListener("change", look);
    open.gaps = el("p", { class: "govuk-body cq-map__key" });
    open.found = el("p", { class: "govuk-body", role: "status" });
    const map = el(
      "nav",
      { class: "cq-work__map", "aria-label": "Questions" },
      el("h2", { class: "govuk-heading-m" }, "Questions"),
      el("div", { class: "govuk-form-group govuk-!-margin-bottom-2" }, el("label", { class: "govuk-label", for: "search" }, "Search the questions"), search),
      el("div", { class: "govuk-checkboxes govuk-checkboxes--small" }, el("div", { class: "govuk-checkboxes__item" }, gapsOnly, el("label", { class: "govuk-label govuk-checkboxes__label", for: "gaps-only" }, "Only what is missing"))),
      open.gaps,
      open.found,
      sections.map((section) => [
        el("h3", { class: "govuk-heading-s govuk-!-margin-bottom-1" }, section.title),
        el("ul", { class: "cq-map__chips" }, section.standards.flatMap((standard) => standard.entries.map((entry) => el("li", {}, entry.chip)))),
      ]),
    );
    const body = el(
      "div",
      {},
      sections.map((section) =>
        el(
          "div",
          { "data-part": true },
          el("h2", { class: "govuk-heading-l" }, section.title),
          section.standards.map((standard) =>
            el("section", { "data-part": true, "aria-labelledby": `standard-${standard.number}` }, el("h3", { class: "govuk-heading-m", id: `standard-${standard.number}` }, `${standard.number}. ${standard.title}`), standard.statement ? el("p", { class: "govuk-body" }, standard.statement) : null, standard.entries.map((entry) => entry.holder)),
          ),
        ),
      ),
    );
    open.map = map;
    return el("div", { class: "cq-work" }, body, map);
  }

  // The map shows which question is before the eyes.
  function follow() {
    const chips = new Map(open.questions.map(({ holder, chip }) => [holder, chip]));
    const watch = new IntersectionObserver(
      (seen) => seen.forEach(({ target, isIntersecting }) => chips.get(target).classList.toggle("cq-chip--here", isIntersecting)),
      { rootMargin: "-30% 0px -60% 0px" },
    );
    chips.forEach((_chip, holder) => watch.observe(holder));
    open.watch = watch;
  }

  // On a narrow screen the map comes as a sheet over the page, and goes back to its place.
  function showMap() {
    const { map } = open;
    const home = map.parentElement;
    const box = app.sidePieces.dialog("Go to a question", map, el("button", { type: "button", class: "govuk-button govuk-button--secondary", onclick: () => box.close() }, "Close"));
    box.addEventListener("close", () => home.append(map));
  }

  function tools() {
    app.tools(
      open.map ? el("button", { type: "button", class: "govuk-button govuk-button--secondary cq-kept__questions", onclick: showMap }, "Questions") : null,
      open.begun ? el("button", { type: "button", class: "govuk-button govuk-button--secondary", onclick: () => app.sidePieces.takeNote(open) }, "Take a note") : null,
      app.sidePieces.riskButton(open),
    );
  }

  async function show(me, visit) {
    const begun = visit.status === "in_progress" || (open && open.visit.id === visit.id && open.begun) || Boolean(await store.item(me, visit.id, "begin"));
    open = { me, visit, editors: new Map(), questions: [], begun };
    const done = visit.status !== "planned" && visit.status !== "in_progress";
    const top = [
      el("a", { class: "govuk-back-link", href: "#" }, "Visits on this device"),
      el("span", { class: "govuk-caption-l" }, `${visit.kind}, ${visit.day}`),
      el("h1", { class: "govuk-heading-l" }, visit.service),
      el("p", { class: "govuk-body" }, "Everything that you write is saved on this device as you go. Write Person A or Person B, never a name."),
      done ? el("div", { class: "cq-notice cq-notice--amber" }, el("p", { class: "govuk-body" }, "This visit has been completed or cancelled. What you write here cannot be sent unless a senior officer opens it again.")) : null,
    ];
    const work = begun && visit.sections.length ? workPart(visit) : null; // first: notes are filed under its questions
    tools();
    app.lead(visit.service, top, app.sidePieces.risk(open), facts(visit), begun || done ? null : beginPart(visit), work, begun ? app.sidePieces.notes(open) : null, begun ? app.sidePieces.feedback(open) : null, app.sidePieces.files(open), app.sidePieces.end(open, begun));
    for (const { editor } of open.questions) {
      open.editors.set(editor.name, editor);
    }
    await Promise.all([...open.editors.values()].map((editor) => editor.load()));
    await app.sidePieces.load(open);
    countGaps();
    follow();
  }

  async function leave() {
    if (open) {
      await Promise.all([...open.editors.values()].map((editor) => editor.save()));
      open.watch?.disconnect();
    }
    open = null;
    app.tools();
  }

  async function changed(name) {
    if (!open) {
      return;
    }
    const editor = open.editors.get(name);
    if (editor) {
      await editor.changed();
    } else {
      await app.sidePieces.changed(open, name);
    }
    app.sidePieces.fileNotes(open);
  }

  // The visit has been fetched anew: what has no row here shows the server's.
  async function refreshed() {
    const visit = open && (await store.visit(open.me, open.visit.id));
    if (!visit) {
      return;
    }
    open.visit = visit;
    for (const editor of open.editors.values()) {
      if (!(await store.item(open.me, visit.id, editor.name))) {
        const held = app.heldBy(visit, editor.name);
        const kind = app.kindOf(editor.name);
        const bare = kind === "answer" ? app.answerContent(editor.base.question, null) : editor.base;
        editor.take(held ? { ...editor.base, ...held.content } : bare, held ? held.version : 0);
      }
    }
    await app.sidePieces.refreshed(open);
  }

  const saveAll = () => open && open.editors.forEach((editor) => editor.save());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saveAll());
  window.addEventListener("pagehide", saveAll);

  app.workingPage = { show, leave, changed, refreshed, jump, area, fate, sendSoon, Editor, LONGEST_SIDE, MOST_BYTES };
})();
