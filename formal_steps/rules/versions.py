"""What was different in a record, when, and by whom: for the page that shows earlier words, and for
whoever decides on words that have moved.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import models

from core import versions
from core.differences import Kind
from core.models import User, Version
from core.versions import FieldDifference


@dataclass(frozen=True)
class Piece:
    """Words that stayed, were put in or were taken out."""

    words: str
    is_new: bool = False
    is_gone: bool = False


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
    # Sorted: the database keeps no order of the names.
    text = json.dumps(dict(parts), ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()[:32]


def moved_since(
    obj: models.Model, seen: str, parts: Mapping[str, str], labels: Mapping[str, str]
) -> list[MovedPart]:
    """What is different now from the version `seen`; all that stands now where that one was not
    kept, since nobody can say then what of it was read.
    """
    history = versions.history(obj)
    read = next((version for version in history if name_of(version.fields) == seen), None)
    last: dict[str, Version] = {}
    for told in reversed(versions.told(history)):
        last |= {change.name: told.version for change in told.changes}
    return [_part(one, labels, last.get(one.name)) for one in versions.difference(read, parts)]


def written(obj: models.Model, labels: Mapping[str, str]) -> list[WrittenVersion]:
    """Every version with what is different from the one before, the newest first; the first one
    whole.
    """
    *later, first = versions.told(versions.history(obj)) or [None]
    if first is None:
        return []
    found = [
        WrittenVersion(
            told.version.by, told.version.at, tuple(_part(one, labels) for one in told.changes)
        )
        for told in later
    ]
    whole = tuple(
        MovedPart(one.name, labels.get(one.name, one.name), "", one.after, (Piece(one.after),))
        for one in first.changes
    )
    return [*found, WrittenVersion(first.version.by, first.version.at, whole)]


def _part(
    one: FieldDifference, labels: Mapping[str, str], version: Version | None = None
) -> MovedPart:
    return MovedPart(
        name=one.name,
        label=labels.get(one.name, one.name),
        before=one.before or "",
        after=one.after or "",
        pieces=tuple(
            Piece(part.text, part.kind == Kind.ADDED, part.kind == Kind.REMOVED)
            for part in one.parts
        ),
        by=version.by if version else None,
        at=version.at if version else None,
    )
