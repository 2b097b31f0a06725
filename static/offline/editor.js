// One thing that is written at a visit (an answer, a note, the feedback sheet, a risk): it saves itself on this device
// as it is typed, and shows what became of it.
"use strict";
(() => {
  const app = window.carequality;
  const { store } = app;
  const { same, merged } = app.merging;
  const PAUSE = 400; // milliseconds without a keystroke before it is saved
  const LONGEST_WAIT = 2000; // and when somebody types without a pause
  const SEND_AFTER = 3000; // the server is not asked at every pause
  let sendTimer = 0;

  function sendSoon() {
    clearTimeout(sendTimer);
    sendTimer = setTimeout(() => app.flush().catch(() => {}), SEND_AFTER);
  }

  class Editor {
    // `opened` is the visit that it belongs to. It keeps its own: a box that saves late, while the next visit is being
    // opened, must not write under that one. `seen` is the server's version beneath `content`; `read` and `write` take
    // the content from the boxes and put it there; `show` says what became of it; `state` gives the state that a
    // content is saved in; `label` is what the person has before them, kept with it.
    constructor({ opened, name, content, seen, read, write, show, state = () => "waiting", label = null }) {
      Object.assign(this, { opened, name, base: content, seen, read, write, show, stateOf: state, label });
      this.edit = 0; // the number of the row's content that this is written over; 0 while it has no row
      this.row = null;
      this.fault = null; // why the last saving failed
      this.timer = 0;
      this.since = 0; // when the first keystroke fell that is not saved yet
      this.busy = Promise.resolve();
    }

    get key() {
      return `${this.opened.visit.id} ${this.name}`;
    }

    stored() {
      return store.item(this.opened.me, this.opened.visit.id, this.name);
    }

    // `known` is its row, where the page has read all of them at once.
    async load(known) {
      const row = known === undefined ? await this.stored() : known;
      if (this.row && this.row.edit > (row?.edit ?? 0)) {
        return; // Another tab has written since that look.
      }
      if (row && !row.isDamaged) {
        this.row = row;
        this.edit = row.edit;
        this.seen = row.seen;
        this.base = row.content;
      }
      this.put(this.base);
      this.show(row);
    }

    // Show a content as the one that this is written over. It is read back, since boxes may give it in a shape of their
    // own (without spaces at its ends, say), which is not a change that somebody made.
    put(content) {
      this.write(content);
      this.base = this.read();
    }

    written() {
      const now = Date.now();
      if (!this.since) {
        app.bar.startWriting();
      }
      this.since ||= now;
      clearTimeout(this.timer);
      const wait = Math.min(PAUSE, this.since + LONGEST_WAIT - now);
      this.timer = setTimeout(() => this.save(), Math.max(0, wait));
    }

    // Whether it is on the disk now. One saving after another: two at once would both write over the same number and
    // one would clash with the other.
    save() {
      clearTimeout(this.timer);
      const isCounted = this.since > 0;
      this.since = 0;
      const settle = (isWritten, fault) => {
        if (isCounted) {
          app.bar.stopWriting(isWritten);
        }
        return this.settle(fault);
      };
      this.busy = this.busy
        .then(() => this.saveNow())
        .then(
          (isWritten) => settle(isWritten, null),
          (fault) => settle(false, fault || new DOMException("Not kept.", "AbortError")),
        );
      return this.busy;
    }

    settle(fault) {
      const changed = fault?.name !== this.fault?.name;
      this.fault = fault;
      if (fault) {
        app.unsaved.failed(this.key, fault, () => this.save());
      } else {
        app.unsaved.saved(this.key);
      }
      if (changed) {
        this.show(this.row);
      }
      return !fault;
    }

    async saveNow() {
      if (same(this.read(), this.base)) {
        return false;
      }
      const { me, visit } = this.opened;
      for (;;) {
        // Read anew each time round: more may have been typed while the disk was busy.
        const content = this.read();
        const over = { edit: this.edit, seen: this.seen, state: this.stateOf(content), label: this.label };
        const { row, clash } = await store.save(me, visit.id, this.name, content, over);
        if (row) {
          this.edit = row.edit;
          this.base = content;
          sendSoon();
          return true;
        }
        // Another tab was first. What it wrote becomes the base, and both texts together are saved over it. More may
        // have been typed while the disk was asked.
        const both = merged(this.base, this.read(), clash.content);
        this.base = clash.content;
        this.edit = clash.edit;
        this.seen = clash.seen;
        this.write(both);
        if (same(this.read(), this.base)) {
          return true;
        }
      }
    }

    // The row has changed: sent, in conflict, or written in another tab. What is being typed here is left alone; it is
    // merged when it is saved.
    async changed() {
      const row = await this.stored();
      if (!row && this.row) {
        this.edit = 0; // Gone from here: deleted, or sent as late evidence.
      }
      this.row = row;
      if (row && row.edit > this.edit && same(this.read(), this.base)) {
        this.edit = row.edit;
        this.put(row.content);
      }
      if (row) {
        this.seen = row.seen;
      }
      this.show(row);
    }

    // The browser has taken its storage away under the page: what is not at the council is written down again.
    async writeAgain() {
      if (this.row && this.row.state !== "sent") {
        this.base = null;
        this.edit = 0;
        await this.save();
      }
    }

    // What the server holds, where this device has no row. What is being typed keeps the version that it was typed
    // over: so the server can still tell that a colleague was first.
    take(content, version) {
      if (same(this.read(), this.base)) {
        this.seen = version;
        this.put(content);
        this.show(null);
      } else if (same(content, this.base)) {
        this.seen = version;
      }
    }
  }

  Object.assign(app, { Editor, sendSoon });
})();
