// What a file is, by what it holds: the same list, in the same order and with the same words as on the server
// (documents/file_kinds.py). What it will not take is refused here, before the officer leaves the home. Where this
// device cannot tell, the file is kept, and the server says.
"use strict";
(() => {
  const { packages, compounds, ...list } = JSON.parse(document.getElementById("file-kinds").textContent);
  const { CannotTell, entriesOfCompound, membersOfPackage } = window.carequality.containers;
  const MOST_BYTES = list.largest.bytes;
  const BLANK = new Set([0xef, 0xbb, 0xbf, 0x09, 0x0d, 0x0a, 0x0c, 0x20]);

  class Refused extends Error {}

  const words = (name) => list.refusals[name].words.replace("{taken}", list.taken);

  function refuse(name) {
    throw new Refused(words(name));
  }

  const suffixes = (name) => list.kinds[name].suffixes;
  const known = new Set([
    ...Object.keys(list.kinds).flatMap(suffixes),
    ...Object.values(list.texts.refused_suffixes).flat(),
  ]);

  function suffixOf(name) {
    const found = /\.[a-z0-9]+$/i.exec(name.replace(/[ .]+$/, ""));
    const suffix = found ? found[0].toLowerCase() : "";
    return known.has(suffix) ? suffix : "";
  }

  function bears(bytes, { at, bytes: wanted, after_blank: afterBlank, and: also }) {
    let start = at;
    while (afterBlank && start < 1024 && BLANK.has(bytes[start])) {
      start += 1;
    }
    const pairs = wanted.match(/../g);
    return pairs.every((pair, place) => bytes[start + place] === parseInt(pair, 16)) && (!also || bears(bytes, also));
  }

  async function inPackage(bytes) {
    const members = await membersOfPackage(bytes);
    const said = (await members.text(packages.types_in)).matchAll(/ContentType\s*=\s*["']([^"']{1,300})["']/gi);
    const types = new Set([...said].map(([, type]) => type.toLowerCase()));
    const isMacro = (name) =>
      new RegExp(packages.macro_members).test(name) && !new RegExp(packages.not_macros).test(name);
    if ([...types].some((type) => new RegExp(packages.macro_parts).test(type)) || members.names.some(isMacro)) {
      refuse("macros");
    }
    const main = Object.keys(packages.main_parts).find((type) => types.has(type));
    const type = (await members.text(packages.type_in)).trim();
    return packages.main_parts[main] ?? packages.types[type] ?? refuse("archive");
  }

  function inCompound(bytes) {
    const entries = entriesOfCompound(bytes);
    const found = compounds.find(({ entry }) => entries.has(entry)) ?? refuse("unknown");
    return found.kind ?? refuse(found.refused);
  }

  function isEmail(bytes, suffix) {
    if (suffixes("text").includes(suffix) || bytes.includes(0)) {
      return false;
    }
    const names = new Set();
    const lines = new TextDecoder("latin1").decode(bytes.subarray(0, 200000)).split(/\r\n|[\r\n]/);
    for (const [number, line] of lines.entries()) {
      if (!line.trim()) {
        break;
      }
      if (new RegExp(list.emails.web_archive, "i").test(line)) {
        refuse("markup");
      }
      if (/^[ \t]/.test(line) || (number === 0 && line.startsWith("From "))) {
        continue;
      }
      const header = /^([!-9;-~]+):/.exec(line);
      if (!header) {
        return false;
      }
      names.add(header[1].toLowerCase());
    }
    return list.emails.headers.filter((name) => names.has(name)).length >= list.emails.at_least;
  }

  // null if it is no text.
  function textOf(bytes) {
    const mark = `${bytes[0]},${bytes[1]}`;
    const wide = { "255,254": "utf-16le", "254,255": "utf-16be" }[mark];
    for (const encoding of wide ? [wide] : ["utf-8", "windows-1252"]) {
      try {
        const whole = new TextDecoder(encoding, { fatal: true }).decode(bytes);
        const text = whole.replace(new RegExp(list.texts.last), "");
        return new RegExp(list.texts.controls).test(text) ? null : text;
      } catch {
        // Not in this encoding.
      }
    }
    return null;
  }

  function checkText(text, suffix) {
    for (const [name, refused] of Object.entries(list.texts.refused_suffixes)) {
      if (refused.includes(suffix)) {
        refuse(name);
      }
    }
    for (const { refused, pattern } of [...list.texts.refused_starts, ...list.texts.refused_anywhere]) {
      if (new RegExp(pattern, "i").test(text)) {
        refuse(refused);
      }
    }
  }

  async function kindOf(bytes, suffix) {
    const signature = list.signatures.find((each) => bears(bytes, each));
    if (signature) {
      return signature.kind ?? (signature.inside === "package" ? inPackage(bytes) : inCompound(bytes));
    }
    if (isEmail(bytes, suffix)) {
      return "eml";
    }
    const text = textOf(bytes);
    if (text === null) {
      refuse(list.others.find((each) => bears(bytes, each))?.refused ?? "unknown");
    }
    checkText(text, suffix);
    return "text";
  }

  // { kind, isPicture } or { fault }: what it is, or why it will not be taken. Without a kind the server has to tell.
  async function check(bytes, name) {
    try {
      if (bytes.length === 0) {
        refuse("empty");
      }
      const kind = await kindOf(bytes, suffixOf(name));
      return { kind, isPicture: Boolean(list.kinds[kind].is_picture) };
    } catch (fault) {
      if (fault instanceof CannotTell) {
        return { kind: "", isPicture: false };
      }
      return { fault: fault instanceof Refused ? fault.message : words("damaged") };
    }
  }

  window.carequality.fileKinds = {
    check,
    words,
    MOST_BYTES,
    accepted: Object.keys(list.kinds).flatMap(suffixes).join(","),
    taken: `You can add ${list.taken}, up to ${list.largest.words}.`,
  };
})();
