"""One location as CQC describes it today, written into what we hold; every difference is kept."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import events
from documents.folding import name_key
from providers.vocabulary import ServiceType
from ratings import rules
from ratings.cqc.records import LocationRecord, RatingRecord, Relationship
from ratings.models import (
    Location,
    LocationChange,
    LocationChangeKind,
    LocationRelation,
    Rating,
    ServiceLocation,
    SyncRun,
)
from ratings.vocabulary import KeyQuestion

NEWLY_REGISTERED = timedelta(days=90)
# CQC leaves out what it does not have at hand. Where a location cannot lose such a thing, what we
# held stays.
KEPT_WHEN_ABSENT = (
    "name",
    "cqc_provider_id",
    "directorate",
    "registered_on",
    "beds",
    "address",
    "postcode",
    "local_authority",
    "region",
    "service_types",
    "primary_type",
)
# What a payload that leaves out the types of a registered location leaves out or denies with them:
# it says nothing about any.
LEFT_OUT_WITH_TYPES = ("is_care_home", "specialisms")


@transaction.atomic
def apply_location(
    record: LocationRecord, *, noticed_at: datetime, run: SyncRun | None = None
) -> list[LocationChange]:
    """Bring what we hold of a location up to the record; returns the changes, which are kept and,
    for our services, events.

    The first reading of a location brings its whole history in silence: only a registration of the
    last 90 days is news.
    """
    # Locked, since `reparse` asks for no lock of a run and may meet one at the same location.
    held = Location.objects.select_for_update().filter(pk=record.location_id).first()
    fields = _fields(record)
    if held is None:
        location = Location.objects.create(
            location_id=record.location_id, first_seen_at=noticed_at, read_at=noticed_at, **fields
        )
        found = _if_newly_registered(record, noticed_at)
    else:
        location = held
        if held.service_types and not fields["service_types"]:
            fields |= {name: getattr(held, name) for name in LEFT_OUT_WITH_TYPES}
        for name in KEPT_WHEN_ABSENT:
            if fields[name] in (None, "", []):
                fields[name] = getattr(held, name)
        changed = [name for name, value in fields.items() if getattr(held, name) != value]
        found = _differences(held, fields) if changed else []
        for name in changed:
            setattr(held, name, fields[name])
        # Also where nothing changed: a file of an earlier day then overwrites nothing.
        held.read_at = noticed_at
        held.save(update_fields=[*changed, "read_at"])
    links = _apply_relations(location, record, is_new=held is None)
    shifts = _apply_ratings(location, record.ratings, noticed_at, is_new=held is None)
    if held is not None:
        found += links + shifts
    for change in found:
        change.location, change.noticed_at, change.run = location, noticed_at, run
    LocationChange.objects.bulk_create(found)
    record_changes_of_services(location, found)
    return found


def _fields(record: LocationRecord) -> dict[str, Any]:
    return {
        "cqc_provider_id": record.provider_id[:30],
        "name": record.name[:300],
        "brand_name": record.brand_name[:200],
        "directorate": record.directorate[:60],
        "is_registered": record.is_registered,
        "registered_on": record.registered_on,
        "deregistered_on": record.deregistered_on,
        "is_dormant": record.is_dormant,
        "manager_absent_on": record.manager_absent_on,
        "visited_unpublished_on": record.visited_unpublished_on,
        "last_inspected_on": record.last_inspected_on,
        "is_care_home": record.is_care_home,
        "beds": record.beds,
        "address": record.address[:400],
        "postcode": record.postcode[:10],
        "local_authority": record.local_authority[:80],
        "region": record.region[:60],
        "service_types": [kind.value for kind in record.service_types],
        "primary_type": record.primary_type.value if record.primary_type else "",
        "specialisms": [name[:100] for name in record.specialisms],
    }


# What differs


def _if_newly_registered(record: LocationRecord, noticed_at: datetime) -> list[LocationChange]:
    registered_on = record.registered_on
    if not record.is_registered or registered_on is None:
        return []
    if registered_on < timezone.localdate(noticed_at) - NEWLY_REGISTERED:
        return []
    return [_change(LocationChangeKind.REGISTERED, after=record.name, on=registered_on)]


def _differences(held: Location, now: dict[str, Any]) -> list[LocationChange]:
    found: list[LocationChange] = []
    if held.is_registered and not now["is_registered"]:
        found.append(_change(LocationChangeKind.REGISTRATION_ENDED, on=now["deregistered_on"]))
    if not held.is_registered and now["is_registered"]:
        found.append(_change(LocationChangeKind.REGISTERED_AGAIN, on=now["registered_on"]))
    if held.is_dormant != now["is_dormant"]:
        found.append(
            _change(
                LocationChangeKind.DORMANT if now["is_dormant"] else LocationChangeKind.ACTIVE_AGAIN
            )
        )
    if held.manager_absent_on != now["manager_absent_on"]:
        kind = (
            LocationChangeKind.MANAGER_ABSENT
            if now["manager_absent_on"]
            else LocationChangeKind.MANAGER_BACK
        )
        found.append(_change(kind, on=now["manager_absent_on"]))
    if (
        now["visited_unpublished_on"]
        and held.visited_unpublished_on != now["visited_unpublished_on"]
    ):
        found.append(_change(LocationChangeKind.VISIT_PENDING, on=now["visited_unpublished_on"]))
    # A number that CQC had not given before is no change of the beds.
    if held.beds is not None and held.beds != now["beds"]:
        kind = (
            LocationChangeKind.BEDS_CUT
            if now["beds"] < held.beds
            else LocationChangeKind.BEDS_ADDED
        )
        found.append(_change(kind, before=str(held.beds), after=str(now["beds"])))
    for kind, before, after in [
        (
            LocationChangeKind.TYPES_CHANGED,
            _types(held.service_types),
            _types(now["service_types"]),
        ),
        (LocationChangeKind.PROVIDER_CHANGED, held.cqc_provider_id, now["cqc_provider_id"]),
        (LocationChangeKind.PLACE_CHANGED, _place(vars(held)), _place(now)),
    ]:
        # What was empty before is no news: CQC had not given it.
        if before and before != after:
            found.append(_change(kind, before=before, after=after))
    # Another apostrophe or capital is written down, but nobody need be told.
    if held.name and name_key(held.name) != name_key(now["name"]):
        found.append(_change(LocationChangeKind.NAME_CHANGED, before=held.name, after=now["name"]))
    return found


def _types(kinds: list[str]) -> str:
    return ", ".join(sorted(ServiceType(kind).label for kind in kinds))


def _place(fields: dict[str, Any]) -> str:
    return ", ".join(
        fields[name] for name in ("address", "postcode", "local_authority") if fields[name]
    )


def _change(
    kind: LocationChangeKind,
    *,
    before: str = "",
    after: str = "",
    on: date | None = None,
    **more: str,
) -> LocationChange:
    return LocationChange(kind=kind, before=before[:400], after=after[:400], happened_on=on, **more)


def _apply_relations(
    location: Location, record: LocationRecord, *, is_new: bool
) -> list[LocationChange]:
    rows = [] if is_new else list(location.relations.all())
    held = {(row.related_location_id, row.is_predecessor) for row in rows}
    fresh = [
        one
        for one in record.relationships
        if (one.related_location_id[:30], one.is_predecessor) not in held
    ]
    LocationRelation.objects.bulk_create(_related(location, one) for one in fresh)
    return [
        _change(
            LocationChangeKind.LINK_FOUND,
            before=one.related_location_id if one.is_predecessor else "",
            after="" if one.is_predecessor else one.related_location_id,
        )
        for one in fresh
    ]


def _related(location: Location, one: Relationship) -> LocationRelation:
    return LocationRelation(
        location=location,
        related_location_id=one.related_location_id[:30],
        related_name=one.related_name[:300],
        is_predecessor=one.is_predecessor,
        reason=one.reason[:100],
    )


# Ratings

Facts = tuple[object, ...]


def _apply_ratings(
    location: Location, records: Iterable[RatingRecord], noticed_at: datetime, *, is_new: bool
) -> list[LocationChange]:
    """Retract what is no longer so and learn what is new; nothing is overwritten, so that past
    knowledge stays.
    """
    held = {} if is_new else {_facts(row): row for row in location.ratings.known_now()}
    # By what they say: a payload may say one thing twice.
    wanted = {_facts(row): row for row in (_row(location, one, noticed_at) for one in records)}
    gone = [row.pk for facts, row in held.items() if facts not in wanted]
    fresh = [row for facts, row in wanted.items() if facts not in held]
    # Before the new ones: the database refuses two that stand at once.
    if gone:
        Rating.objects.filter(pk__in=gone).update(retracted_at=noticed_at)
    if fresh:
        Rating.objects.bulk_create(fresh)
    return _shifts(list(held.values()), list(wanted.values())) if gone or fresh else []


def _row(location: Location, one: RatingRecord, noticed_at: datetime) -> Rating:
    return Rating(
        location=location,
        service_group=one.service_group[:150],
        service_type=one.service_type.value if one.service_type else "",
        key_question=one.key_question.value,
        rating=one.rating.value,
        published_on=one.published_on,
        superseded_on=one.superseded_on,
        source=one.source.value,
        inherited_from=one.inherited_from[:30],
        report_link=one.report_link[:80],
        score=one.score,
        learned_at=noticed_at,
    )


def _facts(row: Rating) -> Facts:
    return (
        row.service_group,
        row.key_question,
        row.rating,
        row.published_on,
        row.superseded_on,
        row.source,
        row.inherited_from,
        row.report_link,
        row.score,
    )


def _shifts(held: list[Rating], wanted: list[Rating]) -> list[LocationChange]:
    """What was published, raised, lowered or withdrawn, by comparing what has no end before and
    after.
    """
    found = []
    for question in KeyQuestion.values:
        before = {
            r.service_group: r
            for r in held
            if r.key_question == question and r.superseded_on is None
        }
        after = {
            r.service_group: r
            for r in wanted
            if r.key_question == question and r.superseded_on is None
        }
        # A service rated by itself for the first time is compared with what the location was rated
        # before, the lowest where there were several.
        stood = rules.lowest(row.rating for row in before.values())
        for group, row in after.items():
            last = before.get(group)
            if last is not None and (last.rating, last.published_on) == (
                row.rating,
                row.published_on,
            ):
                continue
            was = last.rating if last is not None else stood
            found.append(
                _change(
                    rules.direction(was, row.rating),
                    before=was or "",
                    after=row.rating,
                    on=row.published_on,
                    service_group=group,
                    key_question=question,
                )
            )
        if before and not after:
            found.append(
                _change(
                    LocationChangeKind.RATING_WITHDRAWN, before=stood or "", key_question=question
                )
            )
    return found


def record_changes_of_services(location: Location, changes: list[LocationChange]) -> None:
    """An event on the record of each service that this location is, for what somebody may have to
    act on.
    """
    of_note = [
        change
        for change in changes
        if change.kind in rules.OF_NOTE_FOR_A_SERVICE
        # The overall rating says enough on a service's record; the questions are on the location's
        # page.
        and change.key_question in {"", KeyQuestion.OVERALL}
    ]
    if not of_note:
        return
    service_ids = list(
        ServiceLocation.objects.filter(location=location, until=None).values_list(
            "service_id", flat=True
        )
    )
    for service_id in service_ids:
        for change in of_note:
            events.record(
                f"location.{change.kind}",
                by=None,
                about=location,
                service_id=service_id,
                before={"value": change.before} if change.before else None,
                after={
                    "value": change.after,
                    "on": change.happened_on.isoformat() if change.happened_on else "",
                    "service_group": change.service_group,
                },
                happened_at=change.noticed_at,
            )
