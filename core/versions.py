"""The versions of what several people write: who wrote which words, and what is different."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import pairwise

from django.db import models

from core.models import User, Version


@dataclass(frozen=True)
class Piece:
    """Words that stayed (`same`), were taken out (`gone`) or put in (`new`)."""

    kind: str
    words: str

    @property
    def is_new(self) -> bool:
        """Put in."""
        return self.kind == "new"

    @property
    def is_gone(self) -> bool:
        """Taken out."""
        return self.kind == "gone"


@dataclass(frozen=True)
class Difference:
    """What is different in one field."""

    field: str
    before: str
    after: str
    pieces: tuple[Piece, ...]


def hash_of(fields: Mapping[str, str]) -> str:
    """A name of exactly these words."""
    return sha256(json.dumps(dict(fields), ensure_ascii=False).encode()).hexdigest()


def keep(
    obj: models.Model, fields: Mapping[str, str], *, by: User | None, now: datetime
) -> Version | None:
    """Keep these words as the next version, where they differ from the last; obj is held."""
    last = latest(obj)
    name = hash_of(fields)
    if last is not None and last.sha256 == name:
        return None
    return Version.objects.create(
        about_label=obj._meta.label_lower,
        about_id=str(obj.pk),
        number=1 + (last.number if last else 0),
        fields=dict(fields),
        by=by,
        at=now,
        sha256=name,
    )


def history(obj: models.Model) -> list[Version]:
    """Every version, the first one first."""
    found = Version.objects.filter(about_label=obj._meta.label_lower, about_id=str(obj.pk))
    return list(found.select_related("by").order_by("number"))


def latest(obj: models.Model) -> Version | None:
    """The version that stands now; None where none was kept."""
    found = Version.objects.filter(about_label=obj._meta.label_lower, about_id=str(obj.pk))
    return found.order_by("-number").first()


def authors(obj: models.Model, fields: Collection[str] | None = None) -> set[int]:
    """The ids of everyone who wrote in one of these fields, in any version."""
    versions = history(obj)
    found = {version.by_id for version in versions[:1]}
    for before, after in pairwise(versions):
        moved = {one.field for one in difference(before.fields, after.fields)}
        if moved & set(fields) if fields is not None else moved:
            found.add(after.by_id)
    return {pk for pk in found if pk}


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    """What is different, field by field and word by word."""
    return [
        Difference(name, before.get(name, ""), words, _pieces(before.get(name, ""), words))
        for name, words in after.items()
        if before.get(name, "") != words
    ]


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    old, new = _words(before), _words(after)
    found: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Piece("same", "".join(old[a:b])))
            continue
        if b > a:
            found.append(Piece("gone", "".join(old[a:b])))
        if d > c:
            found.append(Piece("new", "".join(new[c:d])))
    return tuple(found)


def _words(text: str) -> list[str]:
    # With the blank behind them, so that joined they are the text again.
    words = text.replace("\n", " \n ").split(" ")
    return [f"{word} " for word in words[:-1]] + words[-1:]
