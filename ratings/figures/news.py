"""What changed since a day: what a paper adds to the table that was reported before it."""

from collections.abc import Iterable
from datetime import date, datetime

from core.dates import day_in_words
from core.models import CouncilProfile
from documents.folding import name_key
from figures.charting import Chart, cells_of
from figures.figure import Column, Figure, Row
from figures.registration import register_figure
from govuk.charts import Bar, ChartPart
from providers.vocabulary import ServiceType
from ratings.figures import words
from ratings.figures.drawing import shares_of
from ratings.figures.options import AuthoritySpanOptions
from ratings.figures.rated_locations import Period, RatedLocation, authority_named, rated_locations
from ratings.figures.spans import span_from
from ratings.rules import rating_label

RAISED, LOWERED, SAME, FIRST = "Rating raised", "Rating lowered", "Rating confirmed", "First rating"
ENDED, REGISTERED = "Registration ended", "Newly registered"
ORDER = (RAISED, LOWERED, FIRST, SAME, ENDED, REGISTERED)


KINDS = (
    ChartPart("raised", RAISED, "#00538a"),
    ChartPart("same", SAME, "#e4e6e7", "#0b0c0c", "dots"),
    ChartPart("first", FIRST, "#5694ca", "#0b0c0c"),
    ChartPart("lowered", LOWERED, "#9e1b32"),
)


def by_kind(figure: Figure) -> list[Chart]:
    """The ratings published since, by what became of them."""
    counts = {
        part.key: sum(cells_of(figure, row)["kind"] == part.label for row in figure.rows)
        for part in KINDS
    }
    bars = [Bar("Ratings published", counts, note=f"{sum(counts.values())} in all")]
    return shares_of(
        "Ratings published since",
        "A bar: the share of ratings raised, confirmed, new and lowered.",
        KINDS,
        bars,
    )


@register_figure(
    "since",
    label="What changed since a day",
    area="ratings",
    order=70,
    sentence=(
        "Ratings published, and registrations that began or ended, after a day that you choose."
    ),
    options=AuthoritySpanOptions,
    charts=by_kind,
    behind="location",
    empty="CQC published nothing on these days. Choose an earlier first day.",
)
def since(
    as_at: date,
    since: date | None = None,
    known_at: datetime | None = None,
    authority: str | None = None,
    *,
    council: CouncilProfile | None = None,
) -> Figure:
    """Ratings published and registrations begun or ended after `since`, up to `as_at`.

    A list, and so without numerator and denominator: a row for each overall rating that holds on
    `as_at` and was published in the span, and for each registration that began or ended in it.
    Source: CQC's register and published ratings, by the days that CQC gives.

    `since` is a year before unless given. Raises `NotAllowed`: `wrong-way-round`,
    `unknown-authority`.
    """
    first = span_from(since, as_at)
    own = authority_named(authority, council)
    news = [
        (
            ORDER.index(kind),
            on,
            Row((name, kind, of, before, after, f"{day_in_words(on)}"), (("name", (pk,)),)),
        )
        for location in rated_locations(first, as_at, authorities=[own], known_at=known_at)
        for pk, name, kind, of, before, after, on in _of(location, first, as_at)
    ]
    news.sort(key=lambda each: (each[0], -each[1].toordinal()))
    rows = tuple(row for _, _, row in news)
    return Figure(
        name="since",
        title="What changed at CQC",
        as_at=as_at,
        authority=own,
        columns=(
            Column("name", "Location"),
            Column("kind", "What changed"),
            Column("of", "Service"),
            Column("before", "Before"),
            Column("after", "Now"),
            Column("on", "On"),
        ),
        rows=rows,
        notes=(
            (
                f"This covers the days after {day_in_words(first)}, up to and including"
                f" {day_in_words(as_at)}, by the dates that CQC gives."
            ),
            (
                "It lists overall ratings that are current on the last day, compared with the"
                " rating of the same service on the first day."
            ),
            words.SOURCE,
        ),
        findings=tuple(_findings(rows)),
    )


News = tuple[str, str, str, str, str, str, date]


def _of(location: RatedLocation, first: date, as_at: date) -> Iterable[News]:
    name = location.name or location.location_id
    kinds = ", ".join(ServiceType(kind).label for kind in location.types)
    ended = location.deregistered_on
    # What has ended has no other news: its ratings no longer hold.
    if ended is not None and first < ended <= as_at:
        yield (
            location.location_id,
            name,
            ENDED,
            kinds,
            rating_label(location.rating_on(first) or ""),
            "",
            ended,
        )
        return
    if location.registered_on is not None and first < location.registered_on <= as_at:
        yield location.location_id, name, REGISTERED, kinds, "", "", location.registered_on
    for period in location.periods:
        if period.published_on <= first or not period.stood_on(as_at):
            continue
        before = _before(location, period, first)
        kind = FIRST
        if before:
            rise = words.LOWEST[period.rating] - words.LOWEST[before]
            kind = RAISED if rise > 0 else LOWERED if rise < 0 else SAME
        of = (
            ServiceType(period.service_type).label if period.service_type else period.group or kinds
        )
        labels = rating_label(before or ""), rating_label(period.rating)
        yield location.location_id, name, kind, of, *labels, period.published_on


def _before(location: RatedLocation, period: Period, day: date) -> str | None:
    """What stood on the day for the same service, else for the location."""
    for held in location.periods:
        if held.group == period.group and held.stood_on(day):
            return held.rating
    return location.rating_on(day, period.service_type or words.ALL)


def _findings(rows: Iterable[Row]) -> Iterable[str]:
    for rating, labels in (("Outstanding", "Now Outstanding"), ("Inadequate", "Now Inadequate")):
        names = {
            str(row.cells[0]) for row in rows if row.cells[4] == rating and row.cells[3] != rating
        }
        if names:
            yield f"{labels}: {'; '.join(sorted(names, key=name_key))}."
    for kind in ORDER:
        number = sum(row.cells[1] == kind for row in rows)
        if number:
            yield f"{kind}: {number}."
