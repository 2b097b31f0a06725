// On every page: what is kept on this device and not sent is in sight, nobody signs out over it, and whoever is signed
// in opens only their own.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const { person, worker, offlineVisits } = document.documentElement.dataset;
  const mine = Number(person);

  const NOT_SAVED = "carequality-not-saved"; // the lock of a tab that holds what this device could not write down

  // How much of this person's is not sent, counted without opening any of it.
  const held = async () => ((await store.known()) ? store.unsent({ person: mine }) : 0);

  // Whether another tab holds what this device could not save.
  async function isNotSaved() {
    const { held: locks = [] } = await navigator.locks.query();
    return locks.some((lock) => lock.name === NOT_SAVED);
  }

  async function onlyMine() {
    // Whether it opens or not: a key that is closed goes too.
    const { row } = (await store.known()) ? await app.door.state() : {};
    if (row && row.person !== mine) {
      await store.forget();
    }
  }

  function inWords(number) {
    const items = number === 1 ? "item from your visits is" : "items from your visits are";
    return `${number} ${items} saved on this device, not sent.`;
  }

  // Said once, in the words of what is worse.
  async function banner(number, why) {
    const said = (await isNotSaved())
      ? "Another tab holds work from a visit that is NOT SAVED."
      : number && inWords(number);
    let box = document.getElementById("kept-banner");
    if (!said) {
      box?.remove();
      return;
    }
    if (!box) {
      box = document.createElement("div");
      box.id = "kept-banner";
      box.className = "cq-notice cq-notice--amber";
      box.setAttribute("role", "alert");
      box.tabIndex = -1;
      document.getElementById("main-content").prepend(box);
    }
    const words = document.createElement("p");
    words.className = "govuk-body";
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = offlineVisits;
    link.textContent = "Open what is not sent";
    words.append(`${why}${said} `, link);
    box.replaceChildren(words);
    if (why) {
      box.focus();
    }
  }

  async function signOut(event) {
    event.preventDefault();
    const form = event.target;
    const unsent = await held().catch(() => 0);
    if (unsent) {
      await app.flush({ retry: true }).catch(() => {});
    }
    const left = unsent ? await held() : 0;
    if (left || (await isNotSaved())) {
      await banner(left, "You are still signed in: ");
      return;
    }
    if (await store.known()) {
      await store.forget();
    }
    form.submit();
  }

  document.querySelectorAll("form[data-sign-out]").forEach((form) => form.addEventListener("submit", signOut));
  window.addEventListener("load", async () => {
    await onlyMine();
    const number = await held();
    await banner(number, "");
    if (number) {
      await app.flush();
      await banner(await held(), "");
    }
    if (worker && "serviceWorker" in navigator) {
      navigator.serviceWorker.register(worker, { scope: "/" }).catch(() => {});
    }
  });
})();
