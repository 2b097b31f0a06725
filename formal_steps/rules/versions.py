"""The parts of a record as words: for the page that shows them, and for that of their earlier
versions.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db import models

from core import versions
from core.versions import Told

InWords = Callable[[str, Any], str]


def rows(
    parts: Mapping[str, Any],
    labels: Mapping[str, str],
    in_words: InWords,
    but: Collection[str] = (),
) -> list[tuple[str, str]]:
    """The parts that say something, each with its label; those named in `but` aside."""
    said = {name: in_words(name, value) for name, value in versions.plain(parts).items()}
    return [(labels[name], words) for name, words in said.items() if words and name not in but]


def told(obj: models.Model, in_words: InWords) -> list[Told]:
    """Every version with what it changed in the one before, in words, the newest first."""
    found = []
    before: dict[str, str] = {}
    for version in versions.history(obj):
        after = {name: in_words(name, value) for name, value in version.fields.items()}
        found.append(Told(version, tuple(versions.difference(before, after))))
        before = after
    return found[::-1]
