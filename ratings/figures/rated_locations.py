"""Locations with the ratings that stood on a day, or over a span of days: what the comparisons
count.

Two queries, however many days a figure looks at; which rating stood on which day is then sorted
out here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from core.models import CouncilProfile, RegionAuthority
from core.workflow import NotAllowed
from figures.figure import name_of
from providers.vocabulary import ServiceType
from ratings.authorities import names_of
from ratings.figures.words import ALL, ALL_SERVICES, LOWEST, OTHER_TYPES, TYPES
from ratings.models import ADULT_SOCIAL_CARE, Location, Rating
from ratings.vocabulary import KeyQuestion


class Period(NamedTuple):
    """A rating and the days on which it stood."""

    group: str
    service_type: str
    question: str
    rating: str
    published_on: date
    superseded_on: date | None

    def stood_on(self, day: date) -> bool:
        """Whether the rating held on that day."""
        return self.published_on <= day and (self.superseded_on is None or self.superseded_on > day)


class Registered(NamedTuple):
    """From when to when a location is registered with CQC."""

    registered_on: date | None
    deregistered_on: date | None
    is_registered: bool

    def is_on(self, day: date) -> bool:
        """Whether it is registered on that day."""
        if self.registered_on is not None and self.registered_on > day:
            return False
        return self.is_registered if self.deregistered_on is None else self.deregistered_on > day


@dataclass(frozen=True, slots=True)
class RatedLocation:
    """A location, the authority under which it is compared, and the ratings that it had."""

    location_id: str
    name: str
    authority: str
    types: Sequence[str]
    registered_on: date | None
    deregistered_on: date | None
    is_registered: bool
    periods: Sequence[Period]
    # The same of the registration of this home for another provider, which counts in its place.
    counts_as: "Registered | None" = None

    def is_counted_on(self, day: date) -> bool:
        """Whether it is registered by the dates that CQC gives today, and counts, as
        `Location.objects.counted_on` has it.
        """
        own = Registered(self.registered_on, self.deregistered_on, self.is_registered)
        return own.is_on(day) and not (self.counts_as and self.counts_as.is_on(day))

    def is_in(self, sector: str) -> bool:
        """Whether it gives that type of service; every location is in `all`."""
        return sector == ALL or sector in self.types

    def current_on(
        self, day: date, sector: str = ALL, question: str = KeyQuestion.OVERALL
    ) -> Period | None:
        """The rating under which it counts in a sector: that service's own, else the location's,
        else the lowest.
        """
        best: tuple[int, int, Period] | None = None
        for period in self.periods:
            if period.question != question or not period.stood_on(day):
                continue
            near = (
                0
                if sector != ALL and period.service_type == sector
                else 1
                if not period.group
                else 2
            )
            ranked = (near, LOWEST[period.rating], period)
            if best is None or ranked[:2] < best[:2]:
                best = ranked
        return best[2] if best else None

    def rating_on(
        self, day: date, sector: str = ALL, question: str = KeyQuestion.OVERALL
    ) -> str | None:
        """The same as a word alone; None where nothing is rated."""
        period = self.current_on(day, sector, question)
        return period.rating if period else None


def authority_named(authority: str | None, council: CouncilProfile | None) -> str:
    """The authority that a figure is of: the council's own unless one is named, as CQC spells it.

    Raises `NotAllowed`, `unknown-authority`, for a name that neither a location nor the region
    bears.
    """
    if not authority:
        return name_of(council)
    borne = Location.objects.filter(local_authority__in=names_of(authority)).exists()
    if not borne and not RegionAuthority.objects.filter(name=authority).exists():
        raise NotAllowed(
            "unknown-authority",
            f"We hold no locations in {authority}. Enter the authority’s name as CQC spells it.",
            "authority",
        )
    return authority


def rated_locations(
    first: date,
    last: date | None = None,
    *,
    authorities: Collection[str] | None = None,
    among: Collection[str] | None = None,
    known_at: datetime | None = None,
    questions: Collection[str] = (KeyQuestion.OVERALL,),
    from_the_beginning: bool = False,
) -> list[RatedLocation]:
    """Adult social care locations registered on any day from `first` to `last`, with the ratings
    that stood then.

    Of these authorities, or `among` these ids, or of all England; `from_the_beginning` also gives
    what stood before `first`.
    """
    last = last or first
    # Where CQC or a file gave no directorate the location is not left out.
    found = Location.objects.filter(directorate__in=[ADULT_SOCIAL_CARE, ""]).filter(
        Q(deregistered_on=None, is_registered=True) | Q(deregistered_on__gt=first),
        Q(registered_on=None) | Q(registered_on__lte=last),
    )
    authority_of: dict[str, str] | None = None
    if authorities is not None:
        authority_of = {
            name: authority for authority in authorities for name in names_of(authority)
        }
        found = found.filter(local_authority__in=authority_of)
    # A run of ratings may have begun long before the span.
    began = date.min if from_the_beginning else first
    if among is not None:
        found = found.filter(pk__in=among)
    periods = _periods(found, began, last, known_at, questions)
    rows = found.order_by("name_key", "pk").values_list(
        "pk",
        "name",
        "local_authority",
        "service_types",
        "registered_on",
        "deregistered_on",
        "is_registered",
        "counts_as__registered_on",
        "counts_as__deregistered_on",
        "counts_as__is_registered",
    )
    return [
        RatedLocation(
            location_id=pk,
            name=name,
            authority=authority_of[where] if authority_of else where,
            types=types,
            registered_on=registered_on,
            deregistered_on=deregistered_on,
            is_registered=is_registered,
            periods=periods.get(pk, ()),
            # There is none where it says neither yes nor no.
            counts_as=None if is_other is None else Registered(other_from, other_until, is_other),
        )
        for (
            pk,
            name,
            where,
            types,
            registered_on,
            deregistered_on,
            is_registered,
            other_from,
            other_until,
            is_other,
        ) in rows
    ]


def _periods(
    locations: QuerySet[Location],
    first: date,
    last: date,
    known_at: datetime | None,
    questions: Collection[str],
) -> dict[str, list[Period]]:
    known = Rating.objects.known_at(known_at) if known_at else Rating.objects.known_now()
    rows = known.filter(
        Q(superseded_on=None) | Q(superseded_on__gt=first),
        published_on__lte=last,
        key_question__in=list(questions),
        location__in=locations.values("pk"),
    )
    by_location: dict[str, list[Period]] = defaultdict(list)
    current = rows.order_by().values_list(
        "location",
        "service_group",
        "service_type",
        "key_question",
        "rating",
        "published_on",
        "superseded_on",
    )
    for location_id, group, service_type, question, rating, published_on, superseded_on in current:
        period = Period(group, service_type, question, rating, published_on, superseded_on)
        by_location[location_id].append(period)
    return by_location


def sectors_of(
    found: Iterable[RatedLocation], *, with_all: bool = True
) -> Iterator[tuple[str, str]]:
    """The types of service to tell apart, with their names: all services, the papers' three, and
    any other that is there.
    """
    there: set[str] = {kind for location in found for kind in location.types}
    if with_all:
        yield ALL, ALL_SERVICES
    yield from ((kind.value, label) for kind, label in TYPES)
    yield from ((kind.value, label) for kind, label in OTHER_TYPES if kind.value in there)


def sector_named(sector: str) -> str:
    """A sector's name as the figures print it."""
    named = {ALL: ALL_SERVICES, **{kind.value: label for kind, label in (*TYPES, *OTHER_TYPES)}}
    return named.get(sector) or ServiceType(sector).label
