"""The words of people: every version of them kept, who wrote what stands now, what differs, and
whether somebody changed a record since a person saw it.

An action locks its record, asks `check_seen` with what its form carried, changes the record and
calls `keep`, in one transaction. A record written before its versions were kept has none until its
first `keep`; what it was seen as is then "0".
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from core import differences
from core.models import User, Version
from core.workflow import NotAllowed

Values = Mapping[str, Any]
# Makes of the fields of a version what a page says; none of no fields.
Said = Callable[[Values], Values]
# What is seen of a record that has no version yet.
NONE_SEEN = "0"


class StaleVersion(NotAllowed):
    """Somebody changed the record since it was seen: `seen` is that version (None: none, or one
    that never was), `latest` what stands now. Its code is `stale-version`.
    """

    def __init__(self, seen: Version | None, latest: Version | None) -> None:
        who = latest.by if latest and latest.by else "Somebody"
        super().__init__(
            "stale-version",
            f"{who} changed this while you had it open. Check the changes, then try again.",
        )
        self.seen = seen
        self.latest = latest


@dataclass(frozen=True)
class FieldDifference:
    """What differs in one field. `parts` is word by word for texts, and the whole for other
    values.
    """

    name: str
    before: Any
    after: Any
    parts: tuple[differences.Part, ...]


@dataclass(frozen=True)
class Told:
    """A version with what it changed in the one before it."""

    version: Version
    changes: tuple[FieldDifference, ...]


def keep(
    obj: models.Model,
    fields: Iterable[str] | Values,
    *,
    by: User | None,
    now: datetime,
    number: int | None = None,
) -> Version | None:
    """Keep the words of a record as its next version, where something changed since the last.

    `fields` are the names of its attributes, or their values by name; those of an earlier version
    that are not named stay as they were. `number` is the record's own count of its savings, where
    it has one. Returns None where nothing changed. Call it with the
    record's row held (`core.locking.lock`), so that two who write at once have a number each.
    Raises `TransactionManagementError` outside a transaction: words must not outlive a change that
    is rolled back.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            f"Version of {obj} kept outside a transaction."
        )
    given = fields if isinstance(fields, Mapping) else {name: getattr(obj, name) for name in fields}
    last = latest(obj)
    values = {**(last.fields if last else {}), **plain(given)}
    if last and not last.is_blanked and values == last.fields:
        return None
    label, pk = _key(obj)
    number = number or (last.number + 1 if last else 1)
    return Version.objects.create(
        about_label=label,
        about_id=pk,
        number=number,
        fields=values,
        by=by,
        at=now,
        sha256=_sha256(label, pk, number, by, values),
    )


def of(*objects: models.Model) -> models.QuerySet[Version]:
    """The versions of these records, which are of one model, oldest first within each."""
    found = Version.objects.select_related("by").order_by("about_label", "about_id", "number")
    if not objects:
        return found.none()
    label, _pk = _key(objects[0])
    return found.filter(about_label=label, about_id__in=[str(one.pk) for one in objects])


def latest(obj: models.Model) -> Version | None:
    """The version that stands now; None where none has been kept."""
    return of(obj).last()


def history(obj: models.Model) -> list[Version]:
    """Every version, oldest first."""
    return list(of(obj))


def told(kept: Sequence[Version], said: Said = dict) -> list[Told]:
    """The versions of one record, oldest first, as a page tells them: newest first, each with what
    it changed. `said` makes of their fields what a page says.
    """
    values = [{}, *(said(version.fields) for version in kept)]
    pairs = zip(values, values[1:], kept, strict=False)
    return [Told(one, tuple(difference(was, now))) for was, now, one in pairs][::-1]


def difference(
    before: Version | Values | None, after: Version | Values | None
) -> list[FieldDifference]:
    """What differs, by field and by words; fields that are alike are left out."""
    old, new = _values(before), _values(after)
    return [
        FieldDifference(name, old.get(name), new.get(name), tuple(_parts(old.get(name), value)))
        for name, value in {**new, **{name: new.get(name) for name in old}}.items()
        if not alike(old.get(name), value)
    ]


def alike(one: Any, other: Any) -> bool:
    """Whether two values of a field say the same: an empty text and none are alike."""
    return one == other or (_is_empty(one) and _is_empty(other))


def authors(obj: models.Model, fields: Iterable[str] | None = None) -> list[User]:
    """Whoever wrote what stands now, in the order in which they first did; of these fields, or of
    all that are kept.

    Whose every word was replaced is no author of it any more. Who only took words out of what
    stands is one: leaving out a "not" is writing too.
    """
    kept = history(obj)
    if not kept:
        return []
    people = {version.by_id: version.by for version in kept if version.by}
    names = kept[-1].fields if fields is None else fields
    written: set[int | None] = set()
    for name in names:
        written |= _writers(kept, name)
    return [person for pk, person in people.items() if pk in written]


def seen_of(obj: models.Model) -> str:
    """What a form carries, hidden, to say which version the person had before them."""
    last = latest(obj)
    return last.token if last else NONE_SEEN


def check_seen(obj: models.Model, seen: str) -> None:
    """Whether the record is still as it was seen. Ask with its row held.

    Raises `StaleVersion`, whose code is `stale-version`.
    """
    last = latest(obj)
    if seen != (last.token if last else NONE_SEEN):
        raise StaleVersion(version_seen(obj, seen), last)


def version_seen(obj: models.Model, seen: str) -> Version | None:
    """The version that a form carried; None for none, and for what was never one of the record."""
    return next((version for version in of(obj) if version.token == seen), None)


def blank(obj: models.Model, *, now: datetime) -> int:
    """Blank the words of every version of a record, when the time of its personal text is over.
    Who wrote, when, and the hashes stay. Returns how many were blanked.
    """
    label, pk = _key(obj)
    rows = Version.objects.filter(about_label=label, about_id=pk, blanked_at=None)
    return rows.update(fields={}, blanked_at=now)


def _key(obj: models.Model) -> tuple[str, str]:
    return obj._meta.label_lower, str(obj.pk)


def plain(values: Values) -> dict[str, Any]:
    """The values as JSON holds them, a record as its id, so that what is typed and what is stored
    compare.
    """
    return {
        name: json.loads(json.dumps(_of_record(value), cls=DjangoJSONEncoder))
        for name, value in values.items()
    }


def _of_record(value: Any) -> Any:
    if isinstance(value, models.QuerySet):
        return sorted(value.values_list("pk", flat=True))
    return value.pk if isinstance(value, models.Model) else value


def _is_empty(value: Any) -> bool:
    # Nought is a number like others.
    return value is None or value is False or value in ("", [], {})


def _sha256(label: str, pk: str, number: int, by: User | None, values: Values) -> str:
    content = [label, pk, number, by.pk if by else None, values]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _values(given: Version | Values | None) -> dict[str, Any]:
    return dict(given.fields if isinstance(given, Version) else given or {})


def _parts(before: Any, after: Any) -> list[differences.Part]:
    if isinstance(before or "", str) and isinstance(after or "", str):
        return differences.parts(before or "", after or "")
    kinds = ((before, differences.Kind.REMOVED), (after, differences.Kind.ADDED))
    return [differences.Part(kind, str(value)) for value, kind in kinds if value is not None]


def _writers(kept: Sequence[Version], name: str) -> set[int | None]:
    """The ids of who wrote the words of a field that stand in the last version."""
    text: list[str] = []
    of_word: list[set[int | None]] = []
    for version in kept:
        value = version.fields.get(name)
        new = differences.words(value if isinstance(value, str) else json.dumps(value or ""))
        # From the right, so that the places to the left of a change stay where they were.
        for edit in reversed(differences.edits(text, new)):
            of_word[edit.start : edit.end] = [{version.by_id} for _word in edit.words]
            if not edit.words and of_word:
                # Words were only taken out: the word beside the gap reads otherwise through them.
                of_word[max(0, edit.start - 1)] |= {version.by_id}
        text = new
    # An empty value that is no text stands as "" and is nobody's.
    return set().union(*of_word) if text != ['""'] else set()
