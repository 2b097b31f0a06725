// What this device keeps of visits: IndexedDB, each content sealed with the key of the person whose it is. The key is
// here only while that person is the one signed in, and for some hours after the last word from the server.
"use strict";
(() => {
  const HOURS_WITHOUT_SERVER = 14;
  const VERSION_1_CONFLICT = "over" + "taken";
  const channel = new BroadcastChannel("carequality-visits");
  const listeners = [];
  let opened;

  function database() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("carequality-visits", 2);
      request.onupgradeneeded = (event) => {
        if (event.oldVersion < 1) {
          request.result.createObjectStore("who");
          request.result.createObjectStore("visits", { keyPath: ["person", "visit"] });
          request.result.createObjectStore("items", { keyPath: ["person", "visit", "item"] });
        } else {
          nameConflicts(request.transaction.objectStore("items"));
        }
      };
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    });
    return opened;
  }

  // What a colleague had changed meanwhile was called otherwise in version 1: a device may still hold such a row.
  function nameConflicts(items) {
    items.openCursor().onsuccess = (event) => {
      const cursor = event.target.result;
      if (!cursor) return;
      if (cursor.value.state === VERSION_1_CONFLICT) cursor.update({ ...cursor.value, state: "conflict" });
      cursor.continue();
    };
  }

  // Whether anything was ever kept here: a page that needs nothing opens no database.
  async function known() {
    return !indexedDB.databases || (await indexedDB.databases()).some((each) => each.name === "carequality-visits");
  }

  const asked = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  // `work` may await requests of its own transaction and nothing else. Resolves when the disk has it.
  async function transact(mode, work) {
    const db = await database();
    const transaction = db.transaction(["who", "visits", "items"], mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    const value = await work((name) => transaction.objectStore(name));
    await done;
    return value;
  }

  function announce(message) {
    channel.postMessage(message);
    listeners.forEach((listener) => listener(message));
  }
  channel.onmessage = (event) => listeners.forEach((listener) => listener({ ...event.data, elsewhere: true }));

  // Sealing: AES-GCM with a new nonce each time. Never inside a transaction, which does not wait for it.
  async function seal(who, bytes) {
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    return { nonce, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, who.key, bytes) };
  }
  const unseal = (who, sealed) => crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.nonce }, who.key, sealed.data);
  const sealText = (who, text) => seal(who, new TextEncoder().encode(text));
  const unsealText = async (who, sealed) => new TextDecoder().decode(await unseal(who, sealed));
  const sealJson = (who, value) => sealText(who, JSON.stringify(value));
  const unsealJson = async (who, sealed) => JSON.parse(await unsealText(who, sealed));

  const allOf = (person) => IDBKeyRange.bound([person], [person, []]);
  const allOfVisit = (person, visit) => IDBKeyRange.bound([person, visit], [person, visit, []]);

  async function who() {
    const found = await transact("readonly", (store) => asked(store("who").get("now")));
    if (found && found.until < Date.now()) {
      await forget();
      return null;
    }
    return found || null;
  }

  // The server has said who is signed in: from now on only theirs opens here.
  async function become(session) {
    const raw = Uint8Array.from(atob(session.key), (letter) => letter.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    const until = Date.now() + HOURS_WITHOUT_SERVER * 3600 * 1000;
    const now = { person: session.person, key, until };
    now.name = await sealText(now, session.name);
    const before = await transact("readwrite", async (store) => {
      const stood = await asked(store("who").get("now"));
      store("who").put(now, "now");
      return stood;
    });
    if (!before || before.person !== now.person) {
      announce({ what: "who" });
    }
    navigator.storage?.persist?.();
    return now;
  }

  async function forget() {
    await transact("readwrite", (store) => store("who").delete("now"));
    announce({ what: "who" });
  }

  async function putVisit(me, bundle) {
    const sealed = await sealJson(me, bundle);
    const row = { person: me.person, visit: bundle.id, sealed, takenAt: Date.now() };
    await transact("readwrite", (store) => store("visits").put(row));
    announce({ what: "visit", visit: bundle.id });
  }

  async function visits(me) {
    const rows = await transact("readonly", (store) => asked(store("visits").getAll(allOf(me.person))));
    return Promise.all(rows.map(async (row) => ({ ...(await unsealJson(me, row.sealed)), takenAt: row.takenAt })));
  }

  async function visit(me, id) {
    const row = await transact("readonly", (store) => asked(store("visits").get([me.person, id])));
    return row ? { ...(await unsealJson(me, row.sealed)), takenAt: row.takenAt } : null;
  }

  // Only what has been sent may go.
  async function dropVisit(me, id) {
    const dropped = await transact("readwrite", async (store) => {
      const items = await asked(store("items").getAll(allOfVisit(me.person, id)));
      if (items.some((item) => item.state !== "sent")) {
        return false;
      }
      store("items").delete(allOfVisit(me.person, id));
      store("visits").delete([me.person, id]);
      return true;
    });
    announce({ what: "visit", visit: id });
    return dropped;
  }

  const rowsOf = (me, id) =>
    transact("readonly", (store) =>
      asked(store("items").getAll(id === undefined ? allOf(me.person) : allOfVisit(me.person, id))),
    );

  async function open(me, row) {
    return {
      ...row,
      content: await unsealJson(me, row.sealed),
      theirs: row.theirs ? await unsealJson(me, row.theirs) : null,
    };
  }

  const items = async (me, id) => Promise.all((await rowsOf(me, id)).map((row) => open(me, row)));

  async function item(me, id, name) {
    const row = await transact("readonly", (store) => asked(store("items").get([me.person, id, name])));
    return row ? open(me, row) : null;
  }

  // Save what is written. `edit` is the number of the content that it was written over, `seen` the server's version
  // beneath it. Another tab may have written meanwhile: then nothing is saved and its row is handed back, to be put
  // together with this.
  async function save(me, id, name, content, { edit = 0, seen = 0, state = "waiting", file = null } = {}) {
    const sealed = await sealJson(me, content);
    const sealedFile = file ? await seal(me, file) : null;
    const outcome = await transact("readwrite", async (store) => {
      const stood = await asked(store("items").get([me.person, id, name]));
      if (stood && stood.edit !== edit) {
        return { clash: stood };
      }
      const row = {
        person: me.person,
        visit: id,
        item: name,
        op: null,
        reason: "",
        theirs: null,
        file: sealedFile,
        seen,
        ...stood,
        sealed,
        edit: edit + 1,
        state: stood && stood.state === "conflict" ? "conflict" : state,
        at: Date.now(),
      };
      store("items").put(row);
      return { row };
    });
    if (outcome.clash) {
      return { clash: await open(me, outcome.clash) };
    }
    announce({ what: "item", visit: id, item: name });
    return { row: outcome.row };
  }

  // Change a row's state, unless it has been changed since: `change` gets the row as it stands and gives the new one,
  // or null to drop it.
  async function alter(me, id, name, change) {
    const after = await transact("readwrite", async (store) => {
      const stood = await asked(store("items").get([me.person, id, name]));
      if (!stood) {
        return null;
      }
      const next = change(stood);
      if (next === null) {
        store("items").delete([me.person, id, name]);
      } else {
        store("items").put(next);
      }
      return next;
    });
    announce({ what: "item", visit: id, item: name });
    return after;
  }

  // How many things of this person have not been sent; without a person, nothing is said of anybody's.
  async function unsent(me) {
    return me ? (await rowsOf(me)).filter((row) => row.state !== "sent").length : 0;
  }

  window.carequality = {
    store: {
      known,
      who,
      become,
      forget,
      putVisit,
      visits,
      visit,
      dropVisit,
      rowsOf,
      items,
      item,
      save,
      alter,
      unsent,
      open,
      seal,
      unseal,
      sealText,
      unsealText,
      sealJson,
      unsealJson,
      announce,
      listen: (listener) => listeners.push(listener),
    },
  };
})();
