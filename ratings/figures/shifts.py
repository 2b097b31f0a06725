"""How services were re-rated between two days."""

from collections.abc import Iterable
from datetime import date, datetime

from core.dates import day_in_words
from core.models import CouncilProfile
from figures.charting import Chart, cells_of, counts_of
from figures.figure import Cell, Column, Figure, Row
from figures.registration import register_figure
from govuk.charts import Bar, ChartPart
from ratings.figures import words
from ratings.figures.drawing import shares_of
from ratings.figures.options import AuthoritySpanOptions
from ratings.figures.rated_locations import (
    RatedLocation,
    authority_named,
    rated_locations,
    sectors_of,
)
from ratings.figures.spans import span_from
from ratings.figures.tallies import Behind, share_of
from ratings.rules import rating_label

ANY = "Any rating"


IMPROVED = ChartPart("improved", "Improved", "#00538a")
THE_SAME = ChartPart("same", "The same", "#e4e6e7", "#0b0c0c", "dots")
WORSE = ChartPart("worse", "Worse", "#9e1b32")


def by_direction(figure: Figure) -> list[Chart]:
    """Of those re-rated in each sector: improved, the same, worse."""
    bars = []
    for row in figure.rows:
        cells = cells_of(figure, row)
        if cells["before"] == ANY:
            counts = counts_of(cells, ["improved", "same", "worse"])
            bars.append(Bar(str(cells["sector"]), counts, note=f"{sum(counts.values())} re-rated"))
    return shares_of(
        "Services re-rated, by direction",
        "A bar for each type: the share of its re-rated services that improved, kept their rating"
        " or got worse.",
        (IMPROVED, THE_SAME, WORSE),
        bars,
    )


@register_figure(
    "rating-shifts",
    label="How services were re-rated",
    area="ratings",
    order=60,
    sentence=(
        "How many services were re-rated between two days, and how many of those improved or got"
        " worse."
    ),
    options=AuthoritySpanOptions,
    charts=by_direction,
    behind="location",
    headings=2,
    empty=words.NOTHING_TO_COMPARE,
)
def rating_shifts(
    as_at: date,
    since: date | None = None,
    known_at: datetime | None = None,
    authority: str | None = None,
    *,
    council: CouncilProfile | None = None,
) -> Figure:
    """Of the services rated on `since`, how many were re-rated by `as_at`, and to what.

    Re-rated: numerator, locations whose rating on `as_at` was published after `since`; denominator,
    locations registered on both days and rated on `since`. Improved, the same and worse: their
    denominator is the re-rated. Source: CQC's register and published ratings.

    `since` is a year before unless given. Raises `NotAllowed`: `wrong-way-round`,
    `unknown-authority`.
    """
    since = span_from(since, as_at)
    own = authority_named(authority, council)
    found = [
        location
        for location in rated_locations(since, as_at, authorities=[own], known_at=known_at)
        # On both days: what closed or opened between them cannot have been re-rated.
        if location.is_counted_on(since) and location.is_counted_on(as_at)
    ]
    rows = []
    for sector, label in sectors_of(found):
        there = [location for location in found if location.is_in(sector)]
        for before in (None, *(key for key, _ in words.RATINGS)):
            rows.append(_row(label, before, there, sector, since, as_at))
    return Figure(
        name="rating-shifts",
        title="How services were re-rated",
        as_at=as_at,
        authority=own,
        columns=(
            Column("sector", "Type of service"),
            Column("before", f"Rated on {day_in_words(since)}"),
            Column("base", "Services then", kind="count"),
            Column("rerated", "Re-rated since", kind="share"),
            Column("improved", "Improved", kind="share", group="Of those re-rated"),
            Column("same", "The same", kind="share", group="Of those re-rated"),
            Column("worse", "Worse", kind="share", group="Of those re-rated"),
            *(
                Column(f"to_{key}", label, kind="count", group="Re-rated to")
                for key, label in words.RATINGS
            ),
        ),
        rows=tuple(rows),
        notes=(
            (
                f"Re-rated is a percentage of the services that were rated on {day_in_words(since)}"
                " and registered on both days. Improved, the same and worse are percentages of the"
                " re-rated services."
            ),
            (
                "A service is re-rated if its rating on the last day was published after the first"
                " day. We compare the ratings on the two days, whatever they were in between."
            ),
            words.ROUNDED,
            words.ONCE_IN_ALL,
            words.UNDER_EACH_TYPE,
            words.SOURCE,
        ),
        findings=tuple(_findings(rows)),
    )


def _row(
    label: str,
    before: str | None,
    there: Iterable[RatedLocation],
    sector: str,
    since: date,
    as_at: date,
) -> Row:
    base: list[str] = []
    anew: dict[str, list[str]] = {"improved": [], "same": [], "worse": []}
    to: dict[str, list[str]] = {key: [] for key, _ in words.RATINGS}
    for location in there:
        first, last = location.current_on(since, sector), location.current_on(as_at, sector)
        # A first rating is no re-rating: without one before there is nothing to compare.
        if first is None or (before and first.rating != before):
            continue
        base.append(location.location_id)
        # In the base and not re-rated: it has the rating that it had.
        if last is None or last.published_on <= since:
            continue
        rise = words.LOWEST[last.rating] - words.LOWEST[first.rating]
        anew["improved" if rise > 0 else "worse" if rise < 0 else "same"].append(
            location.location_id
        )
        to[last.rating].append(location.location_id)
    rerated = [one for ids in anew.values() for one in ids]
    cells: tuple[Cell, ...] = (
        label,
        rating_label(before) if before else ANY,
        len(base),
        share_of(rerated, base),
        *(share_of(ids, rerated) for ids in anew.values()),
        *(len(ids) for ids in to.values()),
    )
    behind: Behind = (
        ("base", tuple(base)),
        ("rerated", tuple(rerated)),
        *((key, tuple(ids)) for key, ids in anew.items()),
        *((f"to_{key}", tuple(ids)) for key, ids in to.items()),
    )
    return Row(cells, behind)


def _findings(rows: list[Row]) -> Iterable[str]:
    whole = {key: len(ids) for key, ids in rows[0].behind}
    if whole["base"]:
        yield (
            f"Of {whole['base']} rated services, {whole['rerated']} were re-rated:"
            f" {whole['improved']} improved, {whole['same']} kept their rating, {whole['worse']}"
            " got worse."
        )
