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
    sending: "Sending…",
  };

  function howMuch(me, waiting, isOffline) {
    if (!me) {
      const when = isOffline ? "When you are back online, sign in" : "Sign in";
      return [`${when} to open your visits on this device.`];
    }
    if (waiting.length > 0) {
      const stopped = waiting.filter((row) => row.state === "conflict" || row.state === "refused").length;
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

  async function show() {
    const me = await store.who();
    const rows = me ? await store.rowsOf(me) : [];
    const waiting = rows.filter((row) => row.state !== "sent");
    const isOffline = !navigator.onLine;
    const phase = isOffline ? "offline" : app.phase();
    const why = waiting.length > 0 || phase === "sign-in" ? PHASES[phase] : "";
    const text = [...howMuch(me, waiting, isOffline), why, whenSaved()].filter(Boolean).join(" ");
    // A screen reader reads this aloud whenever it is set, so it is set only when it says something else.
    if (words.textContent !== text) {
      words.textContent = text;
    }
    bar.dataset.unsent = String(waiting.length);
    bar.dataset.saving = writing > 0 ? "yes" : "no";
    bar.dataset.phase = phase;
    bar.classList.toggle("cq-kept--waiting", waiting.length > 0);
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

  app.bar = { show, startWriting, stopWriting, PHASES, setTools: (...inside) => fill(tools, inside) };
})();
