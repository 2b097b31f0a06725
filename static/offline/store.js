// What this device keeps of visits: the visits as they were downloaded, and each thing that was written, sealed with the
// key of the person whose it is.
"use strict";
(() => {
  const app = window.carequality;
  const { known, asked, transact } = app.database;
  const { seal, sealJson, unsealJson } = app.sealing;
  const { announce, listen } = app.messages;

  const allOf = (person) => IDBKeyRange.bound([person], [person, []]);
  const allOfVisit = (person, visit) => IDBKeyRange.bound([person, visit], [person, visit, []]);

  async function putVisit(me, bundle) {
    const sealed = await sealJson(me, bundle);
    const row = { person: me.person, visit: bundle.id, sealed, takenAt: Date.now() };
    await transact("readwrite", (store) => store("visits").put(row));
    announce({ what: "visit", visit: bundle.id });
  }

  // One that cannot be read any more is passed over: it is downloaded anew, and stops no other.
  async function openVisit(me, row) {
    try {
      return row ? { ...(await unsealJson(me, row.sealed)), takenAt: row.takenAt } : null;
    } catch {
      return null;
    }
  }

  async function visits(me) {
    const rows = await transact("readonly", (store) => asked(store("visits").getAll(allOf(me.person))));
    return (await Promise.all(rows.map((row) => openVisit(me, row)))).filter(Boolean);
  }

  async function visit(me, id) {
    return openVisit(me, await transact("readonly", (store) => asked(store("visits").get([me.person, id]))));
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

  // Whoever may record no visits any more reads none of them here. What they wrote and is not sent stays theirs.
  const dropVisitsOf = (person) => transact("readwrite", (store) => store("visits").delete(allOf(person)));

  const rowsOf = (me, id) =>
    transact("readonly", (store) =>
      asked(store("items").getAll(id === undefined ? allOf(me.person) : allOfVisit(me.person, id))),
    );

  // `label` is what the person had before them (the question), for when no page shows it any more. What cannot be read
  // back is `isDamaged`, and stops nothing else.
  async function open(me, row) {
    try {
      const { label, ...content } = await unsealJson(me, row.sealed);
      return { ...row, content, label: label || null, theirs: row.theirs ? await unsealJson(me, row.theirs) : null };
    } catch {
      return { ...row, content: {}, label: null, theirs: null, isDamaged: true };
    }
  }

  const items = async (me, id) => Promise.all((await rowsOf(me, id)).map((row) => open(me, row)));

  async function item(me, id, name) {
    const row = await transact("readonly", (store) => asked(store("items").get([me.person, id, name])));
    return row ? open(me, row) : null;
  }

  // Save what is written. `edit` is the number of the content that it was written over, `seen` the server's version
  // beneath it. Another tab may have written meanwhile: then nothing is saved and its row is handed back, to be put
  // together with this.
  async function save(
    me,
    id,
    name,
    content,
    { edit = 0, seen = 0, state = "waiting", file = null, label = null } = {},
  ) {
    const sealed = await sealJson(me, label ? { ...content, label } : content);
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
        // Written anew, it is another thing than the one that the server failed on.
        tries: 0,
        retryAt: 0,
        late: null,
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

  // Put a row under another name, unless that is taken: an answer whose question has another number in the version of
  // the template that is asked now.
  async function rename(me, id, from, to, change) {
    const row = await item(me, id, from);
    const label = row?.label ? { label: row.label } : {};
    const sealed = row && !row.isDamaged ? await sealJson(me, { ...change(row.content), ...label }) : null;
    await transact("readwrite", async (store) => {
      const stood = await asked(store("items").get([me.person, id, from]));
      const other = await asked(store("items").get([me.person, id, to]));
      if (sealed && stood?.edit === row.edit && !other) {
        const isRefused = stood.state === "refused";
        store("items").delete([me.person, id, from]);
        store("items").put({ ...stood, item: to, sealed, state: isRefused ? "waiting" : stood.state, reason: "" });
      }
    });
  }

  // How many things of this person have not been sent; without a person, nothing is said of anybody's.
  async function unsent(me) {
    return me ? (await rowsOf(me)).filter((row) => row.state !== "sent").length : 0;
  }

  const { who, become, forget } = app.door;
  app.store = {
    known,
    who,
    become,
    forget,
    putVisit,
    visits,
    visit,
    dropVisit,
    dropVisitsOf,
    rowsOf,
    items,
    item,
    save,
    alter,
    rename,
    unsent,
    open,
    ...app.sealing,
    announce,
    listen,
  };
})();
