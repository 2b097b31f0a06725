// On the page of a section: what is typed is saved as one goes, some seconds after the last key and at the latest after
// ten. The button does the same without this file; what cannot be saved so (a faulty value, a colleague's change) stays
// as typed for the button to explain. A link waits until what was typed is saved, and the browser asks before a page is
// left with words that are not.
"use strict";
(() => {
  const PAUSE = 2000;
  const LONGEST_WAIT = 8000;
  const form = document.querySelector("form[data-saves]");
  const words = document.getElementById("saving-words");
  let timer = 0;
  let since = 0;
  let busy = Promise.resolve();
  let flying = 0;

  const say = (text) => {
    words.textContent = text;
  };
  const typed = () => {
    const data = new FormData(form);
    return [...data]
      .map(([name, value]) => `${name}=${value}`)
      .filter((pair) => !/^(csrf|q\d+-seen)/.test(pair))
      .join("\n");
  };
  let saved = typed();

  async function send() {
    const before = typed();
    if (before === saved) {
      return;
    }
    say("Saving…");
    let response;
    try {
      response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Saving": "as-one-goes" },
        redirect: "manual",
        keepalive: before.length < 30000,
      });
    } catch {
      say("You are offline, so this is not saved yet. Use the visit’s offline page to save without a network.");
      return;
    }
    if (response.type === "opaqueredirect" || response.status === 403) {
      say(
        "You are no longer signed in, so this is not saved yet. Select Save. We keep what you typed while you sign in.",
      );
      return;
    }
    if (!response.ok) {
      say("Not saved yet. Select Save to see why.");
      return;
    }
    const { seen, left, at } = await response.json();
    for (const [name, version] of Object.entries(seen)) {
      form.elements[name].value = version;
    }
    if (left) {
      say(`${left === 1 ? "One answer is" : `${left} answers are`} not saved yet. Select Save to see why.`);
    } else {
      saved = before;
      say(`Saved at ${at}.`);
    }
  }

  function save() {
    clearTimeout(timer);
    since = 0;
    flying += 1;
    busy = busy.then(send, send).finally(() => {
      flying -= 1;
    });
  }

  const isUnsaved = () => typed() !== saved;
  const asked = new Set(); // the links and forms that have waited once
  let isSent = false;

  function settled() {
    save();
    return busy.catch(() => {});
  }

  form.addEventListener("input", () => {
    asked.clear();
    const now = Date.now();
    since ||= now;
    say("Not saved yet.");
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(PAUSE, since + LONGEST_WAIT - now)));
  });
  // A button waits for the saving that is under way, so that one's own words are never taken for a colleague's. Another
  // form of the page (signing out, a search) waits until what was typed last is saved.
  document.addEventListener(
    "submit",
    (event) => {
      const { target, submitter } = event;
      clearTimeout(timer);
      if (flying || (target !== form && isUnsaved() && !asked.has(target))) {
        event.preventDefault();
        event.stopImmediatePropagation();
        // Once: what cannot be saved does not keep anybody here; the browser asks before it lets it go.
        asked.add(target);
        settled().then(() => target.requestSubmit(submitter));
      } else if (target === form) {
        isSent = true;
      }
    },
    true,
  );
  // A link to another page waits in the same way: a request that is sent while the page goes may never arrive.
  document.addEventListener("click", (event) => {
    const to = event.target.closest("a[href]");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    const leads = to && isPlain && !to.target && !to.download && to.pathname !== location.pathname;
    if (leads && isUnsaved() && !asked.has(to) && !event.defaultPrevented) {
      event.preventDefault();
      asked.add(to);
      settled().then(() => to.click());
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved() && !isSent) {
      save();
      event.preventDefault();
    }
  });
  // Come back to by the browser's own button, the page is as it was left.
  window.addEventListener("pageshow", () => {
    isSent = false;
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
})();
