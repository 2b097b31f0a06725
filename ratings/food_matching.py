"""Which establishment of the Food Standards Agency's a care home is: found by name and postcode,
sure only if both agree. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from documents.folding import letters_and_digits, words
from ratings.fsa import Establishment

# Words that many homes and no particular one bears.
COMMON = frozenset(
    re.findall(
        r"\w+",
        "the care home homes nursing residential house ltd limited plc llp cic for of and at centre"
        " center service services",
    )
)
ALIKE_ENOUGH = 0.8
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Home:
    """A care home by the names and postcodes under which it is known: the register's and CQC's."""

    service_id: int
    names: tuple[str, ...]
    postcodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An establishment that is or may be the home, and what speaks for it."""

    establishment: Establishment
    is_sure: bool
    why: str


def candidates(home: Home, establishments: Iterable[Establishment]) -> list[Candidate]:
    """Those that may be the home, the likeliest first. One is sure if its name and postcode agree
    and no other's do.
    """
    found = []
    for one in establishments:
        same_postcode = letters_and_digits(one.postcode) in {
            letters_and_digits(code) for code in home.postcodes if code
        }
        likeness = max((_likeness(name, one.name) for name in home.names), default=0.0)
        if why := _why(same_postcode, likeness):
            found.append((same_postcode, likeness, one, why))
    found.sort(key=lambda row: (-row[0], -row[1], row[2].fhrs_id))
    exact = [row for row in found if row[0] and row[1] == 1.0]
    return [
        Candidate(one, is_sure=len(exact) == 1 and one is exact[0][2], why=why)
        for _, _, one, why in found
    ]


def _why(same_postcode: bool, likeness: float) -> str:
    if same_postcode:
        if likeness == 1.0:
            return "Same name, same postcode"
        return "Similar name, same postcode" if likeness >= HALF else "Another name, same postcode"
    return "Same name, another postcode" if likeness == 1.0 else ""


def _likeness(ours: str, theirs: str) -> float:
    """1 if the names agree but for the words that many homes bear; else how alike they are, below
    1.
    """
    first, second = _particular(ours), _particular(theirs)
    if not first or not second:
        return 1.0 if letters_and_digits(ours) == letters_and_digits(theirs) else 0.0
    # In any order, or with other spaces: "Elm Wood" is "Elmwood".
    if set(first) == set(second) or "".join(first) == "".join(second):
        return 1.0
    return _nearly(frozenset(first), frozenset(second))


def _nearly(first: frozenset[str], second: frozenset[str]) -> float:
    shared = len(first & second) / len(first | second)
    spelt = fuzz.ratio("".join(sorted(first)), "".join(sorted(second))) / 100
    return min(0.99, max(shared, spelt if spelt >= ALIKE_ENOUGH else 0.0))


def _particular(name: str) -> list[str]:
    return [word for word in words(name) if word not in COMMON]
