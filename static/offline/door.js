// Who may open what is kept on this device. The key of the person who is signed in stays here for some hours after the
// last word from the server (the council says how many); where the council wants a passphrase, only sealed by that.
"use strict";
(() => {
  const app = window.carequality;
  const { asked, transact } = app.database;
  const { sealText } = app.sealing;
  const { announce } = app.messages;
  const HOURS = 3600 * 1000;
  const CLOCKS_DIFFER = 10 * 60 * 1000; // more than that is a wrong clock
  const ROUNDS = 600000; // of PBKDF2 with SHA-256, as OWASP advises (2023)
  const SHORTEST = 8; // characters of a passphrase
  let inMemory = null; // { person, key } of this page, while the row holds no key
  let lastRow = null; // as this page knows it: put back when the browser takes its storage away
  let keeps = null; // the browser's answer to persist()

  const stored = () => transact("readonly", (store) => asked(store("who").get("now")));
  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const imported = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

  function keyOf(row) {
    return row.key || (inMemory?.person === row.person ? inMemory.key : null);
  }

  // Why nothing opens: "" when it does. `since` and `until` allow for a clock that was wrong then and is right now.
  function whyClosed(row) {
    if (!row) {
      return "signed-out";
    }
    const now = Date.now();
    if (now < (row.since || 0) - CLOCKS_DIFFER) {
      return "clock";
    }
    if (row.until < now) {
      return "expired";
    }
    return keyOf(row) ? "" : "passphrase";
  }

  async function state() {
    const row = (await stored()) || null;
    return { why: whyClosed(row), row };
  }

  // The person whose things open here now; null when nothing does. What is closed stays: with the right clock, the
  // passphrase or a word from the server it opens again.
  async function who() {
    const { why, row } = await state();
    if (why) {
      return null;
    }
    lastRow = row;
    return { ...row, key: keyOf(row) };
  }

  // The server has said who is signed in: from now on only theirs opens here. null for somebody who has no key.
  async function become(session) {
    if (!session.key) {
      const { row } = await state();
      if (row && row.person !== session.person) {
        await forget();
      }
      return null;
    }
    const key = await imported(bytesOf(session.key));
    const [here, there] = [Date.now(), session.now];
    const now = {
      person: session.person,
      since: Math.min(here, there),
      until: Math.max(here, there) + session.hours * HOURS,
      hours: session.hours,
      wantsPassphrase: session.passphrase,
      maySend: session.may_send,
      clockIsWrong: Math.abs(here - there) > CLOCKS_DIFFER,
    };
    inMemory = { person: session.person, key };
    now.name = await sealText({ key }, session.name);
    const before = await stored();
    const wrapped = before?.person === now.person ? before.wrapped : undefined;
    Object.assign(now, session.passphrase ? { wrapped } : { key });
    try {
      await transact("readwrite", (store) => store("who").put(now, "now"));
    } catch (fault) {
      // A device that is full has still to send what it holds: the row of the same person stands, with its old hours.
      if (before?.person !== now.person) {
        throw fault;
      }
    }
    lastRow = now;
    if (!before || before.person !== now.person) {
      announce({ what: "who" });
    }
    keeps ??= await Promise.resolve(navigator.storage?.persist?.()).catch(() => undefined);
    return { ...now, key };
  }

  async function forget() {
    inMemory = null;
    lastRow = null;
    await transact("readwrite", (store) => store("who").delete("now"));
    announce({ what: "who" });
  }

  async function derived(text, salt, rounds) {
    const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(text), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
    return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  // Without a network the key then opens with the passphrase alone, which is kept nowhere.
  async function choosePassphrase(session, text) {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const by = await derived(text, salt, ROUNDS);
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, by, bytesOf(session.key));
    const wrapped = { salt, nonce, data, rounds: ROUNDS };
    await transact("readwrite", async (store) => {
      const stood = await asked(store("who").get("now"));
      if (stood?.person === session.person) {
        store("who").put({ ...stood, key: undefined, wrapped }, "now");
      }
    });
  }

  // Whether the passphrase was the right one.
  async function unlock(text) {
    const row = await stored();
    if (!row?.wrapped) {
      return false;
    }
    const { salt, nonce, data, rounds } = row.wrapped;
    try {
      const by = await derived(text, salt, rounds);
      const raw = await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, by, data);
      inMemory = { person: row.person, key: await imported(raw) };
      return true;
    } catch {
      return false;
    }
  }

  // After the browser has taken everything away: what this page still knows opens again.
  async function putBack() {
    const row = lastRow;
    if (row && !(await stored())) {
      await transact("readwrite", (store) => store("who").put(row, "now"));
    }
  }

  app.door = {
    state,
    who,
    become,
    forget,
    choosePassphrase,
    unlock,
    putBack,
    SHORTEST,
    keeps: async () => keeps ?? (await Promise.resolve(navigator.storage?.persisted?.()).catch(() => undefined)),
  };
})();
