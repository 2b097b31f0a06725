// The list of the visits on this device: downloading them, until when they open, and removing one of which everything has
// been sent.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const { el, paragraph, muted, hidden, link, button, buttons, fold } = app.elements;
  const { many, moment, soon } = app.words;
  const addresses = document.documentElement.dataset;
  const DAY = 24 * 3600 * 1000;
  const SAFARI_KEEPS = 7; // days without a visit to the site, after which Safari removes what it keeps

  async function download(pressed, note) {
    pressed.disabled = true;
    note.textContent = "Downloading…";
    try {
      const { me } = await app.sessionToRecord();
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
      if (fault instanceof app.Stop) {
        note.textContent = app.bar.PHASES[fault.why];
        store.announce({ what: "phase", phase: fault.why });
      } else {
        note.textContent = `Not downloaded. ${app.unsaved.words(fault, app.unsaved.TRY_AGAIN)}`;
      }
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

  // Until when it opens without a network, in words that hold whatever becomes of the network.
  function opensUntil(me) {
    const needs = me.wantsPassphrase ? " with your passphrase" : "";
    return me.wantsPassphrase && !me.wrapped
      ? "Choose a passphrase, or it does not open without a network."
      : `Opens without a network${needs} until ${soon(me.until)}.`;
  }

  function card(me, visit, unsent) {
    const sent = unsent ? `${many(unsent, "item", "items")} not sent.` : "Everything has been sent.";
    const title = { class: "govuk-heading-m govuk-!-margin-bottom-1" };
    const about = ["Remove from this device", hidden(`: ${visit.service}`)];
    const given = visit.is_mine === false ? ` This is now ${visit.officer}’s visit.` : "";
    return el(
      "li",
      { class: "cq-visit" },
      el("h2", title, link(`#visit-${visit.id}`, visit.service)),
      el("p", { class: "govuk-body govuk-!-margin-bottom-1" }, `${visit.kind}, ${visit.day}.${given}`),
      el("p", { class: "govuk-body govuk-!-margin-bottom-1" }, opensUntil(me)),
      muted(`${sent} Downloaded ${moment(visit.takenAt)}.`),
      button(about, () => remove(me, visit), "secondary", { disabled: unsent > 0 }),
    );
  }

  // Something was written here of a visit that is no longer downloaded.
  function cardWithout(id, unsent) {
    return el(
      "li",
      { class: "cq-visit" },
      el(
        "h2",
        { class: "govuk-heading-m govuk-!-margin-bottom-1" },
        link(`#visit-${id}`, "A visit that is not downloaded"),
      ),
      paragraph(`${many(unsent, "item", "items")} not sent. You can read, copy or delete what you wrote.`),
    );
  }

  // What the browser has promised, and for how long what is not sent has waited.
  async function keeping(rows) {
    const isKept = await app.door.keeps();
    const space = await Promise.resolve(navigator.storage?.estimate?.()).catch(() => null);
    const left = space?.quota ? Math.floor((space.quota - space.usage) / 1000000) : null;
    const oldest = Math.min(...rows.filter((row) => row.state !== "sent").map((row) => row.at));
    const days = Math.floor((Date.now() - oldest) / DAY);
    const waits =
      Number.isFinite(oldest) && days > 0 ? `Your oldest unsent work has waited ${many(days, "day", "days")}.` : "";
    const lines = isKept
      ? ["This browser has agreed to keep what you save here until you remove it."]
      : [
          "This browser has not agreed to keep what you save here. It may remove it when the device is short of space. " +
            `Safari removes it after ${SAFARI_KEEPS} days without a visit to carequality.`,
          "Send your work the same day. On a phone or tablet, add this page to the home screen.",
        ];
    return {
      warning: waits,
      part: fold(
        "How long this device keeps your work",
        lines.map((line) => paragraph(line)),
        left === null
          ? null
          : paragraph(`Space left for carequality on this device: ${left.toLocaleString("en-GB")} MB.`),
      ),
    };
  }

  const byDay = (one, other) =>
    (one.on || "").localeCompare(other.on || "") || one.service.localeCompare(other.service) || one.id - other.id;

  async function mine(me) {
    const visits = (await store.visits(me)).sort(byDay);
    const rows = await store.rowsOf(me);
    const unsent = (id) => rows.filter((row) => row.visit === id && row.state !== "sent").length;
    const others = new Set(rows.map((row) => row.visit).filter((id) => !visits.some((visit) => visit.id === id)));
    const cards = [
      ...[...others].filter(unsent).map((id) => cardWithout(id, unsent(id))),
      ...visits.map((visit) => card(me, visit, unsent(visit.id))),
    ];
    const { warning, part } = await keeping(rows);
    return [
      me.wantsPassphrase && !me.wrapped ? app.closed.choosing(() => show("Your passphrase has been saved.")) : null,
      me.clockIsWrong
        ? paragraph("This device’s clock is wrong. Set it right, or what you write may bear a wrong time.")
        : null,
      warning ? el("p", { class: "govuk-body cq-unsent" }, warning) : null,
      cards.length
        ? el("ul", { class: "govuk-list" }, cards)
        : paragraph("There are no visits on this device. Download yours while you are online."),
      part,
    ];
  }

  async function show(said = "") {
    const me = await store.who();
    const note = el("p", { class: "govuk-body", role: "status" }, said);
    const fetchMine = button("Download my visits", () => download(fetchMine, note));
    const inside = me ? await mine(me) : (await app.closed.parts(() => show())).inside;
    app.showPage(
      "Visits on this device",
      el("h1", { class: "govuk-heading-l" }, "Visits on this device"),
      paragraph("Download your visits while you are online. Bookmark this page: it then opens offline too."),
      paragraph("We save what you write on this device, and send it when you are back online."),
      note,
      buttons(fetchMine),
      inside,
      paragraph(link(addresses.audits, "All visits (you must be online)")),
    );
  }

  app.visitList = { show };
})();
