// What stands on the page, by its address: the list of visits on this device, or the working page of one of them.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const { el, fill, paragraph, link } = app.elements;
  const page = document.getElementById("page");
  const addresses = document.documentElement.dataset;
  let shown = null; // the visit's id; 0 for the list, null before the first page
  let whoseIsShown = null;

  function showPage(title, ...inside) {
    document.title = `${title} – carequality`;
    fill(page, inside);
  }

  async function fetchVisit(id) {
    const { me } = await app.sessionToRecord();
    const response = await app.ask(`/audits/offline/visits/${id}/`);
    if (response.ok) {
      await store.putVisit(me, await response.json());
    }
  }

  async function showVisit(id) {
    let me = await store.who();
    let visit = me && (await store.visit(me, id));
    if (!visit) {
      try {
        await fetchVisit(id);
      } catch (fault) {
        store.announce({ what: "phase", phase: fault.why || "trouble" });
      }
      // The server may have named somebody else than was known here before.
      me = await store.who();
      visit = me && (await store.visit(me, id));
    }
    if (visit) {
      await app.workingPage.show(me, visit);
    } else if (me) {
      // Not downloaded, or no longer: what was written of it here is shown all the same.
      const isHeld = (await store.rowsOf(me, id)).some((row) => row.state !== "sent");
      await (isHeld ? app.workingPage.showHeld(me, id) : showMissing());
    } else {
      await app.closed.show(() => route());
    }
  }

  function showMissing() {
    showPage(
      "This visit is not on this device",
      el("h1", { class: "govuk-heading-l" }, "This visit is not on this device"),
      paragraph("It has not been downloaded. You can download a visit while you are online and signed in."),
      paragraph(link("#", "Visits on this device")),
    );
  }

  // A browser that keeps nothing says so once, here: a private window, or storage that is turned off.
  function showNoStorage(fault) {
    showPage(
      "This browser does not let us save",
      el("h1", { class: "govuk-heading-l" }, "This browser does not let us save"),
      paragraph(app.unsaved.words(fault, app.unsaved.TRY_AGAIN)),
    );
  }

  // Somebody else may be the one signed in now: nothing of the last person stays on the screen.
  async function leaveIfAnother() {
    const me = await store.who();
    if (whoseIsShown !== null && (!me || me.person !== whoseIsShown)) {
      whoseIsShown = null;
      await route({ isForced: true });
    }
  }

  // `isForced` when somebody else has signed in: then nothing stays, whatever it is.
  async function route({ isForced = false } = {}) {
    const found = /^#visit-(\d+)$/.exec(location.hash);
    if (!found && location.hash && location.hash !== "#" && shown !== null) {
      return; // a place within the page
    }
    const next = found ? Number(found[1]) : 0;
    // Before anything is drawn over it: what was typed last is still on its way to the disk. What the disk refused
    // stands on this page alone, so the page stays.
    if (!(await app.workingPage.leave({ isForced }))) {
      history.replaceState(null, "", `#visit-${shown}`);
      return;
    }
    shown = next;
    page.dataset.ready = "";
    try {
      await (next ? showVisit(next) : app.visitList.show());
      const me = await store.who();
      whoseIsShown = me ? me.person : null;
    } catch (fault) {
      showNoStorage(fault);
    }
    page.dataset.ready = String(next);
    await app.bar.show();
  }

  store.listen((message) => {
    if (message.what === "who") {
      leaveIfAnother();
      return;
    }
    if (message.what === "taken-away") {
      app.workingPage.writeAgain();
    } else if (message.what === "refreshed" && shown === message.visit) {
      app.workingPage.refreshed();
    } else if (shown === 0 && message.what === "item") {
      app.visitList.show();
    } else if (shown && message.what === "item" && message.visit === shown) {
      app.workingPage.changed(message.item);
    }
    app.bar.show();
  });
  window.addEventListener("hashchange", () => route());

  window.addEventListener("load", async () => {
    if ("serviceWorker" in navigator) {
      navigator.serviceWorker.register(addresses.worker, { scope: "/" }).catch(() => {});
    }
    // Asked before anything is shown: the server knows who is signed in. Without an answer, what is known here stands.
    if (navigator.onLine) {
      await app.session().catch((fault) => {
        if (fault instanceof app.Stop && fault.why !== "offline") {
          store.announce({ what: "phase", phase: fault.why });
        }
      });
    }
    await route();
    await app.flushIfNeeded();
  });

  app.showPage = showPage;
})();
