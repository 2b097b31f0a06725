// Asking the server, and bringing what it holds of a visit up to date on this device.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const LONGEST_ANSWER = 5 * 60 * 1000; // a photograph over a bad telephone line takes minutes
  const kindOf = (item) => item.split("-")[0];

  class Stop extends Error {
    constructor(why) {
      super(why);
      this.why = why;
    }
  }

  async function ask(address, options = {}) {
    let response;
    try {
      const signal = AbortSignal.timeout?.(LONGEST_ANSWER);
      response = await fetch(address, { redirect: "manual", cache: "no-store", signal, ...options });
    } catch {
      throw new Stop("offline");
    }
    if (response.type === "opaqueredirect") {
      throw new Stop("sign-in");
    }
    if (response.status === 403) {
      throw new Stop("forbidden");
    }
    if (response.status >= 500) {
      throw new Stop("trouble");
    }
    if (response.status === 429) {
      throw new Stop("busy");
    }
    return response;
  }

  // Who is signed in now, with a fresh token. Whoever it is becomes the one whose work opens here.
  async function session() {
    const response = await ask("/audits/offline/session/");
    if (!response.ok) {
      throw new Stop("trouble");
    }
    const answer = await response.json();
    if (!answer.may_send && (await store.known())) {
      await store.dropVisitsOf(answer.person);
    }
    return { ...answer, me: await store.become(answer) };
  }

  // As before, for somebody who may record visits.
  async function sessionToRecord() {
    const signedIn = await session();
    if (!signedIn.may_send) {
      throw new Stop("forbidden");
    }
    return signedIn;
  }

  const questionsOf = (bundle) =>
    bundle.sections.flatMap((section) => section.standards.flatMap((standard) => standard.questions));

  // The question that is asked now in the place of one of another version of the template; undefined when none is.
  const questionFor = (bundle, id) =>
    questionsOf(bundle).find((question) => question.id === id || question.same?.includes(id));

  // What the server holds of one thing, as this device keeps it, with its version; null when it holds none.
  function heldBy(bundle, name) {
    const [kind, ...rest] = name.split("-");
    const id = rest.join("-");
    if (kind === "answer") {
      const answer = questionsOf(bundle).find((question) => String(question.id) === id)?.answer;
      return answer ? { content: answerContent(Number(id), answer), version: answer.version } : null;
    }
    if (kind === "note") {
      const note = bundle.notes.find((each) => each.id === id);
      return note ? { content: { text: note.text, question: note.question }, version: note.version } : null;
    }
    if (kind === "feedback") {
      const { version, ...content } = bundle.feedback;
      return { content, version };
    }
    return null;
  }

  function answerContent(question, answer) {
    const { value = "", not_applicable = false, sources = {}, note = "" } = answer || {};
    return { question, value, not_applicable, sources, note };
  }

  // After everything of a visit has been sent that can be: fetch it anew. What was sent takes on what a colleague has
  // made of it since; a visit that is completed leaves this device when nothing of it is left to send.
  async function refresh(me, id) {
    const before = await store.rowsOf(me, id);
    if (before.some((row) => (row.op || row.state === "waiting") && !row.tries)) {
      return;
    }
    const response = await ask(`/audits/offline/visits/${id}/`);
    if (!response.ok) {
      return;
    }
    const bundle = await response.json();
    await store.putVisit(me, bundle);
    for (const row of before.filter((each) => each.state === "sent")) {
      const held = heldBy(bundle, row.item);
      if (held && held.version > row.seen) {
        await takeOver(me, row, held);
      }
    }
    store.announce({ what: "refreshed", visit: id });
    if (!["planned", "in_progress"].includes(bundle.status)) {
      await store.dropVisit(me, id);
    }
  }

  async function takeOver(me, row, held) {
    const { content, label, isDamaged } = await store.open(me, row);
    if (isDamaged) {
      return;
    }
    const sealed = await store.sealJson(me, { ...content, ...held.content, ...(label ? { label } : {}) });
    await store.alter(me, row.visit, row.item, (stood) =>
      stood.edit === row.edit && stood.state === "sent" && !stood.op
        ? { ...stood, sealed, seen: held.version, edit: stood.edit + 1 }
        : stood,
    );
  }

  Object.assign(app, {
    ask,
    session,
    sessionToRecord,
    refresh,
    heldBy,
    questionsOf,
    questionFor,
    answerContent,
    kindOf,
    Stop,
  });
})();
