// What this device could not write down. It stands in the boxes of a page and nowhere else, so that it is said by the
// field and in the bar, tried again, counted as not sent, and keeps its writer from leaving or signing out over it.
"use strict";
(() => {
  const app = window.carequality;
  const AGAIN_AFTER = 5000;
  const LOCK = "carequality-not-saved"; // held while something is not saved: other tabs ask for it (guard.js)
  const FULL = {
    why: "This device is full.",
    what: "Delete files you do not need, or copy what you wrote to another place.",
  };
  const NO_STORAGE = {
    why: "This browser does not let us save here. It may be a private window, or storage may be turned off.",
    what: "Copy what you wrote, then open this page in an ordinary window.",
  };
  const OTHER = { why: "This device could not save it.", what: "Copy what you wrote to another place." };
  const REASONS = {
    QuotaExceededError: FULL,
    InvalidStateError: NO_STORAGE,
    SecurityError: NO_STORAGE,
    NotAllowedError: NO_STORAGE,
  };
  const held = new Map(); // name → { fault, retry }
  let release = null;
  let timer = 0;

  const reason = (fault) => REASONS[fault?.name] || OTHER;
  const KEEP_TRYING = "We keep trying.";
  const TRY_AGAIN = "Then try again."; // what only a button does
  const words = (fault, then = KEEP_TRYING) => `NOT SAVED. ${reason(fault).why} ${reason(fault).what} ${then}`;

  function changed() {
    if (held.size > 0 && !release) {
      const over = new Promise((done) => {
        release = done;
      });
      navigator.locks.request(LOCK, { mode: "shared" }, () => over);
      timer = setInterval(tryAgain, AGAIN_AFTER);
    } else if (held.size === 0 && release) {
      release();
      release = null;
      clearInterval(timer);
    }
    app.bar.show();
  }

  // `retry` saves what stands in the boxes now, and says itself whether that failed once more.
  function failed(name, fault, retry) {
    held.set(name, { fault, retry });
    changed();
  }

  function saved(name) {
    if (held.delete(name)) {
      changed();
    }
  }

  function tryAgain() {
    for (const { retry } of [...held.values()]) {
      retry?.();
    }
  }

  // Most of what a browser refuses, it refuses for one reason: the first is told.
  function inWords() {
    const [first] = held.values();
    const { why, what } = reason(first.fault);
    const then = first.retry ? KEEP_TRYING : TRY_AGAIN;
    return `NOT SAVED: ${app.words.many(held.size, "item", "items")}. ${why} ${what} ${then}`;
  }

  app.unsaved = { failed, saved, tryAgain, words, TRY_AGAIN, inWords, count: () => held.size };
})();
