"""What was different in a record, when, and by whom: for the page that shows earlier words, and for
whoever decides on words that have moved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db import models

from core import versions
from core.models import User, Version
from core.versions import Difference, Piece


@dataclass(frozen=True)
class MovedPart:
    """What is different in one part of a record; `by` and `at` say who left it so, where that is
    known.
    """

    name: str
    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]
    by: User | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class WrittenVersion:
    """What one person changed at one time."""

    by: User | None
    at: datetime
    parts: tuple[MovedPart, ...]


def name_of(parts: Mapping[str, str]) -> str:
    """A short name of exactly these words, which a page carries."""
    return versions.hash_of(parts)[:32]


def moved_since(
    obj: models.Model, seen: str, parts: Mapping[str, str], labels: Mapping[str, str]
) -> list[MovedPart]:
    """What is different now from the version `seen`; nothing where that was not kept."""
    history = versions.history(obj)
    read = next((version for version in history if seen and version.sha256.startswith(seen)), None)
    if read is None:
        return []
    last: dict[str, Version] = {}
    for before, after in pairwise(history):
        last |= {one.field: after for one in versions.difference(before.fields, after.fields)}
    return [
        _part(one, labels, last.get(one.field)) for one in versions.difference(read.fields, parts)
    ]


def written(obj: models.Model, labels: Mapping[str, str]) -> list[WrittenVersion]:
    """Every version with what is different from the one before, the newest first; the first one
    whole.
    """
    history = versions.history(obj)
    found = []
    for before, after in pairwise([None, *history]):
        assert after is not None
        changed = versions.difference(before.fields if before else {}, after.fields)
        parts = tuple(_part(one, labels) for one in changed)
        found.append(WrittenVersion(after.by, after.at, parts))
    return found[::-1]


def _part(one: Difference, labels: Mapping[str, str], version: Version | None = None) -> MovedPart:
    return MovedPart(
        name=one.field,
        label=labels.get(one.field, one.field),
        before=one.before,
        after=one.after,
        pieces=one.pieces,
        by=version.by if version else None,
        at=version.at if version else None,
    )
