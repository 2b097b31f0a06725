// The database of this device, IndexedDB: opening it, one transaction after another, and sealing. What is kept in it is
// in store.js; who may open what, in door.js.
"use strict";
(() => {
  const NAME = "carequality-visits";
  const STORES = ["who", "visits", "items"];
  const VERSION_1_CONFLICT = "over" + "taken";
  const channel = new BroadcastChannel(NAME);
  const listeners = [];
  let opened;

  function database() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, 2);
      request.onupgradeneeded = (event) => {
        if (event.oldVersion < 1) {
          request.result.createObjectStore("who");
          request.result.createObjectStore("visits", { keyPath: ["person", "visit"] });
          request.result.createObjectStore("items", { keyPath: ["person", "visit", "item"] });
        } else {
          nameConflicts(request.transaction.objectStore("items"));
        }
      };
      request.onsuccess = () => resolve(watched(request.result));
      request.onerror = () => reject(request.error);
    }).catch((fault) => {
      // Asked again at the next saving: a browser that has no room now may have some later.
      opened = undefined;
      throw fault;
    });
    return opened;
  }

  function watched(db) {
    // The browser has taken the storage away, or its person has cleared it, under an open page.
    const takenAway = () => {
      opened = undefined;
      listeners.forEach((listener) => listener({ what: "taken-away" }));
    };
    db.onclose = takenAway;
    db.onversionchange = ({ newVersion }) => {
      db.close();
      opened = undefined;
      if (newVersion === null) {
        takenAway(); // It is being deleted.
      }
    };
    return db;
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
    return !indexedDB.databases || (await indexedDB.databases()).some((each) => each.name === NAME);
  }

  const asked = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  async function begun(mode) {
    const begin = async () => (await database()).transaction(STORES, mode, { durability: "strict" });
    try {
      return await begin();
    } catch (fault) {
      // Closed in the same moment: opened once more.
      opened = undefined;
      return fault.name === "InvalidStateError" ? begin() : Promise.reject(fault);
    }
  }

  // `work` may await requests of its own transaction and nothing else. Resolves when the disk has it; rejects with what
  // the browser says when it has not.
  async function transact(mode, work) {
    const transaction = await begun(mode);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = (event) => reject(event.target.error || transaction.error);
      transaction.onabort = () => reject(transaction.error || new DOMException("Not kept.", "AbortError"));
    });
    done.catch(() => {}); // When `work` itself fails, its fault is the one that is told.
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

  window.carequality = {
    database: { known, asked, transact },
    sealing: { seal, unseal, sealText, unsealText, sealJson, unsealJson },
    messages: { announce, listen: (listener) => listeners.push(listener) },
  };
})();
