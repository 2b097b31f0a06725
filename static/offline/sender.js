// Sends what is kept, one tab at a time and one thing after another. Each thing has a key of its own, made here, and is
// sent byte for byte the same until the server has answered: so a lost answer or a killed browser makes nothing twice.
"use strict";
(() => {
  const { store } = window.carequality;
  const AGAIN_AFTER = 20000;
  const ORDER = ["begin", "risk", "answer", "note", "feedback", "file"];
  const NOT_ACCEPTED = "There was a problem on the server. Try again, or copy what you wrote";
  const kindOf = (item) => item.split("-")[0];
  let phase = "idle";
  let running = null;
  let wanted = false;

  class Stop extends Error {
    constructor(why) {
      super(why);
      this.why = why;
    }
  }

  function say(next) {
    phase = next;
    store.announce({ what: "phase", phase });
  }

  async function ask(address, options = {}) {
    let response;
    try {
      response = await fetch(address, { redirect: "manual", cache: "no-store", ...options });
    } catch {
      throw new Stop("offline");
    }
    if (response.type === "opaqueredirect") {
      throw new Stop("sign-in");
    }
    if (response.status === 403) {
      throw new Stop("forbidden");
    }
    if (response.status >= 500 || response.status === 429) {
      throw new Stop("trouble");
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
    return { ...answer, me: await store.become(answer) };
  }

  function form(me, row, body, file) {
    const data = new FormData();
    data.set("key", row.op.key);
    data.set("person", String(me.person));
    data.set("body", body);
    if (file) {
      data.set("file", new Blob([file]), "file");
    }
    return data;
  }

  // Fix what is sent of a row: its key, its content as it is now and the version beneath it.
  async function fix(me, row) {
    const content = await store.unsealJson(me, row.sealed);
    const body = JSON.stringify({ ...content, item: kindOf(row.item), seen: row.seen });
    const op = { key: crypto.randomUUID(), edit: row.edit, sealed: await store.sealText(me, body) };
    return store.alter(me, row.visit, row.item, (stood) =>
      stood.op || stood.edit !== row.edit ? stood : { ...stood, op },
    );
  }

  async function send(signedIn, row) {
    const { me } = signedIn;
    let fixed = row;
    while (!fixed.op) {
      fixed = await fix(me, fixed);
      if (!fixed) {
        return;
      }
    }
    const { key, edit, sealed } = fixed.op;
    const body = await store.unsealText(me, sealed);
    const file = fixed.file ? await store.unseal(me, fixed.file) : null;
    const response = await ask(`/audits/offline/visits/${row.visit}/send/`, {
      method: "POST",
      headers: { "X-CSRFToken": signedIn.csrf },
      body: form(me, fixed, body, file),
    });
    const got = await answer(response);
    if (got.state === "another_person") {
      throw new Stop("sign-in");
    }
    const theirs = got.state === "conflict" ? await store.sealJson(me, got.theirs) : null;
    await store.alter(me, row.visit, row.item, (stood) => {
      if (!stood.op || stood.op.key !== key) {
        return stood;
      }
      const done = { ...stood, op: null, reason: "", theirs: null };
      if (got.state === "stored") {
        if (stood.edit !== edit) {
          return { ...done, seen: got.version, state: "waiting" };
        }
        return ["file", "risk", "begin"].includes(kindOf(stood.item))
          ? null
          : { ...done, seen: got.version, state: "sent", file: null };
      }
      if (got.state === "conflict") {
        return { ...done, theirs, theirVersion: got.version, state: "conflict" };
      }
      return { ...done, state: "refused", reason: got.reason || NOT_ACCEPTED };
    });
  }

  async function answer(response) {
    try {
      return await response.json();
    } catch {
      return {
        state: "refused",
        reason:
          response.status === 404
            ? "This visit does not exist any more. Copy what you wrote, then delete it"
            : NOT_ACCEPTED,
      };
    }
  }

  const inTurn = (one, other) =>
    ORDER.indexOf(kindOf(one.item)) - ORDER.indexOf(kindOf(other.item)) || one.at - other.at;

  // What can be sent: not drafts, not what waits for a decision; what was refused only when somebody asks for it.
  function sendable(rows, retry) {
    return rows.filter((row) => row.op || row.state === "waiting" || (retry && row.state === "refused")).sort(inTurn);
  }

  // What the server holds of one thing, as this device keeps it, with its version; null when it holds none.
  function heldBy(bundle, name) {
    const [kind, ...rest] = name.split("-");
    const id = rest.join("-");
    if (kind === "answer") {
      const questions = bundle.sections.flatMap((section) =>
        section.standards.flatMap((standard) => standard.questions),
      );
      const answer = questions.find((question) => String(question.id) === id)?.answer;
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

  // After everything of a visit has been sent: fetch it anew. What was sent takes on what a colleague has made of it
  // since; a visit that is completed leaves this device.
  async function refresh(me, id) {
    const before = await store.rowsOf(me, id);
    if (before.some((row) => row.op || row.state === "waiting")) {
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
        const sealed = await store.sealJson(me, { ...(await store.unsealJson(me, row.sealed)), ...held.content });
        await store.alter(me, id, row.item, (stood) =>
          stood.edit === row.edit && stood.state === "sent" && !stood.op
            ? { ...stood, sealed, seen: held.version, edit: stood.edit + 1 }
            : stood,
        );
      }
    }
    store.announce({ what: "refreshed", visit: id });
    if (!["planned", "in_progress"].includes(bundle.status)) {
      await store.dropVisit(me, id);
    }
  }

  async function sendAll({ retry }) {
    const mine = await store.who();
    const held = await store.unsent(mine);
    if (mine && held === 0) {
      say("idle");
      return;
    }
    const signedIn = await session();
    const touched = new Set();
    let first = true;
    for (;;) {
      const rows = sendable(await store.rowsOf(signedIn.me), retry && first);
      first = false;
      if (rows.length === 0) {
        break;
      }
      say("sending");
      for (const row of rows) {
        touched.add(row.visit);
        await send(signedIn, row);
      }
    }
    for (const id of touched) {
      await refresh(signedIn.me, id);
    }
    say("idle");
  }

  // One sender for all tabs: the lock waits in turn. Asked for while it runs, it runs once more.
  function flush({ retry = false } = {}) {
    if (running) {
      wanted = true;
      return running;
    }
    running = navigator.locks
      .request("carequality-sender", async () => {
        try {
          await sendAll({ retry });
        } catch (fault) {
          if (!(fault instanceof Stop)) {
            say("trouble");
            throw fault;
          }
          say(fault.why);
        }
      })
      .finally(() => {
        running = null;
        if (wanted) {
          wanted = false;
          flush();
        }
      });
    return running;
  }

  async function flushIfNeeded() {
    const me = (await store.known()) ? await store.who() : null;
    const rows = me ? await store.rowsOf(me) : [];
    if (sendable(rows, false).length > 0) {
      await flush();
    }
  }

  store.listen((message) => {
    if (message.what === "phase") {
      phase = message.phase;
    }
  });
  const quietly = (promise) => promise.catch(() => {});
  window.addEventListener("online", () => quietly(flushIfNeeded()));
  window.addEventListener("offline", () => say("offline"));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      quietly(flushIfNeeded());
    }
  });
  setInterval(() => quietly(flushIfNeeded()), AGAIN_AFTER);
  window.addEventListener("load", () => quietly(flushIfNeeded()));

  Object.assign(window.carequality, {
    ask,
    session,
    flush,
    flushIfNeeded,
    refresh,
    heldBy,
    answerContent,
    kindOf,
    phase: () => phase,
    Stop,
  });
})();
