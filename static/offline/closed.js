// The page in the place of what does not open: signed out, the time is over, the clock is wrong, or the passphrase is
// still to be entered. Each says what to do, and that nothing is lost.
"use strict";
(() => {
  const app = window.carequality;
  const { el, paragraph, link, button, group, label, hint, errorMessage } = app.elements;
  const { many, soon } = app.words;

  const SENTENCES = {
    "signed-out": () => [
      "Your visits are closed",
      "Sign in to see your visits on this device. What other people saved here opens only when they sign in.",
    ],
    expired: ({ until, hours }) => [
      "Your visits are closed",
      `They open without a network for ${many(hours || 0, "hour", "hours")} after you were last online. ` +
        `That ended on ${soon(until)}.`,
      "Go online and sign in to open them. Nothing is lost.",
      `This device’s clock says ${soon(Date.now())}. If that is wrong, set it right and open this page again.`,
    ],
    clock: ({ since }) => [
      "This device’s clock is wrong",
      `It says ${soon(Date.now())}, which is before you were last online (${soon(since)}).`,
      "Set the clock right and open this page again, or go online and sign in. Nothing is lost.",
    ],
    passphrase: ({ wrapped }) => [
      "Your visits are closed",
      wrapped
        ? "Enter the passphrase that you chose for this device."
        : "You have not chosen a passphrase for this device. Go online and sign in to open your visits.",
    ],
  };

  function passphraseForm(opened) {
    const box = el("input", { class: "govuk-input", type: "password", id: "passphrase", autocomplete: "off" });
    const wrong = errorMessage();
    const open = async (event) => {
      event.preventDefault();
      wrong.textContent = "";
      if (await app.door.unlock(box.value)) {
        await opened();
      } else {
        wrong.textContent = "This is not your passphrase. Try again, or go online and sign in to choose another.";
        box.focus();
      }
    };
    const form = el("form", { novalidate: true }, group(label("passphrase", "Passphrase"), wrong, box));
    form.append(el("button", { type: "submit", class: "govuk-button" }, "Open my visits"));
    form.addEventListener("submit", open);
    return form;
  }

  // `opened` draws the page that was asked for.
  async function parts(opened) {
    const { why, row } = await app.door.state();
    const [title, ...sentences] = SENTENCES[why || "signed-out"](row || {});
    const form = why === "passphrase" && row.wrapped ? passphraseForm(opened) : null;
    return { title, inside: [sentences.map((sentence) => paragraph(sentence)), form] };
  }

  async function show(opened) {
    const { title, inside } = await parts(opened);
    app.showPage(
      title,
      el("h1", { class: "govuk-heading-l" }, title),
      inside,
      paragraph(link("#", "Visits on this device")),
    );
  }

  // Chosen while the server is there to hand out the key: the passphrase itself is kept nowhere.
  function choosing(chosen) {
    const box = el("input", {
      class: "govuk-input",
      type: "password",
      id: "new-passphrase",
      autocomplete: "new-password",
      "aria-describedby": "new-passphrase-hint",
    });
    const wrong = errorMessage();
    const save = async () => {
      if (box.value.length < app.door.SHORTEST) {
        wrong.textContent = `Enter a passphrase of ${app.door.SHORTEST} characters or more`;
        box.focus();
        return;
      }
      try {
        await app.door.choosePassphrase(await app.sessionToRecord(), box.value);
        await chosen();
      } catch (fault) {
        wrong.textContent = app.bar.PHASES[fault.why] || app.unsaved.words(fault, app.unsaved.TRY_AGAIN);
      }
    };
    const about =
      `At least ${app.door.SHORTEST} characters. You need it each time you open a visit without a network. ` +
      "We cannot tell you what it is. If you forget it, go online and choose another.";
    return group(
      label("new-passphrase", "Choose a passphrase for this device", "govuk-label--s"),
      hint("new-passphrase-hint", about),
      wrong,
      box,
      el("div", { class: "govuk-!-margin-top-2" }, button("Save the passphrase", save, "secondary")),
    );
  }

  app.closed = { show, parts, choosing };
})();
