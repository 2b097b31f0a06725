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
  let leaving = false;

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

  form.addEventListener("input", () => {
    const now = Date.now();
    since ||= now;
    say("Not saved yet.");
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(PAUSE, since + LONGEST_WAIT - now)));
  });
  // A button waits for the saving that is under way, so that one's own words are never taken for a colleague's.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (flying) {
      event.preventDefault();
      const { submitter } = event;
      const again = () => form.requestSubmit(submitter);
      busy.then(again, again);
    } else {
      leaving = true;
    }
  });
  const isUnsaved = () => flying > 0 || typed() !== saved;

  // A browser that leaves a page may drop what the page is still sending, so the link is followed once the server has
  // answered.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !link || !isPlain || link.target || link.hasAttribute("download") || !isUnsaved()) {
      return;
    }
    const isHere = link.pathname === location.pathname && link.search === location.search;
    if (link.origin !== location.origin || isHere) {
      return;
    }
    event.preventDefault();
    save();
    const go = () => location.assign(link.href);
    busy.then(go, go);
  });
  window.addEventListener("beforeunload", (event) => {
    if (leaving || !isUnsaved()) {
      return;
    }
    // Whoever stays finds it saved; whoever goes has it sent all the same.
    if (!flying) {
      save();
    }
    event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
})();
