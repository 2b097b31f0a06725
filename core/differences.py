"""What differs between two texts, word by word, and how the changes of two people to one text are
brought together.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# A word with the blanks after it, so that a text is the words of it in a row; blanks at the head
# count as a word.
WORD = re.compile(r"\S+\s*|\s+")


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Part:
    """A stretch of text that is in both, only in the later or only in the earlier text."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Edit:
    """The words `start` to `end` (not included) of a text, and what stands in their place."""

    start: int
    end: int
    words: tuple[str, ...]


def words(text: str) -> list[str]:
    """The words of a text, each with the blanks after it.

    The last one has a blank too, so that it is the same word when the text goes on after it.
    """
    return WORD.findall(text if not text or text[-1].isspace() else f"{text} ")


def edits(before: list[str], after: list[str]) -> list[Edit]:
    """What was done to the words of one text to make the other, from left to right."""
    # Most changes are in one place of a long text: what is alike at both ends is not compared.
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while (
        tail < min(len(before), len(after)) - head
        and before[len(before) - 1 - tail] == after[len(after) - 1 - tail]
    ):
        tail += 1
    inner_before = before[head : len(before) - tail]
    inner_after = after[head : len(after) - tail]
    # With its rule for frequent words, which bounds the time that a text of one word over and over
    # takes.
    matcher = SequenceMatcher(None, inner_before, inner_after)
    return [
        Edit(head + i1, head + i2, tuple(inner_after[j1:j2]))
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]


def parts(before: str, after: str) -> list[Part]:
    """The difference as it is shown: what stayed, what was removed and what was added, in the order
    of the text. Blanks at its end are not told.
    """
    old = words(before)
    found: list[Part] = []
    place = 0
    for edit in edits(old, words(after)):
        found += [
            Part(Kind.SAME, "".join(old[place : edit.start])),
            Part(Kind.REMOVED, "".join(old[edit.start : edit.end])),
            Part(Kind.ADDED, "".join(edit.words)),
        ]
        place = edit.end
    found.append(Part(Kind.SAME, "".join(old[place:])))
    return [part for part in found if part.text]


@dataclass(frozen=True)
class Both:
    """The words of two people in one text; `clean` where they changed different places of it."""

    text: str
    clean: bool


def both(base: str | None, theirs: str, mine: str) -> Both:
    """The changes of two people to one text, brought together: no word of either is lost, and none
    that both have is doubled.

    `base` is what both began with, None where that is not known. Where both wrote in the same
    place, theirs comes first, since it is stored already.
    """
    if theirs == mine:
        return Both(mine, True)
    if base is None:
        return Both(_joined(theirs, mine, "\n\n"), False)
    if base in (theirs, mine):
        return Both(mine if base == theirs else theirs, True)
    old = words(base)
    text: list[str] = []
    clean = True
    place = 0
    for start, end, of_theirs, of_mine in _regions(
        edits(old, words(theirs)), edits(old, words(mine))
    ):
        text += old[place:start]
        their_text, my_text = _done(old, start, end, of_theirs), _done(old, start, end, of_mine)
        if not of_theirs or not of_mine:
            text.append(my_text if of_mine else their_text)
        else:
            clean = clean and their_text == my_text
            # A whole text replaced is a paragraph; words within one are not.
            gap = "\n\n" if (start, end) == (0, len(old)) else " "
            text.append(_joined(their_text, my_text, gap))
        place = end
    text += old[place:]
    return Both("".join(text).rstrip(), clean)


def _joined(theirs: str, mine: str, gap: str) -> str:
    # Whoever has already joined them, or writes on after what the other has, doubles nothing.
    if mine.strip() in theirs:
        return theirs
    if theirs.strip() in mine:
        return mine
    return f"{theirs.rstrip()}{gap}{mine.lstrip()}"


def _done(old: list[str], start: int, end: int, changes: list[Edit]) -> str:
    """The words from `start` to `end` with these changes made."""
    text: list[str] = []
    for edit in changes:
        text += [*old[start : edit.start], *edit.words]
        start = edit.end
    return "".join([*text, *old[start:end]])


def _regions(
    theirs: list[Edit], mine: list[Edit]
) -> Iterator[tuple[int, int, list[Edit], list[Edit]]]:
    """The stretches of the base that somebody changed, with the changes of each. Changes that touch
    fall into one stretch: nobody can say which of two words put into one place comes first.
    """
    waiting = sorted(
        [(edit, True) for edit in theirs] + [(edit, False) for edit in mine],
        key=lambda one: (one[0].start, one[0].end),
    )
    while waiting:
        first, _whose = waiting[0]
        start, end = first.start, first.end
        taken = []
        while waiting and (waiting[0][0].start < end or waiting[0][0].start == start):
            taken.append(waiting.pop(0))
            end = max(end, taken[-1][0].end)
        yield (
            start,
            end,
            [edit for edit, is_theirs in taken if is_theirs],
            [edit for edit, is_theirs in taken if not is_theirs],
        )
