"""What the ratings mean and what may be done with them; nothing here writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from providers.models import Service
from ratings.cqc import words
from ratings.models import (
    OF_NOTE,
    ChangeKind,
    FileImport,
    FoodMatch,
    Location,
    LocationChange,
    LocationRelation,
    RatingWord,
    ServiceLocation,
)

# Changes that a service of ours has on its own record, since someone may have to act on them.
OF_NOTE_FOR_A_SERVICE = frozenset(OF_NOTE)


def direction(before: str | None, after: str) -> ChangeKind:
    """What a newly published overall rating is, against the one that stood before it (None: there was none)."""
    if before is None or before == after:
        return ChangeKind.RATING_PUBLISHED
    order = [word.value for word in words.WORST_FIRST]
    return ChangeKind.RATING_RAISED if order.index(after) > order.index(before) else ChangeKind.RATING_LOWERED


def lowest(ratings: Iterable[str]) -> str | None:
    """The lowest of several ratings; None of none."""
    order = [word.value for word in words.WORST_FIRST]
    return min(ratings, key=order.index, default=None)


def age_in_words(since: date, day: date) -> str:
    """How long ago a rating was published, as a page says it: "3 years 2 months", "5 months", "12 days"."""
    months = (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)
    if months < 1:
        days = (day - since).days
        return f"{days} day{'' if days == 1 else 's'}"
    years, months = divmod(months, 12)
    parts = [f"{years} year{'' if years == 1 else 's'}"] if years else []
    parts += [f"{months} month{'' if months == 1 else 's'}"] if months else []
    return " ".join(parts)


def rating_label(word: str) -> str:
    """A rating as it is printed."""
    return RatingWord(word).label if word in RatingWord.values else word


def change_in_words(change: LocationChange) -> str:
    """What changed, in one line: `Rating lowered, Good to Inadequate, 5 January 2026`."""
    shown = [rating_label(word) for word in (change.before, change.after) if word]
    told = [
        change.get_kind_display(),
        " to ".join(shown),
        change.service_group if change.key_question else "",
    ]
    told.append(f"{change.happened_on:%-d %B %Y}" if change.happened_on else "")
    return ", ".join(part for part in told if part)


def why_not_confirm_link(service: Service, location: Location, since: date) -> str | None:
    """Why this service may not be joined to this location from that day; None if it may."""
    if service.closed_on and service.closed_on <= since:
        return f"{service.name} closed on {service.closed_on:%-d %B %Y}, before that day."
    held = ServiceLocation.objects.filter(service=service).order_by("-since").first()
    if held is None:
        return None
    if held.location_id == location.pk and held.until is None:
        return f"{service.name} is already joined to this location."
    if held.since >= since:
        return f"{service.name} has been {held.location_id} since {held.since:%-d %B %Y}: the new link must begin later."
    return None


@dataclass(frozen=True)
class Successor:
    """A service, the location that it is, and the one that CQC names after it (None while we have not read it)."""

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
    told = {
        (relation.location_id, relation.related_location_id): (relation.related_name, relation.reason)
        for relation in LocationRelation.objects.filter(location__in=by_location, is_predecessor=False)
    }
    for relation in LocationRelation.objects.filter(
        related_location_id__in=by_location, is_predecessor=True
    ).select_related("location"):
        key = (relation.related_location_id, relation.location_id)
        told.setdefault(key, (relation.location.name, relation.reason))
    held = Location.objects.in_bulk([successor for _, successor in told])
    # A location may be several services of ours: each link is confirmed by itself.
    return [
        Successor(link, successor_id, held.get(successor_id), name, reason)
        for (location_id, successor_id), (name, reason) in sorted(told.items())
        for link in links
        if link.location_id == location_id
    ]


def imported_before(brought: FileImport) -> FileImport | None:
    """The import of the very same bytes, taken to be of the same day, that makes another one needless."""
    same = FileImport.objects.merged().filter(sha256=brought.sha256, as_at=brought.as_at, same_as=None)
    return same.exclude(pk=brought.pk).order_by("-finished_at").first()


def why_not_confirm_food_match(match: FoodMatch) -> str | None:
    """Why an establishment may not be confirmed to be the home; None if it may."""
    if match.is_in_force:
        return f"{match.establishment} is matched with {match.service} already."
    others = FoodMatch.objects.filter(service=match.service, state__in=FoodMatch.IN_FORCE)
    if other := others.select_related("establishment").first():
        return f"{match.service} is matched with {other.establishment}: say first that it is not the same."
    return None


def why_not_refuse_food_match(match: FoodMatch) -> str | None:
    """Why a match may not be refused; None if it may."""
    if match.state == FoodMatch.State.REFUSED:
        return f"{match.establishment} was said not to be {match.service} already."
    return None
