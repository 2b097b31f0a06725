"""The regional comparison: the authorities of the region by service type and rating.

Reads only what the schema `published` also shows, since public papers run it there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from carequality.figures import Column, Figure, Row, Share
from carequality.models import RegionAuthority
from ratings.authorities import names_of
from ratings.figures import words
from ratings.figures.places import authority_named
from ratings.figures.ranks import rank_of
from ratings.figures.words import COMPARED, LOWEST, NOT_RATED, TYPES
from ratings.models import ADULT_SOCIAL_CARE, Location, Rating, RatingWord

NOTES = (
    "IA: Inadequate. RI: Requires improvement. GO: Good. OU: Outstanding.",
    "Each rating is a percentage of the services of that type that are rated; not yet rated is a percentage of all.",
    words.ROUNDED,
    words.UNDER_EACH_TYPE,
    words.REGISTERED,
    words.SOURCE,
)
# Worth a sentence of rank: what the papers single out.
RANKED = (RatingWord.OUTSTANDING, RatingWord.GOOD, RatingWord.REQUIRES_IMPROVEMENT, RatingWord.INADEQUATE)

Standing = Mapping[str, list[tuple[str, str, str]]]


def key_of(service_type: str, part: str) -> str:
    """The key of a column: a service type, and a rating or `not_rated`."""
    return f"{service_type}-{part}"


def regional_comparison(
    as_at: date, known_at: datetime | None = None, authority: str | None = None
) -> Figure:
    """Authorities of the region of that day, by service type and rating. Source: CQC's locations and ratings.

    `known_at` gives the ratings as we knew them at that moment. The findings say where `authority` (the
    council's own unless named) stands, with whom it shares a place.
    """
    own = authority_named(authority)
    authorities = list(
        RegionAuthority.objects.members_on(as_at).order_by("name").values_list("name", flat=True)
    )
    counted = _by_authority_and_type(authorities, as_at, known_at)
    rows = tuple(_row(name, counted[name]) for name in authorities)
    return Figure(
        name="regional-comparison",
        title="Current overall ratings for active services",
        as_at=as_at,
        authority=own,
        columns=(
            Column("authority", "Local authority"),
            *(
                Column(key_of(service_type, part), label, kind="share", group=group)
                for service_type, group in TYPES
                for part, label in (*COMPARED, (NOT_RATED, "Not yet rated"))
            ),
        ),
        rows=rows,
        notes=NOTES,
        findings=tuple(_where_it_stands(own, counted)) if own in counted else (),
    )


def _where_it_stands(own: str, counted: Mapping[str, Mapping[str, "_Counted"]]) -> Iterator[str]:
    """A sentence for each service type and rating, by the percentages as printed."""
    for service_type, label in TYPES:
        for word in RANKED:
            shares = {name: of[service_type.value].share(word.value) for name, of in counted.items()}
            rank = rank_of(own, shares)
            if rank is not None:
                share = shares[own]
                yield f"{word.label} {label.lower()}: {share.in_full}, {rank}"


@dataclass
class _Counted:
    """The locations of one authority and service type, by rating and by `not_rated`."""

    by_rating: dict[str, list[str]]

    def share(self, part: str) -> Share:
        rated = sum(len(ids) for word, ids in self.by_rating.items() if word != NOT_RATED)
        whole = rated + len(self.by_rating[NOT_RATED]) if part == NOT_RATED else rated
        return Share(len(self.by_rating[part]), whole)


def _row(authority: str, by_type: Mapping[str, _Counted]) -> Row:
    parts = [
        (key_of(service_type, part), by_type[service_type], part)
        for service_type, _ in TYPES
        for part in (*(word for word, _ in COMPARED), NOT_RATED)
    ]
    return Row(
        cells=(authority, *(counted.share(part) for _, counted, part in parts)),
        behind=tuple((key, tuple(counted.by_rating[part])) for key, counted, part in parts),
    )


def _by_authority_and_type(
    authorities: list[str], as_at: date, known_at: datetime | None
) -> dict[str, dict[str, _Counted]]:
    authority_of = {name: authority for authority in authorities for name in names_of(authority)}
    counted = {
        authority: {service_type.value: _Counted(defaultdict(list)) for service_type, _ in TYPES}
        for authority in authorities
    }
    locations = (
        Location.objects.registered_on(as_at)
        .filter(local_authority__in=authority_of, directorate__in=[ADULT_SOCIAL_CARE, ""])
        .filter(service_types__overlap=[service_type.value for service_type, _ in TYPES])
    )
    standing = _standing(locations, as_at, known_at)
    rows = locations.order_by("pk").values_list("pk", "local_authority", "service_types")
    for location_id, name, service_types in rows:
        for service_type in service_types:
            if service_type in counted[authority_of[name]]:
                word = _rating_of(standing.get(location_id, []), service_type) or NOT_RATED
                counted[authority_of[name]][service_type].by_rating[word].append(location_id)
    return counted


def _standing(locations: QuerySet[Location, Any], as_at: date, known_at: datetime | None) -> Standing:
    """Every overall rating that stood, by location: CQC's group, the service type that it is, the rating."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    ratings = (
        Rating.objects.as_at(as_at, known_at=known_at).overall().filter(location__in=locations.values("pk"))
    )
    for location_id, *rest in ratings.order_by().values_list(
        "location", "service_group", "service_type", "rating"
    ):
        group, service_type, rating = rest
        found[location_id].append((group, service_type, rating))
    return found


def _rating_of(standing: Iterable[tuple[str, str, str]], service_type: str) -> str | None:
    """The rating under which a location counts for a service type: its own, else the whole's, else the
    lowest.
    """
    ranked = [
        (0 if of_type == service_type else 1 if not group else 2, LOWEST[rating], rating)
        for group, of_type, rating in standing
    ]
    return min(ranked)[2] if ranked else None
