// Puts two texts together that were written over the same one in two tabs of this browser. What a colleague wrote on
// another device is never merged: there the person decides.
"use strict";
(() => {
  // A choice has one value and is not joined to another; of two texts, both stay.
  const ONE_VALUE = ["value", "not_applicable", "question"];

  const isObject = (value) => value && typeof value === "object" && !Array.isArray(value);
  const ordered = (_key, value) => (isObject(value) ? Object.fromEntries(Object.entries(value).sort()) : value);

  // Equal whatever the order of their keys: the server and the page list them differently.
  const same = (one, other) => JSON.stringify(one, ordered) === JSON.stringify(other, ordered);

  function mergedField(key, base, mine, theirs) {
    if (key === "sources") {
      return merged(base || {}, mine || {}, theirs || {});
    }
    if (same(mine, theirs) || same(theirs, base)) {
      return mine;
    }
    if (same(mine, base)) {
      return theirs;
    }
    return ONE_VALUE.includes(key) || !theirs || !mine ? mine || theirs : `${theirs}\n${mine}`;
  }

  // Each field takes whichever of the two has changed since `base`; where both have, both texts stay.
  function merged(base, mine, theirs) {
    const keys = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
    return Object.fromEntries([...keys].map((key) => [key, mergedField(key, base?.[key], mine[key], theirs[key])]));
  }

  window.carequality.merging = { same, merged };
})();
