"""Ratings at month ends over a span of days, against the council's own targets."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from carequality.figures import Cell, Column, Figure, Row, Share
from carequality.refusals import Refused
from ratings.figures import words
from ratings.figures.places import Place, authority_named, places, sector_named, sectors_of
from ratings.figures.spans import month_ends, span_from
from ratings.figures.tallies import RATING_COLUMNS, Tally
from ratings.models import Measure, Target

YEARS = 2


def ratings_trend(
    as_at: date,
    since: date | None = None,
    known_at: datetime | None = None,
    authority: str | None = None,
    sector: str = "",
) -> Figure:
    """A row for each sector and month end from `since` (two years before unless given) to `as_at`. Source: CQC.

    Each day counts the locations registered and the ratings that stood on it. The council's targets stand
    beside the council's own figures only. Raises `Refused` for a span or a sector that is none.
    """
    since = span_from(since, as_at, YEARS)
    own = authority_named(authority)
    found = places(since, as_at, authorities=[own], known_at=known_at)
    sectors = list(sectors_of(found))
    if sector:
        sectors = [each for each in sectors if each[0] == sector]
        if not sectors:
            raise Refused(f"There is no sector {sector}: {', '.join(key for key, _ in sectors_of(found))}.")
    days = list(month_ends(since, as_at))
    targets: list[Target] = []
    if own == authority_named(None):
        targets = list(Target.objects.in_force_between(since, as_at))
    rows = [_row(key, label, day, found, targets) for key, label in sectors for day in days]
    return Figure(
        name="ratings-trend",
        title="Ratings at month ends",
        as_at=as_at,
        authority=own,
        columns=(
            Column("sector", "Sector"),
            Column("day", "On"),
            *RATING_COLUMNS,
            Column("good_or_better", "Good or Outstanding", kind="share"),
            *(Column(f"target-{target.pk}", _named(target)) for target in targets),
        ),
        rows=tuple(rows),
        notes=(
            words.OF_RATED,
            words.ROUNDED,
            "Each day counts the locations registered with CQC on it and the ratings that stood on it, by the type of "
            "service and the authority that CQC gives them today.",
            words.ONCE_IN_ALL,
            words.UNDER_EACH_TYPE,
            words.SOURCE,
        ),
        findings=tuple(_findings(rows, targets, as_at)),
    )


def _row(sector: str, label: str, day: date, found: Iterable[Place], targets: Sequence[Target]) -> Row:
    tally = Tally()
    for place in found:
        if place.is_in(sector) and place.is_registered_on(day):
            tally.add(place.rating_on(day, sector), place.location_id)
    good = tally.share(*words.GOOD_OR_BETTER)
    aims = [_against(target, _measured(target, tally), sector, day) for target in targets]
    cells: tuple[Cell, ...] = (label, f"{day:%-d %B %Y}", *tally.cells(), good, *aims)
    return Row(cells, (*tally.behind(), ("good_or_better", tuple(tally.of(*words.GOOD_OR_BETTER)))))


def _measured(target: Target, tally: Tally) -> Share:
    if target.measure == Measure.GOOD_OR_BETTER:
        return tally.share(*words.GOOD_OR_BETTER)
    return tally.share(target.measure)


def _against(target: Target, share: Share, sector: str, day: date) -> str | None:
    """Met or not, by the percentage as printed; None where the target does not stand."""
    if (target.sector or words.ALL) != sector or not target.stands_on(day) or share.percent is None:
        return None
    gap = abs(share.percent - target.level)
    return "Met" if target.is_met_by(share.percent) else f"Not met, by {gap:.0f} points"


def _named(target: Target) -> str:
    return f"{target.name} ({sector_named(target.sector).lower()})" if target.sector else target.name


def _findings(rows: Sequence[Row], targets: Sequence[Target], as_at: date) -> Iterable[str]:
    last_day = f"{as_at:%-d %B %Y}"
    for place, target in enumerate(targets, -len(targets)):
        for row in rows:
            if row.cells[1] == last_day and row.cells[place] is not None:
                yield f"{_named(target)}: {str(row.cells[place]).lower()} on {last_day}."
