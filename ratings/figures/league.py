"""How many are Good or Outstanding: the authorities of the region, the region, England, and similar
councils.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from statistics import median

from core.dates import day_in_words
from core.models import Comparator, CouncilProfile, RegionAuthority
from documents.folding import name_key
from figures.charting import BESIDE, Chart, cells_of
from figures.figure import Cell, Column, Figure, Row, Share
from figures.registration import register_figure
from govuk.charts import Bar, ChartPart, StackedBars
from ratings.authorities import names_of
from ratings.figures import words
from ratings.figures.options import AuthorityOptions
from ratings.figures.ranks import joined, rank_of
from ratings.figures.rated_locations import RatedLocation, authority_named, rated_locations
from ratings.figures.tallies import Behind

SECTORS = ((words.ALL, words.ALL_SERVICES), *((kind.value, label) for kind, label in words.TYPES))
REGION, ENGLAND, MEDIAN, GAP = (
    "Region",
    "England",
    "Median of similar councils",
    "Gap to that median",
)
IN_REGION, AVERAGES, SIMILAR = "Region", "Averages", "Similar councils"
Group = Mapping[str, "_Score"]


class _Score:
    """The rated places of one authority or area in one sector, and those of them that are Good or
    Outstanding.
    """

    def __init__(self) -> None:
        self.rated: list[str] = []
        self.good: list[str] = []

    @property
    def share(self) -> Share:
        return Share(len(self.good), len(self.rated))

    @property
    def exact(self) -> float | None:
        return 100 * len(self.good) / len(self.rated) if self.rated else None


GOOD_OR_BETTER = ChartPart("good", "Good or Outstanding", "#00538a")
LOWER = ChartPart("lower", "Requires improvement or Inadequate", "#f2b134", "#0b0c0c", "stripes")


def highest_first(figure: Figure) -> list[Chart]:
    """Everyone by the share of all services that are Good or Outstanding, the highest first."""
    bars = []
    for row in figure.rows:
        cell = cells_of(figure, row)[f"{words.ALL}-good"]
        if isinstance(cell, Share) and cell.denominator:
            counts = {"good": cell.numerator, "lower": cell.denominator - cell.numerator}
            bars.append((cell.numerator / cell.denominator, str(row.cells[1]), counts))
    bars.sort(key=lambda bar: (-bar[0], name_key(bar[1])))
    seen: dict[str, Bar] = {}
    for _, name, counts in bars:
        seen.setdefault(name, Bar(name, counts, note=f"{sum(counts.values()):,} rated"))
    return [
        StackedBars(
            key="chart",
            title=f"Services rated Good or Outstanding, {day_in_words(figure.as_at)}",
            description=f"A bar for each authority and average, the highest first. {BESIDE}",
            parts=(GOOD_OR_BETTER, LOWER),
            bars=list(seen.values()),
        )
    ]


@register_figure(
    "league",
    label="Good or Outstanding",
    area="ratings",
    order=20,
    sentence=(
        "The share of services rated Good or Outstanding, compared with the region, England and"
        " similar councils."
    ),
    options=AuthorityOptions,
    charts=highest_first,
    behind="location",
    headings=2,
    empty=words.NOTHING_TO_COMPARE,
)
def league(
    as_at: date,
    known_at: datetime | None = None,
    authority: str | None = None,
    *,
    council: CouncilProfile | None = None,
) -> Figure:
    """The share of services rated Good or Outstanding, by authority and type of service.

    Numerator: locations rated Good or Outstanding overall on the day. Denominator: locations with
    an overall rating. Source: CQC's register and published ratings; the region and the similar
    councils are the council's own settings.

    The region's and England's are of all their services together, not means of the authorities'
    shares. The rank is among the region's authorities of that day. The median is of the similar
    councils' shares before they are rounded.

    Raises `NotAllowed`: `unknown-authority`.
    """
    own = authority_named(authority, council)
    region = list(
        RegionAuthority.objects.members_on(as_at)
        .order_by("name_key")
        .values_list("name", flat=True)
    )
    family = [name for name in Comparator.objects.values_list("name", flat=True) if name != own]
    council_of = {bears: name for name in (*region, *family, own) for bears in names_of(name)}
    found = rated_locations(as_at, known_at=known_at)
    scores = {sector: _scores(found, as_at, sector, council_of, region) for sector, _ in SECTORS}
    # Of whom nothing is held has no share, so it is in no median; a note names it.
    unknown = [name for name in family if not scores[words.ALL][name].rated]
    family = [name for name in family if name not in unknown]
    rows = [
        *(_row(IN_REGION, name, scores, region) for name in region),
        *([_row(IN_REGION, own, scores, [])] if own and own not in region else []),
        *(_row(AVERAGES, name, scores, []) for name in (REGION, ENGLAND)),
        *(_row(SIMILAR, name, scores, []) for name in family),
    ]
    if family:
        rows += _of_the_family(own, family, scores)
    return Figure(
        name="league",
        title="Services rated Good or Outstanding",
        as_at=as_at,
        authority=own,
        columns=(
            Column("group", "Compared with"),
            Column("authority", "Local authority"),
            *(
                column
                for sector, label in SECTORS
                for column in (
                    Column(f"{sector}-good", "Good or Outstanding", kind="share", group=label),
                    Column(f"{sector}-rank", "Rank", group=label),
                )
            ),
        ),
        rows=tuple(rows),
        notes=(
            "Each number is the percentage of rated services that are Good or Outstanding.",
            (
                "The rank is among the authorities that were in the region on that day, by the"
                " percentages shown. = marks a shared place."
            ),
            (
                "The region and England count all their services together. England is every adult"
                " social care location that we hold, in"
                f" {len({location.authority for location in found}):,} authorities."
            ),
            "The gap is in percentage points, between the percentages before rounding.",
            *(
                [
                    f"We hold no rated locations in {joined(unknown)}. A full update from CQC adds"
                    " them."
                ]
                if unknown
                else []
            ),
            words.ONCE_IN_ALL,
            words.UNDER_EACH_TYPE,
            words.REGISTERED,
            words.SOURCE,
        ),
        findings=tuple(_findings(own, region, family, scores)),
    )


def _scores(
    found: Iterable[RatedLocation],
    day: date,
    sector: str,
    council_of: Mapping[str, str],
    region: Iterable[str],
) -> dict[str, _Score]:
    by_name = {name: _Score() for name in (*council_of.values(), REGION, ENGLAND)}
    members = set(region)
    for location in found:
        # What is not rated is in neither number, in every area alike.
        rating = location.rating_on(day, sector) if location.is_in(sector) else None
        if rating is None:
            continue
        council = council_of.get(location.authority)
        areas = [
            ENGLAND,
            *([council] if council else []),
            *([REGION] if council in members else []),
        ]
        for area in areas:
            by_name[area].rated.append(location.location_id)
            if rating in words.GOOD_OR_BETTER:
                by_name[area].good.append(location.location_id)
    return by_name


def _row(group: str, name: str, scores: Mapping[str, Group], ranked: list[str]) -> Row:
    cells: list[Cell] = [group, name]
    behind: Behind = ()
    for sector, _ in SECTORS:
        of = scores[sector][name]
        rank = rank_of(name, {each: scores[sector][each].share for each in ranked})
        cells += [of.share, rank.short if rank else None]
        if name != ENGLAND:
            behind += ((f"{sector}-good", tuple(of.good)),)
    return Row(tuple(cells), behind)


def _medians(family: list[str], scores: Group) -> float | None:
    known = [exact for name in family if (exact := scores[name].exact) is not None]
    return median(known) if known else None


def _of_the_family(own: str, family: list[str], scores: Mapping[str, Group]) -> list[Row]:
    medians: list[Cell] = [SIMILAR, MEDIAN]
    gaps: list[Cell] = [SIMILAR, GAP]
    for sector, _ in SECTORS:
        middle, exact = _medians(family, scores[sector]), scores[sector][own].exact
        medians += [None if middle is None else f"{middle:.1f}%", None]
        gaps += [None if middle is None or exact is None else f"{exact - middle:+.1f}", None]
    return [Row(tuple(medians)), Row(tuple(gaps))]


def _findings(
    own: str, region: list[str], family: list[str], scores: Mapping[str, Group]
) -> Iterable[str]:
    for sector, label in SECTORS:
        of = scores[sector]
        if own not in of or not of[own].rated:
            continue
        sentence = f"{label}: {of[own].share.in_full} Good or Outstanding"
        rank = rank_of(own, {name: of[name].share for name in region})
        if rank:
            sentence += f", {rank.among('in the region')}"
        sentence += f". The region: {of[REGION].share}. England: {of[ENGLAND].share}."
        middle, exact = _medians(family, of), of[own].exact
        if middle is not None and exact is not None:
            side = "above" if exact > middle else "below"
            gap = f"{abs(exact - middle):.1f} points {side}" if exact != middle else "the same as"
            sentence += f" That is {gap} the median of similar councils ({middle:.1f}%)."
        yield sentence
