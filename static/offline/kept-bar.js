// The bar at the top of the pages on this device: how much is saved here and not sent, and what can be done about it.
// It is always in sight, since whoever closes the laptop must know whether the council has what they wrote.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const { fill } = app.elements;
  const { many, clock } = app.words;
  const addresses = document.documentElement.dataset;
  const bar = document.getElementById("kept");
  const words = document.getElementById("kept-words");
  const send = document.getElementById("kept-send");
  const signIn = document.getElementById("kept-sign-in");
  const decide = document.getElementById("kept-decide");
  const tools = document.getElementById("kept-tools");
  const whose = document.getElementById("whose");
  let savedAt = null;
  let writing = 0;

  // Why nothing is sent at the moment, by the sender's phase.
  const PHASES = {
    offline: "You are offline. We will send your work when you are back online.",
    "sign-in": "You are no longer signed in. Sign in to send your work.",
    forbidden: "You no longer have permission to record visits. Your work stays on this device. Ask your manager.",
    trouble: "There is a problem with the server. We will try again in a moment.",
    busy: "The server is busy. We will try again in a moment.",
    sending: "Sending…",
  };

  // Why nothing opens here at the moment.
  const CLOSED = {
    "signed-out": "Sign in to open your visits on this device.",
    clock: "This device’s clock is wrong, so your visits are closed.",
    expired: "Your visits are closed until you are online and signed in.",
    passphrase: "Enter your passphrase to open your visits on this device.",
  };

  function howMuch(closed, waiting, isOffline) {
    if (closed) {
      const isSignedOut = closed === "signed-out" && isOffline;
      return [isSignedOut ? "When you are back online, sign in to open your visits on this device." : CLOSED[closed]];
    }
    if (waiting.length > 0) {
      const stopped = waiting.filter(app.held.isStopped).length;
      return [
        `${many(waiting.length, "item", "items")} saved on this device, not sent.`,
        stopped ? `${many(stopped, "item needs", "items need")} your decision.` : "",
      ];
    }
    // Nothing waits, but something is being typed: "sent" would be true for less than a second.
    if (writing > 0) {
      return [];
    }
    return [isOffline ? "You are offline." : "", "Everything has been sent."];
  }

  function whenSaved() {
    if (writing > 0) {
      return "Saving on this device…";
    }
    return savedAt ? `Last saved on this device at ${clock(savedAt)}.` : "";
  }

  // What is known of the device; nothing when it does not even let itself be read.
  async function look() {
    try {
      const me = await store.who();
      const closed = me ? "" : (await app.door.state()).why;
      return { me, closed, rows: me ? await store.rowsOf(me) : [] };
    } catch (fault) {
      return { me: null, closed: "", rows: [], fault };
    }
  }

  async function show() {
    const { me, closed, rows, fault } = await look();
    const waiting = rows.filter((row) => row.state !== "sent");
    const notSaved = app.unsaved.count();
    const isOffline = !navigator.onLine;
    const phase = isOffline ? "offline" : app.phase();
    const why = waiting.length > 0 || phase === "sign-in" ? PHASES[phase] : "";
    // What is not on this device comes first, and "everything has been sent" is never said beside it.
    const first = notSaved ? [app.unsaved.inWords()] : fault ? [app.unsaved.words(fault)] : [];
    const sent = first.length && waiting.length === 0 ? [] : howMuch(closed, waiting, isOffline);
    const text = [...first, ...sent, why, notSaved ? "" : whenSaved()].filter(Boolean).join(" ");
    // A screen reader reads this aloud whenever it is set, so it is set only when it says something else.
    if (words.textContent !== text) {
      words.textContent = text;
    }
    bar.dataset.unsent = String(waiting.length + notSaved);
    bar.dataset.notSaved = String(notSaved);
    bar.dataset.saving = writing > 0 ? "yes" : "no";
    bar.dataset.phase = phase;
    bar.classList.toggle("cq-kept--waiting", waiting.length > 0);
    bar.classList.toggle("cq-kept--failed", first.length > 0);
    send.hidden = waiting.length === 0 || isOffline || phase === "sign-in";
    signIn.hidden = phase !== "sign-in" || isOffline;
    signIn.href = `${addresses.signIn}?next=${encodeURIComponent(location.pathname + location.hash)}`;
    decide.hidden = !document.querySelector("[data-stopped]");
    whose.textContent = me ? await store.unsealText(me, me.name) : "";
    whose.hidden = !me;
  }

  // Between a keystroke and its saving the bar says "saving", so that nobody closes the laptop on it. Several boxes may
  // be on their way at once: each that starts must stop once, whatever becomes of it.
  function startWriting() {
    writing += 1;
    // At once: show() asks the disk first, and until then the bar would say that all is saved.
    bar.dataset.saving = "yes";
    show();
  }

  function stopWriting(isSaved) {
    writing -= 1;
    savedAt = isSaved ? Date.now() : savedAt;
    show();
  }

  // The bar's height, so that nothing that is jumped to lies beneath it.
  const measure = () => document.documentElement.style.setProperty("--cq-kept", `${bar.offsetHeight}px`);
  new ResizeObserver(measure).observe(bar);
  decide.addEventListener("click", () => app.jump(document.querySelector("[data-stopped]")));
  send.addEventListener("click", () => app.flush({ retry: true }));
  window.addEventListener("online", show);
  window.addEventListener("offline", show);

  app.bar = {
    show,
    startWriting,
    stopWriting,
    isWriting: () => writing > 0,
    PHASES,
    setTools: (...inside) => fill(tools, inside),
  };
})();
