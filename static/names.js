// The folding of names in the browser, as `documents/folding.py` does it: by the same table of letters.
const DROPPED = /[\p{Mn}\p{Me}\p{Cf}]/gu;
const GLUED = /(?<![\p{L}\p{N}_])(St|Saint)(?=[A-Z])/gu;
const WORD = /[\p{L}\p{N}]+/gu;
const MOST_SPELLINGS = 8;
// Without the table accents, capitals and signs are still folded.
const NO_TABLE = { apostrophes: "'’", readAsAnd: "&+", short: { st: "saint" }, letters: {} };

async function tableFrom(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.json() : NO_TABLE;
  } catch {
    return NO_TABLE;
  }
}

export async function foldingFrom(address) {
  return makeFolding(await tableFrom(address));
}

function makeFolding(table) {
  const apostrophes = new Set(table.apostrophes);
  const [[shortSaint, saint]] = Object.entries(table.short);
  const read = new Map([...table.readAsAnd].map((sign) => [sign, " and "]));
  // Decomposed, a letter may leave an apostrophe beside it.
  apostrophes.forEach((sign) => read.set(sign, "'"));
  for (const [plain, letters] of Object.entries(table.letters)) {
    [...letters].forEach((letter) => read.set(letter, plain));
  }

  function words(text) {
    const apart = text.replace(GLUED, "$1 ");
    const decomposed = [...apart].map((letter) => (apostrophes.has(letter) ? "'" : letter)).join("");
    const seen = decomposed.normalize("NFKD").replace(DROPPED, "").toLowerCase();
    const folded = [...seen].map((letter) => read.get(letter) ?? letter).join("");
    const found = folded.replaceAll("'", "").match(WORD) ?? [];
    return found.map((word) => (word === shortSaint ? saint : word));
  }

  function otherSpelling(word) {
    if (word.startsWith(saint)) {
      return shortSaint + word.slice(saint.length);
    }
    return word.startsWith(shortSaint) ? saint + word.slice(shortSaint.length) : undefined;
  }

  function spellings(text) {
    let found = [""];
    for (const word of words(text)) {
      const other = found.length < MOST_SPELLINGS ? otherSpelling(word) : undefined;
      found = found.flatMap((begun) => (other === undefined ? [begun + word] : [begun + word, begun + other]));
    }
    return found;
  }

  return { letters: (text) => words(text).join(""), spellings };
}
