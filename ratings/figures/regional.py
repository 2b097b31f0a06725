"""The regional comparison: the authorities of the region by service type and rating.

Reads only what the schema `published` also shows, since public papers run it there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import FilteredRelation, Q

from core.dates import day_in_words
from core.models import CouncilProfile, RegionAuthority
from figures.charting import BESIDE, Chart, cells_of, counts_of
from figures.figure import Column, Figure, Row, Share
from figures.registration import register_figure
from govuk.charts import RATINGS, Bar, StackedBars
from ratings.authorities import names_of
from ratings.figures import words
from ratings.figures.options import AuthorityOptions
from ratings.figures.ranks import rank_of
from ratings.figures.rated_locations import authority_named
from ratings.figures.words import COMPARED, LOWEST, NOT_RATED, TYPES
from ratings.models import ADULT_SOCIAL_CARE, Location, stood_on
from ratings.vocabulary import KeyQuestion, RatingWord

NOTES = (
    "IA: Inadequate. RI: Requires improvement. GO: Good. OU: Outstanding.",
    (
        "Each rating is a percentage of the rated services of that type. Not yet rated is a"
        " percentage of all services of that type."
    ),
    words.ROUNDED,
    words.UNDER_EACH_TYPE,
    words.REGISTERED,
    words.SOURCE,
)
# Worth a sentence of rank: what the papers single out.
RANKED = (
    RatingWord.OUTSTANDING,
    RatingWord.GOOD,
    RatingWord.REQUIRES_IMPROVEMENT,
    RatingWord.INADEQUATE,
)

MEANINGS = {short: word.label for word, short in COMPARED}

# CQC's group, the service type that it is, the rating.
CurrentRating = tuple[str, str, str]


def key_of(service_type: str, part: str) -> str:
    """The key of a column: a service type, and a rating or `not_rated`."""
    return f"{service_type}-{part}"


def by_rating(figure: Figure) -> list[Chart]:
    """A chart of each service type: authorities by the ratings of what is rated."""
    charts: list[Chart] = []
    for service_type, label in TYPES:
        bars = []
        for row in figure.rows:
            counts = counts_of(
                cells_of(figure, row), [part.key for part in RATINGS], key_of(service_type, "")
            )
            bars.append(Bar(str(row.cells[0]), counts, note=f"{sum(counts.values())} rated"))
        charts.append(
            StackedBars(
                key=f"chart-{service_type}",
                title=f"{label} by rating, {day_in_words(figure.as_at)}",
                description=(
                    f"A bar for each authority: the share of its rated {label.lower()} in each"
                    f" rating. {BESIDE}"
                ),
                parts=RATINGS,
                bars=bars,
            )
        )
    return charts


@register_figure(
    "regional-comparison",
    label="Regional comparison",
    area="ratings",
    order=10,
    sentence=(
        "The authorities of the region side by side, by type of service and rating, and how ours"
        " ranks."
    ),
    options=AuthorityOptions,
    charts=by_rating,
    behind="location",
    wide=True,
    public=True,
    empty=words.NOTHING_TO_COMPARE,
)
def regional_comparison(
    as_at: date,
    known_at: datetime | None = None,
    authority: str | None = None,
    *,
    council: CouncilProfile | None = None,
) -> Figure:
    """The authorities of the region of that day, by type of service and rating.

    Numerator: locations of the authority and type with that overall rating on the day.
    Denominator: locations of them with any overall rating; for those not yet rated, all of them.
    Source: CQC's register and published ratings; the region is the council's own setting.

    `known_at` gives the ratings as we knew them at that moment. The findings say where `authority`
    (the council's own unless named) stands, with whom it shares a place.

    Raises `NotAllowed`: `unknown-authority`.
    """
    own = authority_named(authority, council)
    authorities = list(
        RegionAuthority.objects.members_on(as_at)
        .order_by("name_key")
        .values_list("name", flat=True)
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
                Column(key_of(service_type, part), label, "share", group, MEANINGS.get(label, ""))
                for service_type, group in TYPES
                for part, label in (*COMPARED, (NOT_RATED, "Not yet rated"))
            ),
        ),
        rows=rows,
        notes=NOTES,
        findings=tuple(_where_it_stands(own, counted)) if own in counted else (),
    )


def _where_it_stands(own: str, counted: Mapping[str, Mapping[str, "_Counted"]]) -> Iterator[str]:
    """A line for each type of service and rating, by the percentages as printed."""
    for service_type, label in TYPES:
        for word in RANKED:
            shares = {
                name: of[service_type.value].share(word.value) for name, of in counted.items()
            }
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
        # Ratings are shares of what is rated; those not yet rated, of all.
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
        behind=tuple((key, tuple(sorted(counted.by_rating[part]))) for key, counted, part in parts),
    )


def _by_authority_and_type(
    authorities: list[str], as_at: date, known_at: datetime | None
) -> dict[str, dict[str, _Counted]]:
    authority_of = {name: authority for authority in authorities for name in names_of(authority)}
    counted = {
        authority: {service_type.value: _Counted(defaultdict(list)) for service_type, _ in TYPES}
        for authority in authorities
    }

    def count(
        name: str,
        service_types: Iterable[str],
        current: Sequence[CurrentRating],
        ids: Sequence[str],
    ) -> None:
        by_type = counted[authority_of[name]]
        for service_type in service_types:
            if service_type in by_type:
                word = _rating_of(current, service_type) or NOT_RATED
                by_type[service_type].by_rating[word].extend(ids)

    alike = _alike(authority_of, as_at, known_at)
    # Where CQC rates single services of a location apart, it stands in several rows.
    apart: dict[str, tuple[str, list[str], list[CurrentRating]]] = {
        location_id: (name, service_types, [])
        for name, service_types, current, ids in alike
        if current and current[0]
        for location_id in ids
    }
    for name, service_types, current, ids in alike:
        currents = [current] if current else []
        for location_id in ids:
            if location_id in apart:
                apart[location_id][2].extend(currents)
        count(name, service_types, currents, [one for one in ids if one not in apart])
    for location_id, (name, service_types, currents) in apart.items():
        count(name, service_types, currents, [location_id])
    return counted


def _alike(
    names: Collection[str], as_at: date, known_at: datetime | None
) -> list[tuple[str, list[str], CurrentRating | None, list[str]]]:
    """The ids of locations by authority, service types and an overall rating that stood, or None.

    Gathered by the database, since to send and sort out thousands of rows took as long as to find
    them.
    """
    overall = stood_on(as_at, known_at, to="ratings__") & Q(
        ratings__key_question=KeyQuestion.OVERALL
    )
    found = (
        Location.objects.counted_on(as_at)
        .filter(local_authority__in=names, directorate__in=[ADULT_SOCIAL_CARE, ""])
        .filter(service_types__overlap=[service_type.value for service_type, _ in TYPES])
        .annotate(current=FilteredRelation("ratings", condition=overall))
        .order_by()
        .values_list(
            "local_authority",
            "service_types",
            "current__service_group",
            "current__service_type",
            "current__rating",
        )
        .annotate(ids=ArrayAgg("pk"))
    )
    return [
        (name, service_types, (group, of_type, rating) if rating else None, ids)
        for name, service_types, group, of_type, rating, ids in found
    ]


def _rating_of(current: Sequence[CurrentRating], service_type: str) -> str | None:
    """The rating under which a location counts for a service type: its own, else the whole's, else
    the lowest.
    """
    ranked = [
        (0 if of_type == service_type else 1 if not group else 2, LOWEST[rating], rating)
        for group, of_type, rating in current
    ]
    return min(ranked)[2] if ranked else None
