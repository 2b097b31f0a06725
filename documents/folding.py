"""The one folding of names and words: what spelling, accents, case, spaces and signs leave of them.

Search, pickers, lists, duplicates, the matching of what others publish and the disclosure scan all
ask here. The letters that no decomposition leads to a plain one stand in `folding.json`, which the
pages' scripts read too (`static/names.js`).
"""

import json
import re
import unicodedata
from functools import lru_cache
from itertools import product
from pathlib import Path

from core.keys import folding

_DATA = json.loads(
    (Path(__file__).parent / "static" / "documents" / "folding.json").read_text("utf-8")
)
# Before the letters are decomposed: some apostrophes count as letters, and others fall apart into a
# space.
_APOSTROPHES = str.maketrans(dict.fromkeys(_DATA["apostrophes"], "'"))
_AND = dict.fromkeys(_DATA["readAsAnd"], " and ")
_LETTERS = _APOSTROPHES | str.maketrans(
    _AND | {letter: plain for plain, letters in _DATA["letters"].items() for letter in letters}
)
_ASCII = str.maketrans({sign: read for sign, read in _AND.items() if sign.isascii()})
[(SHORT_SAINT, SAINT)] = _DATA["short"].items()
_GLUED = re.compile(rf"\b({SHORT_SAINT.capitalize()}|{SAINT.capitalize()})(?=[A-Z])")
_WORD = re.compile(r"[^\W_]+")
# Marks over and around letters, and what nobody sees.
_DROPPED = ("Mn", "Me", "Cf")
# An index holds no entry of more than 2,700 bytes, and some letters become eighteen.
LONGEST_KEY = 400
MOST_SPELLINGS = 8


def plain(text: str) -> str:
    """Letters and digits as any reader would take them, and what stands between them: no ligatures,
    accents or case; ø as o, æ as ae; "&" and "+" read as "and"; one kind of apostrophe.
    """
    if text.isascii():
        return text.translate(_ASCII).lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    seen = "".join(c for c in decomposed if unicodedata.category(c) not in _DROPPED)
    return seen.lower().translate(_LETTERS)


def words(text: str) -> list[str]:
    """The words of a name: an apostrophe parts none ("obriens"), and "St" is "saint"."""
    folded = plain(_GLUED.sub(r"\1 ", text)).replace("'", "").replace("`", "")
    return [SAINT if word == SHORT_SAINT else word for word in _WORD.findall(folded)]


# The words of CQC's files are few, and asked for hundreds of thousands of times.
@lru_cache(4_096)
def letters_and_digits(text: str) -> str:
    """The letters and digits alone, so that spelling variants meet."""
    return "".join(words(text))


@folding
def name_key(text: str) -> str:
    """What lists sort a name by, and what it is looked for in: its words with a space between.

    So "Ash House" comes before "Ashby House". A name of signs alone is its signs.
    """
    return (" ".join(words(text)) or plain(text).strip())[:LONGEST_KEY]


@folding
def account_key(text: str) -> str:
    """What tells one user name from another: its letters and digits, or its signs alone."""
    return (letters_and_digits(text) or plain(text).strip())[:LONGEST_KEY]


@folding
def address_key(text: str) -> str:
    """What tells one email address from another.

    Its signs count, since `j.smith` and `jsmith` may be two people's.
    """
    whole = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES))
    seen = "".join(c for c in whole if unicodedata.category(c) != "Cf")
    return "".join(seen.split()).lower()[:LONGEST_KEY]


def spelt_words(text: str) -> list[tuple[str, ...]]:
    """The words of a name in each way that it may be written: "St Mary" and "Saint Mary", also
    where the two are written as one. The first is that of `words`.
    """
    choices: list[tuple[str, ...]] = []
    for word in words(text):
        many = 2 ** sum(len(each) == 2 for each in choices) < MOST_SPELLINGS
        if many and word.startswith(SAINT):
            choices.append((word, SHORT_SAINT + word[len(SAINT) :]))
        elif many and word.startswith(SHORT_SAINT):
            choices.append((word, SAINT + word[len(SHORT_SAINT) :]))
        else:
            choices.append((word,))
    return list(product(*choices))


def spellings(text: str) -> tuple[str, ...]:
    """The letters and digits of a name in each of those ways."""
    return tuple("".join(each) for each in spelt_words(text))


# What may stand between letters and change nothing: apostrophes, hyphens, marks, spaces.
_WITHIN = rf"[\s{_DATA['apostrophes']}\u0300-\u036f\u00ad\u200b-\u200d\u2010-\u2015-]*"


def pattern(text: str) -> str:
    """A regular expression of PostgreSQL's that finds the text in longer ones, of which no key is
    kept, however its letters, apostrophes, hyphens and spaces are written.
    """
    return _WITHIN.join(_pattern_of(word) for word in plain(text).split())


def _pattern_of(word: str) -> str:
    classes, signs = _classes(), f"[{''.join(_AND)}]"
    letters = [
        classes.get(letter) or re.escape(letter) for letter in word if letter not in "'`"
    ] or [_WITHIN.removesuffix("*")]
    found = _WITHIN.join(letters)
    for pair, one in classes.items():
        if len(pair) == 2 and pair in word:
            both = f"{classes[pair[0]]}{_WITHIN}{classes[pair[1]]}"
            found = found.replace(both, f"(?:{both}|{one})")
    return f"(?:{found}|{signs})" if word == "and" else found


@lru_cache(1)
def _classes() -> dict[str, str]:
    """For each plain letter, or pair of them, the class of the letters that are folded to it."""
    found: dict[str, set[str]] = {}
    for code in (*range(0x41, 0x250), *range(0x1E00, 0x1F00)):
        folded = plain(chr(code))
        if folded.isalpha() and len(folded) <= 2:
            found.setdefault(folded, set()).add(chr(code))
    return {folded: f"[{''.join(sorted(letters))}]" for folded, letters in found.items()}
