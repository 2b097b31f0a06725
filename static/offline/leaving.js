// Leaving the working page: what was typed last is on the disk before the page goes.
"use strict";
(() => {
  const app = window.carequality;
  const saveAll = () => app.workingPage.saveAll();

  // The last moments in which a page may write: a phone that is locked or a tab that is closed gives no other.
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saveAll());
  window.addEventListener("pagehide", saveAll);

  // The browser asks once more while something is still on its way to the disk, or was refused by it.
  window.addEventListener("beforeunload", (event) => {
    saveAll();
    if (app.bar.isWriting() || app.unsaved.count()) {
      event.preventDefault();
    }
  });

  // A link to another page waits for the disk, which takes less time than anybody sees.
  document.addEventListener("click", async (event) => {
    const to = event.target.closest?.("a[href]");
    const isPlain =
      event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.defaultPrevented;
    if (to && isPlain && app.bar.isWriting() && !to.getAttribute("href").startsWith("#") && !to.download) {
      event.preventDefault();
      await saveAll();
      to.click();
    }
  });
})();
