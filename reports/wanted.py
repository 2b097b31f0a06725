"""The names that are looked for in a public file, and where they stand in a text.

One folding on both sides, and any gap between letters: names are compared by their letters and
digits alone. What is short must begin and end where words do.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

from documents.folding import letters_and_digits, plain, spelt_words

# Shorter names stand inside ordinary words ("Ash" in "washing"), so they need their boundaries.
SHORT = 8
CONTEXT = 40
# Written small beside a gap that is none of the name's own, these are words of a sentence.
_SENTENCE = (
    "the an and or but nor so yet if as at by for from in into of off on onto out over to up with"
    " is are was were be been am do did does has had have he she it we they you me my his her its"
    " our us them their this that these those who not no all any can may will would could shall"
    " should than then there when where while"
)
ORDINARY = frozenset(_SENTENCE.split())


class ScanError(Exception):
    """Part of the file could not be read, so nobody can say what is in it: the file is refused."""


@dataclass(frozen=True, order=True)
class Hit:
    name: str  # as held exempt
    where: str  # "page 3", "metadata", "attachment", "bookmark", "alternative text", ...
    context: str  # the words around it: exempt, since they hold the name


@cache
def _plain_letter(letter: str) -> str:
    return plain(letter)


class Wanted:
    """The exempt names, ready to be looked for."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: list[tuple[str, str, frozenset[int]]] = []
        for name in sorted({name.strip() for name in names if name.strip()}):
            if not letters_and_digits(name):
                raise ScanError("A name held exempt has no letters, so it cannot be looked for.")
            self._names += [
                (name, "".join(spelt), frozenset(accumulate(map(len, spelt))))
                for spelt in spelt_words(name)
            ]

    def find(self, text: str, where: str) -> Iterator[Hit]:
        for _, hit in self._search(text):
            yield Hit(hit[0], where, hit[1])

    def find_in_pages(self, pages: list[str]) -> Iterator[Hit]:
        # One text, so that a name which runs over a page end is found; the pages' starts say where.
        starts, length = [], 0
        for page in pages:
            starts.append(length)
            length += len(page) + 1
        for (begin, end), (name, context) in self._search("\n".join(pages)):
            first, last = bisect_right(starts, begin), bisect_right(starts, end)
            yield Hit(
                name, f"page {first}" if first == last else f"pages {first} and {last}", context
            )

    def _search(self, text: str) -> Iterator[tuple[tuple[int, int], tuple[str, str]]]:
        looked_at = _Letters(text)
        for name, spelt, ends_of_words in self._names:
            at = looked_at.narrow.find(spelt)
            while at >= 0:
                if len(spelt) >= SHORT or looked_at.stands_alone(at, spelt, ends_of_words):
                    begin, end = looked_at.stands_in_text(at, at + len(spelt) - 1)
                    around = text[max(0, begin - CONTEXT) : end + 1 + CONTEXT]
                    yield (begin, end), (name, " ".join(around.split()))
                at = looked_at.narrow.find(spelt, at + 1)


class _Letters:
    """A text as it is looked at: folded whole, and narrow, without what parts its letters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.whole: list[str] = []
        self.origin: list[int] = []  # where a letter of the whole stands in the text as read
        for at, character in enumerate(text):
            for letter in _plain_letter(character):
                self.whole.append(letter)
                self.origin.append(at)
        self.kept = [i for i, letter in enumerate(self.whole) if letter.isalnum()]
        self.narrow = "".join(self.whole[i] for i in self.kept)

    def stands_in_text(self, first: int, last: int) -> tuple[int, int]:
        """Where letters of the narrow text stand in the text as read."""
        return self.origin[self.kept[first]], self.origin[self.kept[last]]

    def stands_alone(self, at: int, spelt: str, ends_of_words: frozenset[int]) -> bool:
        """Whether a short name that was found there begins and ends where words do.

        Its letters may stand apart ("Elm Wood", "E l m w o o d" for Elmwood), but not so that
        ordinary words make up one of its own: "and over" is no Andover.
        """
        first, end = self.kept[at], at + len(spelt)
        last = self.kept[end - 1]
        if first and self.whole[first - 1].isalnum():
            return False
        if last + 1 < len(self.whole) and self.whole[last + 1].isalnum():
            return False
        gaps = [n for n in range(1, len(spelt)) if self.kept[at + n] != self.kept[at + n - 1] + 1]
        foreign = set(gaps) - ends_of_words
        return not any(
            foreign & {begins, ends} and self._as_written(at + begins, at + ends) in ORDINARY
            for begins, ends in pairwise([0, *gaps, len(spelt)])
        )

    def _as_written(self, begin: int, end: int) -> str:
        return "".join(self.text[self.origin[self.kept[n]]] for n in range(begin, end))
