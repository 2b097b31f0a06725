"""The words that whoever guesses a password at this council would try first: each app registers
those that it holds in its module `own_words`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from core.models import CouncilProfile, District, Locality, User
from core.registration import Registry

# Names as they stand in the database, whole.
OwnNames = Callable[[], Iterable[str]]
OWN_NAMES: Registry[OwnNames] = Registry("sources of the council's own words")
# Of a word alone; names run together and initials may be shorter, since nobody has them by chance.
SHORTEST = 4
SHORTEST_JOINED = 3
PRODUCT = "carequality"


def own_names(names: OwnNames) -> OwnNames:
    """Register a function that gives names which must not make a password."""
    return OWN_NAMES.add(f"{names.__module__}.{names.__qualname__}", names)


@own_names
def of_the_council() -> Iterator[str]:
    """What the council and its parts are called."""
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
    names = [name for source in OWN_NAMES for name in source()]
    if person is not None:
        names.extend(of_the_person(person))
    return {word for name in names for word in _forms(name)}


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
