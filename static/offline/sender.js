// Sends what is kept, one tab at a time and one thing after another. Each thing has a key of its own, made here, and is
// sent byte for byte the same until the server has answered: so a lost answer or a killed browser makes nothing twice.
// What the server fails on is passed over, with growing pauses, and keeps nothing else back.
"use strict";
(() => {
  const app = window.carequality;
  const { store, ask, session, refresh, kindOf, Stop } = app;
  const AGAIN_AFTER = 20000;
  const ORDER = ["begin", "risk", "answer", "note", "feedback", "file"];
  const NOT_ACCEPTED = "There was a problem on the server. Try again, or copy what you wrote";
  const GONE = "This visit does not exist any more. Copy what you wrote, then delete it";
  // Minutes until a thing on which the server failed is tried once more; the last holds from then on.
  const PAUSES = [0.25, 1, 5, 15, 60];
  // After so many its writer may decide to let it go.
  const ENOUGH_TRIES = 5;
  // Nothing of these is taken before the visit has begun.
  const NEEDS_BEGINNING = ["answer", "note", "feedback"];
  let phase = "idle";
  let running = null;
  let wanted = null; // how the run that follows is asked for
  let following = null;

  function say(next) {
    phase = next;
    store.announce({ what: "phase", phase });
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

  async function bodyOf(me, row) {
    if (row.late) {
      return { ...(await store.unsealJson(me, row.late)), item: "late" };
    }
    const { label: _label, ...content } = await store.unsealJson(me, row.sealed);
    return { ...content, item: kindOf(row.item), seen: row.seen };
  }

  // Fix what is sent of a row: its key, its content as it is now and the version beneath it.
  async function fix(me, row) {
    const sealed = await store.sealText(me, JSON.stringify(await bodyOf(me, row)));
    const op = { key: crypto.randomUUID(), edit: row.edit, sealed, isLate: Boolean(row.late) };
    return store.alter(me, row.visit, row.item, (stood) =>
      stood.op || stood.edit !== row.edit || Boolean(stood.late) !== op.isLate ? stood : { ...stood, op },
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
    const { key, sealed } = fixed.op;
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
    await store.alter(me, row.visit, row.item, (stood) =>
      stood.op && stood.op.key === key ? answered(stood, got, theirs) : stood,
    );
  }

  // The row after the server's answer; null when nothing of it has to stay here.
  function answered(stood, got, theirs) {
    const done = { ...stood, op: null, reason: "", theirs: null, late: null, tries: 0, retryAt: 0 };
    if (got.state === "stored") {
      if (stood.edit !== stood.op.edit) {
        return { ...done, seen: got.version, state: "waiting" };
      }
      return stood.op.isLate || ["file", "risk", "begin"].includes(kindOf(stood.item))
        ? null
        : { ...done, seen: got.version, state: "sent", file: null };
    }
    if (got.state === "conflict") {
      return { ...done, theirs, theirVersion: got.version, state: "conflict" };
    }
    return { ...done, state: "refused", reason: got.reason || NOT_ACCEPTED };
  }

  async function answer(response) {
    try {
      return await response.json();
    } catch {
      return { state: "refused", reason: response.status === 404 ? GONE : NOT_ACCEPTED };
    }
  }

  // Send one; whether it went. A server that answers, and fails on this one alone, is asked for the next.
  async function sendOrPassOver(signedIn, row) {
    try {
      await send(signedIn, row);
      return true;
    } catch (fault) {
      if (fault instanceof Stop && fault.why !== "trouble" && fault.why !== "offline") {
        throw fault;
      }
      const fresh = await session(); // Fails too when it is the network, or the whole server.
      signedIn.csrf = fresh.csrf;
      const tries = (row.tries || 0) + 1;
      const pause = PAUSES[Math.min(tries, PAUSES.length) - 1];
      const retryAt = Date.now() + pause * 60000;
      // Written anew meanwhile, it is another thing. A device that is full cannot even count: the next one goes.
      const count = (stood) => (stood.edit === row.edit ? { ...stood, tries, retryAt } : stood);
      await store.alter(signedIn.me, row.visit, row.item, count).catch(() => {});
      return false;
    }
  }

  const inTurn = (one, other) =>
    ORDER.indexOf(kindOf(one.item)) - ORDER.indexOf(kindOf(other.item)) || one.at - other.at;

  // What can be sent: not drafts, not what waits for a decision or for its next try; what was refused only when somebody
  // asks for it.
  function sendable(rows, { retry = false, now = Date.now() } = {}) {
    const mayGo = (row) => row.op || row.state === "waiting" || (retry && row.state === "refused");
    const isPaused = (row) => !retry && (row.retryAt || 0) > now;
    const begins = rows.filter((row) => kindOf(row.item) === "begin" && row.state === "waiting");
    const notBegun = new Set(begins.filter(isPaused).map((row) => row.visit));
    const isHeldUp = (row) => notBegun.has(row.visit) && NEEDS_BEGINNING.includes(kindOf(row.item));
    return rows.filter((row) => mayGo(row) && !isPaused(row) && !isHeldUp(row)).sort(inTurn);
  }

  const isStuck = (row) => row.state !== "sent" && (row.tries || 0) >= ENOUGH_TRIES;

  async function sendAll({ retry, all }) {
    const mine = await store.who();
    const held = await store.unsent(mine);
    if (mine && held === 0) {
      say("idle");
      return;
    }
    const signedIn = await app.sessionToRecord();
    const touched = new Set();
    // Asked for by a person, everything is tried; a page that opens tries also what is in a pause.
    let how = { retry, now: all ? Infinity : Date.now() };
    const passed = new Set(); // none is tried twice in one go
    const name = (row) => `${row.visit} ${row.item} ${row.edit}`;
    for (;;) {
      const rows = sendable(await store.rowsOf(signedIn.me), how).filter((row) => !passed.has(name(row)));
      how = {};
      if (rows.length === 0) {
        break;
      }
      say("sending");
      const notBegun = new Set();
      for (const row of rows) {
        if (notBegun.has(row.visit) && NEEDS_BEGINNING.includes(kindOf(row.item))) {
          continue;
        }
        touched.add(row.visit);
        if (await sendOrPassOver(signedIn, row)) {
          continue;
        }
        passed.add(name(row));
        if (kindOf(row.item) === "begin") {
          notBegun.add(row.visit);
        }
      }
    }
    for (const id of touched) {
      await refresh(signedIn.me, id);
    }
    say("idle");
  }

  // One sender for all tabs: the lock waits in turn. Whoever asks while it runs waits for the run that follows: the
  // present one may have passed over, or failed on, just what they ask for.
  function flush({ retry = false, all = false } = {}) {
    if (running) {
      wanted = { retry: retry || Boolean(wanted?.retry), all: all || Boolean(wanted?.all) };
      following ??= running
        .catch(() => {})
        .then(() => {
          const next = wanted;
          wanted = null;
          following = null;
          return flush(next);
        });
      return following;
    }
    running = navigator.locks
      .request("carequality-sender", async () => {
        try {
          await sendAll({ retry, all });
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
      });
    return running;
  }

  async function flushIfNeeded({ all = false } = {}) {
    const me = (await store.known()) ? await store.who() : null;
    const rows = me ? await store.rowsOf(me) : [];
    if (sendable(rows, all ? { now: Infinity } : {}).length > 0) {
      await flush({ all });
    }
  }

  store.listen((message) => {
    if (message.what === "phase") {
      phase = message.phase;
    }
  });
  const quietly = (promise) => promise.catch(() => {});
  window.addEventListener("online", () => quietly(flushIfNeeded({ all: true })));
  window.addEventListener("offline", () => say("offline"));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      quietly(flushIfNeeded());
    }
  });
  setInterval(() => quietly(flushIfNeeded()), AGAIN_AFTER);
  const isWorkingPage = "offlinePages" in document.body.dataset;
  window.addEventListener("load", () => quietly(flushIfNeeded({ all: isWorkingPage })));

  Object.assign(app, { flush, flushIfNeeded, isStuck, phase: () => phase });
})();
