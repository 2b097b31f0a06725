"""What the ratings mean and what may be done with them.

The four words and the five key questions are CQC's (Health and Social Care Act 2008, section 46:
reviews and performance assessments). Which location a service is, and which place at the Food
Standards Agency a home is, are the council's own decisions, recorded with who made them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.dates import day_in_words
from core.workflow import NotAllowed
from providers.models import Service
from ratings.models import (
    OF_NOTE,
    FileImport,
    FoodMatch,
    Location,
    LocationChange,
    LocationChangeKind,
    LocationRelation,
    ServiceLocation,
)
from ratings.vocabulary import WORST_FIRST, RatingWord

# Changes that go on the record of one of our services, since someone may have to act on them.
OF_NOTE_FOR_A_SERVICE = frozenset(OF_NOTE)


def direction(before: str | None, after: str) -> LocationChangeKind:
    """What a newly published overall rating is, against the one that stood before it (None: there
    was none).
    """
    if before is None or before == after:
        return LocationChangeKind.RATING_PUBLISHED
    order = [word.value for word in WORST_FIRST]
    return (
        LocationChangeKind.RATING_RAISED
        if order.index(after) > order.index(before)
        else LocationChangeKind.RATING_LOWERED
    )


def lowest(ratings: Iterable[str]) -> str | None:
    """The lowest of several ratings; None of none."""
    order = [word.value for word in WORST_FIRST]
    return min(ratings, key=order.index, default=None)


def rating_label(word: str) -> str:
    """A rating as it is printed."""
    return RatingWord(word).label if word in RatingWord.values else word


def change_in_words(change: LocationChange) -> str:
    """What changed, in one line: `Rating lowered, Good to Inadequate, 5 January 2026`."""
    shown = [rating_label(word) for word in (change.before, change.after) if word]
    parts = [
        change.get_kind_display(),
        " to ".join(shown),
        change.service_group if change.key_question else "",
    ]
    parts.append(f"{day_in_words(change.happened_on)}" if change.happened_on else "")
    return ", ".join(part for part in parts if part)


def check_confirm_link(service: Service, location: Location, since: date) -> None:
    """Whether a service may be linked to a location from that day on.

    Source: the council's own policy, so that a service is one location at a time and its history
    stays in order. Raises `NotAllowed`: `service-closed`, `linked-already`, `before-last-link`.
    """
    if service.closed_on and service.closed_on <= since:
        raise NotAllowed(
            "service-closed",
            f"From must be before {day_in_words(service.closed_on)}, when {service.name} closed.",
            "since",
        )
    held = ServiceLocation.objects.filter(service=service).order_by("-since").first()
    if held is None:
        return
    if held.location_id == location.pk and held.until is None:
        raise NotAllowed(
            "linked-already", f"{service.name} is already linked to this location.", "service"
        )
    if held.since >= since:
        raise NotAllowed(
            "before-last-link",
            f"From must be after {day_in_words(held.since)}, when {service.name} was linked to"
            f" {held.location_id}.",
            "since",
        )


def check_end_link(link: ServiceLocation, until: date) -> None:
    """Whether a link may end on that day, which is the first on which it no longer holds.

    Raises `NotAllowed`: `already-ended`, `before-start`.
    """
    if link.until is not None:
        raise NotAllowed(
            "already-ended", f"This link already ended on {day_in_words(link.until)}.", "until"
        )
    if until <= link.since:
        raise NotAllowed(
            "before-start",
            f"Ends on must be after {day_in_words(link.since)}, when the link began.",
            "until",
        )


@dataclass(frozen=True)
class Successor:
    """A service, the location that it is, and the one that CQC names after it (None while we have
    not read it).
    """

    link: ServiceLocation
    successor_id: str
    successor: Location | None
    name: str
    reason: str


def successors_to_confirm(day: date) -> list[Successor]:
    """Services whose location CQC has linked to a successor that nobody has confirmed yet.

    CQC may say so on the old location, on the new one, or on both.
    """
    links = list(ServiceLocation.objects.in_force_on(day).select_related("service", "location"))
    by_location = {link.location_id for link in links}
    successors = {
        (relation.location_id, relation.related_location_id): (
            relation.related_name,
            relation.reason,
        )
        for relation in LocationRelation.objects.filter(
            location__in=by_location, is_predecessor=False
        )
    }
    for relation in LocationRelation.objects.filter(
        related_location_id__in=by_location, is_predecessor=True
    ).select_related("location"):
        key = (relation.related_location_id, relation.location_id)
        successors.setdefault(key, (relation.location.name, relation.reason))
    held = Location.objects.in_bulk([successor for _, successor in successors])
    # A location may be several of our services: each link is confirmed by itself.
    return [
        Successor(link, successor_id, held.get(successor_id), name, reason)
        for (location_id, successor_id), (name, reason) in sorted(successors.items())
        for link in links
        if link.location_id == location_id
    ]


def imported_before(file_import: FileImport) -> FileImport | None:
    """The import of exactly the same bytes, taken to be of the same day, that makes another one
    needless.
    """
    # The day counts too: the same bytes with another day given may overwrite more, or less.
    same = FileImport.objects.merged().filter(
        sha256=file_import.sha256, as_at=file_import.as_at, same_as=None
    )
    return same.exclude(pk=file_import.pk).order_by("-finished_at").first()


def check_confirm_food_match(match: FoodMatch) -> None:
    """Whether an establishment may be confirmed to be the home: a home is one establishment.

    Raises `NotAllowed`: `matched-already`, `other-match`.
    """
    if match.is_in_force:
        raise NotAllowed(
            "matched-already", f"{match.establishment} is already matched with {match.service}."
        )
    others = FoodMatch.objects.filter(service=match.service, state__in=FoodMatch.IN_FORCE)
    if other := others.select_related("establishment").first():
        raise NotAllowed(
            "other-match",
            f"{match.service} is already matched with {other.establishment}. Change that match"
            " first.",
        )


def check_refuse_food_match(match: FoodMatch) -> None:
    """Whether an establishment may be decided not to be the home.

    Raises `NotAllowed`: `refused-already`.
    """
    if match.state == FoodMatch.State.REFUSED:
        raise NotAllowed(
            "refused-already",
            f"{match.establishment} is already marked as a different place from {match.service}.",
        )
