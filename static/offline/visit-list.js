// The list of the visits on this device: downloading them, and removing one of which everything has been sent.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const { el, paragraph, muted, hidden, link, button, buttons } = app.elements;
  const { many, moment } = app.words;
  const addresses = document.documentElement.dataset;

  async function download(pressed, note) {
    pressed.disabled = true;
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
      // Any other visit on this device is fetched too: one that has been completed meanwhile leaves it.
      for (const older of await store.visits(me)) {
        if (!visits.some((visit) => visit.id === older.id)) {
          await app.refresh(me, older.id);
        }
      }
      const downloaded = `${many(visits.length, "visit", "visits")} downloaded.`;
      await show(visits.length ? downloaded : "You have no visits due in the next 7 days.");
    } catch (fault) {
      note.textContent = app.bar.PHASES[fault.why] || "We could not download your visits. Try again.";
      if (!(fault instanceof app.Stop)) {
        throw fault;
      }
      store.announce({ what: "phase", phase: fault.why });
    } finally {
      pressed.disabled = false;
    }
  }

  async function remove(me, visit) {
    // Asked of the database once more: another tab may have written since the list was drawn.
    const removed = await store.dropVisit(me, visit.id);
    await show(
      removed
        ? `The visit to ${visit.service} has been removed from this device.`
        : `The visit to ${visit.service} stays on this device until your work has been sent.`,
    );
  }

  function card(me, visit, unsent) {
    const sent = unsent ? `${many(unsent, "item", "items")} not sent.` : "Everything has been sent.";
    const title = { class: "govuk-heading-m govuk-!-margin-bottom-1" };
    const about = ["Remove from this device", hidden(`: ${visit.service}`)];
    return el(
      "li",
      { class: "cq-visit" },
      el("h2", title, link(`#visit-${visit.id}`, visit.service)),
      el("p", { class: "govuk-body govuk-!-margin-bottom-1" }, `${visit.kind}, ${visit.day}`),
      muted(`${sent} Downloaded ${moment(visit.takenAt)}.`),
      button(about, () => remove(me, visit), "secondary", { disabled: unsent > 0 }),
    );
  }

  function empty(me) {
    return me
      ? "There are no visits on this device. Download yours while you are online."
      : "Sign in to see your visits on this device. What other people saved here opens only when they sign in.";
  }

  async function show(said = "") {
    const me = await store.who();
    const visits = me ? await store.visits(me) : [];
    const rows = me ? await store.rowsOf(me) : [];
    const unsent = (visit) => rows.filter((row) => row.visit === visit.id && row.state !== "sent").length;
    const note = el("p", { class: "govuk-body", role: "status" }, said);
    const fetchMine = button("Download my visits", () => download(fetchMine, note));
    const cards = visits.map((visit) => card(me, visit, unsent(visit)));
    app.showPage(
      "Visits on this device",
      el("h1", { class: "govuk-heading-l" }, "Visits on this device"),
      paragraph("Download your visits while you are online. Bookmark this page: it then opens offline too."),
      paragraph("We save what you write on this device, and send it when you are back online."),
      note,
      buttons(fetchMine),
      cards.length ? el("ul", { class: "govuk-list" }, cards) : paragraph(empty(me)),
      paragraph(link(addresses.audits, "All visits (you must be online)")),
    );
  }

  app.visitList = { show };
})();
