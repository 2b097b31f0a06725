// Puts two texts together that were written over the same one in two tabs of this browser, or by two people one of whom
// wants to keep both. Each letter that somebody typed stands in the result once.
"use strict";
(() => {
  // A choice has one value and is not joined to another; of two texts, both stay.
  const ONE_VALUE = ["value", "not_applicable", "question"];

  const isObject = (value) => value && typeof value === "object" && !Array.isArray(value);
  const ordered = (_key, value) => (isObject(value) ? Object.fromEntries(Object.entries(value).sort()) : value);

  // Equal whatever the order of their keys: the server and the page list them differently.
  const same = (one, other) => JSON.stringify(one, ordered) === JSON.stringify(other, ordered);

  // What was changed of `base`: its letters from `start` to `end` became `put`.
  function change(base, text) {
    const most = Math.min(base.length, text.length);
    let start = 0;
    while (start < most && base[start] === text[start]) {
      start += 1;
    }
    let tail = 0;
    while (tail < most - start && base[base.length - 1 - tail] === text[text.length - 1 - tail]) {
      tail += 1;
    }
    const end = base.length - tail;
    const put = text.slice(start, text.length - tail);
    return start === end && put ? wholeLines({ start, put }, text) : { start, end, put };
  }

  // Where letters repeat, a piece may have come in at several places ("he kitchen\nT" after "T", or "The kitchen\n"
  // before it): the one is taken that brings whole lines, since that is how two texts are joined here.
  function wholeLines({ start, put }, text) {
    for (let at = start; at >= 0; at -= 1) {
      const piece = text.slice(at, at + put.length);
      if (piece.startsWith("\n") || piece.endsWith("\n")) {
        return { start: at, end: at, put: piece };
      }
      if (text[at - 1] !== piece.at(-1)) {
        break; // It cannot have come in any earlier.
      }
    }
    return { start, end: start, put };
  }

  // Where the cursor that was at `at` in `before` belongs in `after`: behind the same letters.
  function moved(before, after, at) {
    const { start, end, put } = change(before, after);
    if (at < start || (at === start && !put.endsWith("\n"))) {
      return at;
    }
    return at < end ? start + put.length : at + after.length - before.length;
  }

  // Two insertions at one place. A text that goes on in its line stays together, before what begins a new one.
  function inserted(mine, theirs) {
    return theirs.startsWith("\n") ? mine + theirs : mine.startsWith("\n") ? theirs + mine : `${theirs}\n${mine}`;
  }

  function mergedText(base, mine, theirs) {
    const own = change(base, mine);
    const other = change(base, theirs);
    const [first, second] = own.start <= other.start ? [own, other] : [other, own];
    if (own.start === own.end && other.start === other.end && own.start === other.start) {
      return base.slice(0, own.start) + inserted(own.put, other.put) + base.slice(own.end);
    }
    if (first.end <= second.start) {
      const between = base.slice(first.end, second.start);
      return base.slice(0, first.start) + first.put + between + second.put + base.slice(second.end);
    }
    return both(mine, theirs);
  }

  // Two texts that cannot be told apart by what each changed: one after the other, without what stands in both.
  function both(mine, theirs) {
    if (theirs.includes(mine)) {
      return theirs;
    }
    if (mine.includes(theirs)) {
      return mine;
    }
    const lines = theirs.split("\n");
    const own = mine.split("\n").filter((line) => !line.trim() || !lines.includes(line));
    return `${theirs}\n${own.join("\n")}`;
  }

  function mergedField(key, base, mine, theirs, join) {
    if (key === "sources") {
      return merged(base || {}, mine || {}, theirs || {}, join);
    }
    if (same(mine, theirs) || same(theirs, base)) {
      return mine;
    }
    if (same(mine, base)) {
      return theirs;
    }
    return ONE_VALUE.includes(key) || !theirs || !mine ? mine || theirs : join(base || "", mine, theirs);
  }

  // Each field takes whichever of the two has changed since `base`; where both have, both texts stay.
  function merged(base, mine, theirs, join = mergedText) {
    const keys = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
    const field = (key) => mergedField(key, base?.[key], mine[key], theirs[key], join);
    return Object.fromEntries([...keys].map((key) => [key, field(key)]));
  }

  // My content with what a colleague wrote put before it, where the texts differ. A choice stays mine.
  const keptBoth = (mine, theirs) => merged(null, mine, theirs, (_base, own, other) => both(own, other));

  window.carequality.merging = { same, merged, moved, keptBoth };
})();
