// The pages on this device: what is kept and not sent (always in sight), the list of visits, and the way to a visit's working page.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const page = document.getElementById("page");
  const kept = document.getElementById("kept");
  const keptWords = document.getElementById("kept-words");
  const keptSend = document.getElementById("kept-send");
  const keptSignIn = document.getElementById("kept-sign-in");
  const keptDecide = document.getElementById("kept-decide");
  const keptTools = document.getElementById("kept-tools");
  const addresses = document.documentElement.dataset;
  let shown = null;
  let savedAt = null;
  let writing = 0;
  let whoseIsShown = null;

  // el("p", {class: "govuk-body"}, "words", el("strong", {}, "more"))
  function el(tag, attributes = {}, ...inside) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) {
        element.addEventListener(name.slice(2), value);
      } else if (value === true) {
        element.setAttribute(name, "");
      } else if (value !== false && value !== null && value !== undefined) {
        element.setAttribute(name, value);
      }
    }
    element.append(...parts(inside));
    return element;
  }
  const parts = (inside) => inside.flat(Infinity).filter((part) => part !== null && part !== undefined && part !== "");
  const clock = (moment) => new Date(moment).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const many = (number, one, more) => `${number} ${number === 1 ? one : more}`;

  const WORDS = {
    offline: "No network. What you write is kept here and sent when there is one.",
    "sign-in": "You are no longer signed in. What you wrote is kept here; sign in to send it.",
    forbidden: "You may no longer record visits. What you wrote is kept here; ask your manager.",
    trouble: "The server has trouble. What you wrote is kept here and sent again later.",
    sending: "Sending…",
  };

  async function showKept() {
    const me = await store.who();
    const rows = me ? await store.rowsOf(me) : [];
    const waiting = rows.filter((row) => row.state !== "sent");
    const stopped = rows.filter((row) => row.state === "conflict" || row.state === "refused").length;
    const offline = !navigator.onLine;
    const phase = offline ? "offline" : app.phase();
    const parts = [];
    if (!me) {
      parts.push(offline ? "Sign in when there is a network to open what is kept here." : "Nobody’s visits are open here.");
    } else if (waiting.length === 0 && writing > 0) {
      parts.push("What you write is being saved on this device.");
    } else if (waiting.length === 0) {
      parts.push(offline ? "No network. Everything written here has been sent." : "Everything is sent.");
    } else {
      parts.push(`${many(waiting.length, "thing", "things")} saved here, not sent.`);
      if (stopped) {
        parts.push(`${many(stopped, "waits", "wait")} for your decision.`);
      }
    }
    if (WORDS[phase] && (waiting.length > 0 || phase === "sign-in")) {
      parts.push(WORDS[phase]);
    }
    if (writing > 0) {
      parts.push("Saving…");
    } else if (savedAt) {
      parts.push(`Last saved on this device at ${clock(savedAt)}.`);
    }
    const words = parts.join(" ");
    if (keptWords.textContent !== words) {
      keptWords.textContent = words;
    }
    kept.dataset.unsent = String(waiting.length);
    kept.dataset.saving = writing > 0 ? "yes" : "no";
    kept.dataset.phase = phase;
    kept.classList.toggle("cq-kept--waiting", waiting.length > 0);
    keptSend.hidden = waiting.length === 0 || offline || phase === "sign-in";
    keptSignIn.hidden = phase !== "sign-in" || offline;
    keptSignIn.href = `${addresses.signIn}?next=${encodeURIComponent(location.pathname + location.hash)}`;
    keptDecide.hidden = !shown || !document.querySelector("[data-stopped]");
    const whose = document.getElementById("whose");
    whose.textContent = me ? await store.unsealText(me, me.name) : "";
    whose.hidden = !me;
  }

  function startWriting() {
    writing += 1;
    showKept();
  }
  function stopWriting(saved) {
    writing -= 1;
    savedAt = saved ? Date.now() : savedAt;
    showKept();
  }

  function lead(title, ...inside) {
    document.title = `${title} – carequality`;
    page.replaceChildren(...parts(inside));
  }

  async function download(button, note) {
    button.disabled = true;
    note.textContent = "Downloading…";
    try {
      const { me } = await app.session();
      const response = await app.ask("/audits/offline/visits/");
      if (!response.ok) {
        throw new app.Stop("trouble");
      }
      const { visits } = await response.json();
      for (const visit of visits) {
        await store.putVisit(me, visit);
      }
      for (const older of await store.visits(me)) {
        if (!visits.some((visit) => visit.id === older.id)) {
          await app.refresh(me, older.id); // completed meanwhile, it goes
        }
      }
      await showList(visits.length ? `${many(visits.length, "visit is", "visits are")} on this device now.` : "No visit of yours is due in the next 7 days.");
    } catch (fault) {
      note.textContent = WORDS[fault.why] || "The download did not work. Try again.";
      if (!(fault instanceof app.Stop)) {
        throw fault;
      }
      store.tell({ what: "phase", phase: fault.why });
    } finally {
      button.disabled = false;
    }
  }

  async function removeVisit(me, visit) {
    const dropped = await store.dropVisit(me, visit.id);
    await showList(dropped ? `The visit to ${visit.service} is no longer on this device.` : `The visit to ${visit.service} has work that is not sent; it stays.`);
  }

  async function showList(said = "") {
    const me = await store.who();
    const visits = me ? await store.visits(me) : [];
    const rows = me ? await store.rowsOf(me) : [];
    const note = el("p", { class: "govuk-body", role: "status" }, said);
    const button = el("button", { type: "button", class: "govuk-button" }, "Download my visits");
    button.addEventListener("click", () => download(button, note));
    const cards = visits.map((visit) => {
      const unsent = rows.filter((row) => row.visit === visit.id && row.state !== "sent").length;
      return el(
        "li",
        { class: "cq-visit" },
        el("h2", { class: "govuk-heading-m govuk-!-margin-bottom-1" }, el("a", { class: "govuk-link", href: `#visit-${visit.id}` }, visit.service)),
        el("p", { class: "govuk-body govuk-!-margin-bottom-1" }, `${visit.kind}, ${visit.day}`),
        el("p", { class: "govuk-body cq-muted" }, unsent ? `${many(unsent, "thing", "things")} not sent.` : "Everything is sent.", ` Downloaded ${new Date(visit.takenAt).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" })}.`),
        el("button", { type: "button", class: "govuk-button govuk-button--secondary", disabled: unsent > 0, onclick: () => removeVisit(me, visit) }, "Remove from this device", el("span", { class: "govuk-visually-hidden" }, `: ${visit.service}`)),
      );
    });
    lead(
      "Visits on this device",
      el("h1", { class: "govuk-heading-l" }, "Visits on this device"),
      el("p", { class: "govuk-body" }, "Download your visits while there is a network. Then this page opens without one: type it into the address bar, or keep a bookmark of it. What you write is saved on this device at once and sent as soon as it can be."),
      note,
      el("div", { class: "govuk-button-group" }, button),
      cards.length ? el("ul", { class: "govuk-list" }, cards) : el("p", { class: "govuk-body" }, me ? "No visit is on this device." : "Nobody’s visits are open on this device. What somebody else wrote here stays sealed until they sign in."),
      el("p", { class: "govuk-body" }, el("a", { class: "govuk-link", href: addresses.audits }, "All visits (needs a network)")),
    );
  }

  async function fetchVisit(id) {
    const { me } = await app.session();
    const response = await app.ask(`/audits/offline/visits/${id}/`);
    if (response.ok) {
      await store.putVisit(me, await response.json());
    }
    return response.ok;
  }

  async function showVisit(id) {
    let me = await store.who();
    let visit = me && (await store.visit(me, id));
    if (!visit) {
      try {
        await fetchVisit(id);
      } catch (fault) {
        store.tell({ what: "phase", phase: fault.why || "trouble" });
      }
      me = await store.who();
      visit = me && (await store.visit(me, id));
    }
    if (!visit) {
      lead(
        "This visit is not on this device",
        el("h1", { class: "govuk-heading-l" }, "This visit is not on this device"),
        el("p", { class: "govuk-body" }, "It must be downloaded while there is a network, by the person who is signed in."),
        el("p", { class: "govuk-body" }, el("a", { class: "govuk-link", href: "#" }, "Visits on this device")),
      );
      return;
    }
    await app.workingPage.show(me, visit);
  }

  // Somebody else may be the one signed in now: nothing of the last one stays on the screen.
  async function leaveIfAnother() {
    const me = await store.who();
    if (whoseIsShown !== null && (!me || me.person !== whoseIsShown)) {
      whoseIsShown = null;
      await route();
    }
  }

  async function route() {
    const found = /^#visit-(\d+)$/.exec(location.hash);
    if (!found && location.hash && location.hash !== "#" && shown !== null) {
      return; // a place within the page
    }
    const next = found ? Number(found[1]) : 0;
    shown = next;
    if (app.workingPage.leave) {
      await app.workingPage.leave();
    }
    page.dataset.ready = "";
    await (next ? showVisit(next) : showList());
    const me = await store.who();
    whoseIsShown = me ? me.person : null;
    page.dataset.ready = String(next);
    await showKept();
  }

  store.listen((message) => {
    if (message.what === "who") {
      leaveIfAnother();
      return;
    }
    if (message.what === "refreshed" && shown === message.visit) {
      app.workingPage.refreshed();
    } else if (shown === 0 && message.what === "item") {
      showList();
    } else if (shown && message.what === "item" && message.visit === shown) {
      app.workingPage.changed(message.item);
    }
    showKept();
  });

  // The bar's height, so that nothing that is jumped to lies beneath it.
  new ResizeObserver(() => document.documentElement.style.setProperty("--cq-kept", `${kept.offsetHeight}px`)).observe(kept);
  keptDecide.addEventListener("click", () => app.workingPage.jump(document.querySelector("[data-stopped]")));
  keptSend.addEventListener("click", () => app.flush({ retry: true }));
  window.addEventListener("hashchange", route);
  window.addEventListener("online", showKept);
  window.addEventListener("offline", showKept);
  const tools = (...buttons) => keptTools.replaceChildren(...parts(buttons));
  Object.assign(app, { el, lead, tools, clock, many, startWriting, stopWriting, showKept });

  window.addEventListener("load", async () => {
    if ("serviceWorker" in navigator) {
      navigator.serviceWorker.register(addresses.worker, { scope: "/" }).catch(() => {});
    }
    if (navigator.onLine) {
      // The server knows who is signed in; without an answer, what is here stands.
      await app.session().catch((fault) => {
        if (fault instanceof app.Stop && fault.why !== "offline") {
          store.tell({ what: "phase", phase: fault.why });
        }
      });
    }
    await route();
    await app.flushIfNeeded();
  });
})();
