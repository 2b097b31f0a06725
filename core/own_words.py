"""The words that whoever guesses a password at this council would try first: each app registers
those that it holds in its module `own_words`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from core.models import CouncilProfile, District, Locality, User
from core.registration import Registry

# Names as they stand in the database, whole.
OwnNames = Callable[[], Iterable[str]]
# Words that many a home is called by, such as "house" and "lodge": zxcvbn knows how common they
# are, and whoever takes one among others does not take a name.
ORDINARY = frozenset(FREQUENCY_LISTS["us_tv_and_film"]) | frozenset(
    FREQUENCY_LISTS["english_wikipedia"]
)
OWN_NAMES: Registry[OwnNames] = Registry("sources of the council's own words")
# Of a word alone; names run together and initials may be shorter, since nobody has them by chance.
SHORTEST = 4
SHORTEST_JOINED = 3
PRODUCT = "carequality"


def own_names(names: OwnNames) -> OwnNames:
    """Register a function that gives names which must not make a password: each whole, and those of
    its words that are not ordinary English.
    """
    return OWN_NAMES.add(f"{names.__module__}.{names.__qualname__}", names)


def of_the_council() -> Iterator[str]:
    """What the council and its parts are called: every word counts, ordinary or not."""
    yield PRODUCT
    council = CouncilProfile.current()
    if council is not None:
        yield from (
            council.name,
            council.short_name,
            council.committee_name,
            council.team_name,
            council.region_name,
        )
    yield from District.objects.values_list("name", flat=True)
    yield from Locality.objects.values_list("name", flat=True)


def of_the_person(person: User) -> Iterator[str]:
    """What a person is called, here and in their email's address."""
    yield f"{person.first_name} {person.last_name}"
    yield person.username
    yield person.email.partition("@")[0]


def own_words(person: User | None) -> set[str]:
    """The council's and the person's words in plain small letters: each alone, those of a name run
    together, and its initials.
    """
    words: set[str] = set()
    for source in OWN_NAMES:
        words.update(word for name in source() for word in _forms(name) if word not in ORDINARY)
    for name in of_the_council():
        words.update(_forms(name))
    if person is not None:
        for name in of_the_person(person):
            words.update(_forms(name))
    return words


def plain(text: str) -> str:
    """Letters without their accents."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _forms(name: str) -> Iterator[str]:
    # An apostrophe does not end a word: St John's is "stjohns".
    words = re.findall(r"[^\W_]+", re.sub(r"['’]", "", plain(name).casefold()))
    yield from (word for word in words if len(word) >= SHORTEST)
    joined = ["".join(words[:end]) for end in range(2, len(words) + 1)]
    for word in (*joined, "".join(word[0] for word in words)):
        if len(word) >= SHORTEST_JOINED:
            yield word
