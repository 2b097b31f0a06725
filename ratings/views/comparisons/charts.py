"""Figures of comparisons as charts. The numbers are the figure's; nothing is counted here."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from carequality.figures import Figure, Row, Share
from carequality.govuk.charts import (
    NOT_RATED,
    RATINGS,
    RATINGS_AND_NOT_RATED,
    Bar,
    Lines,
    Part,
    Series,
    StackedBars,
)
from carequality.govuk.charts import Target as TargetLine
from ratings.figures import cohort, news, overdue, regional, shifts, words
from ratings.figures.places import sector_named
from ratings.models import Target

Chart = StackedBars | Lines
BESIDE = "The table on this page gives the same numbers."
GOOD_OR_BETTER = Part("good", "Good or Outstanding", "#00538a")
LOWER = Part("lower", "Requires improvement or Inadequate", "#f2b134", "#0b0c0c", "stripes")


def cells_of(figure: Figure, row: Row) -> dict[str, object]:
    """A row's cells by the key of their column."""
    return {column.key: cell for column, cell in zip(figure.columns, row.cells, strict=True)}


def counts_of(cells: dict[str, object], keys: Sequence[str], prefix: str = "") -> dict[str, int]:
    """The numerators under these columns, by key."""
    found = {key: cells.get(f"{prefix}{key}") for key in keys}
    return {key: cell.numerator for key, cell in found.items() if isinstance(cell, Share)}


def regional_comparison(figure: Figure) -> list[Chart]:
    """A chart of each service type: authorities by the ratings of what is rated."""
    charts: list[Chart] = []
    for service_type, label in words.TYPES:
        bars = []
        for row in figure.rows:
            counts = counts_of(
                cells_of(figure, row), [part.key for part in RATINGS], regional.key_of(service_type, "")
            )
            bars.append(Bar(str(row.cells[0]), counts, note=f"{sum(counts.values())} rated"))
        charts.append(
            StackedBars(
                key=f"chart-{service_type}",
                title=f"{label} by rating, {figure.as_at:%-d %B %Y}",
                description=f"A bar for each authority: the share of its rated {label.lower()} in each rating. {BESIDE}",
                parts=RATINGS,
                bars=bars,
            )
        )
    return charts


def bars_of_ratings(title: str, described: str, label: int = 0) -> Callable[[Figure], list[Chart]]:
    """A chart with a bar for each row, by its ratings."""

    def draw(figure: Figure) -> list[Chart]:
        bars = [_rated_bar(figure, row, label) for row in figure.rows]
        described_so = f"A bar for each {described}: the share of what is rated in each rating. {BESIDE}"
        return [StackedBars("chart", f"{title}, {figure.as_at:%-d %B %Y}", described_so, RATINGS, bars)]

    return draw


def _rated_bar(figure: Figure, row: Row, label: int) -> Bar:
    counts = counts_of(cells_of(figure, row), [part.key for part in RATINGS])
    return Bar(str(row.cells[label]), counts, note=f"{sum(counts.values())} rated")


def ratings_by_domain(figure: Figure) -> list[Chart]:
    """A chart of each sector that has rated services: the key questions by rating."""
    by_sector: dict[str, list[Row]] = {}
    for row in figure.rows:
        by_sector.setdefault(str(row.cells[0]), []).append(row)
    return [
        StackedBars(
            key=f"chart-{number}",
            title=f"{sector} by key question, {figure.as_at:%-d %B %Y}",
            description=f"A bar for each key question and the overall rating: the share in each rating. {BESIDE}",
            parts=RATINGS,
            bars=[_rated_bar(figure, row, 1) for row in rows],
        )
        for number, (sector, rows) in enumerate(by_sector.items())
        if any(sum(_rated_bar(figure, row, 1).counts.values()) for row in rows)
    ]


def league(figure: Figure) -> list[Chart]:
    """Everyone by the share of all services that are Good or Outstanding, the highest first."""
    bars = []
    for row in figure.rows:
        cell = cells_of(figure, row)[f"{words.ALL}-good"]
        if isinstance(cell, Share) and cell.denominator:
            counts = {"good": cell.numerator, "lower": cell.denominator - cell.numerator}
            bars.append((cell.numerator / cell.denominator, str(row.cells[1]), counts))
    bars.sort(key=lambda bar: (-bar[0], bar[1]))
    seen: dict[str, Bar] = {}
    for _, name, counts in bars:
        seen.setdefault(name, Bar(name, counts, note=f"{sum(counts.values()):,} rated"))
    return [
        StackedBars(
            key="chart",
            title=f"Services rated Good or Outstanding, {figure.as_at:%-d %B %Y}",
            description=f"A bar for each authority and average, the highest first. {BESIDE}",
            parts=(GOOD_OR_BETTER, LOWER),
            bars=list(seen.values()),
        )
    ]


def ratings_by_locality(figure: Figure) -> list[Chart]:
    return bars_of_ratings("Services by rating", "area")(figure)


def shares_of(title: str, described: str, parts: Sequence[Part], rows: Sequence[Bar]) -> list[Chart]:
    """One chart of bars that have something to show."""
    shown = [bar for bar in rows if sum(bar.counts.values())]
    return [StackedBars("chart", title, f"{described} {BESIDE}", parts, shown)] if shown else []


IMPROVED = Part("improved", "Improved", "#00538a")
THE_SAME = Part("same", "The same", "#e4e6e7", "#0b0c0c", "dots")
WORSE = Part("worse", "Worse", "#9e1b32")


def rating_shifts(figure: Figure) -> list[Chart]:
    """Of those re-rated in each sector: improved, the same, worse."""
    bars = []
    for row in figure.rows:
        cells = cells_of(figure, row)
        if cells["before"] == shifts.ANY:
            counts = counts_of(cells, ["improved", "same", "worse"])
            bars.append(Bar(str(cells["sector"]), counts, note=f"{sum(counts.values())} re-rated"))
    return shares_of(
        "Services re-rated, by direction",
        "A bar for each sector: the share of its re-rated services that improved, kept their rating or got worse.",
        (IMPROVED, THE_SAME, WORSE),
        bars,
    )


TWICE = Part("2", "Twice", "#f2b134", "#0b0c0c", "stripes")
THREE_TIMES = Part("3", "Three times", "#d4351c")
FOUR_TIMES = Part("4", "Four times or more", "#53284f")


def repeat_ratings(figure: Figure) -> list[Chart]:
    """How many times running, for each service type of the list."""
    by_type: dict[str, dict[str, int]] = {}
    for row in figure.rows:
        cells = cells_of(figure, row)
        times = cells["times"]
        assert isinstance(times, int)
        counts = by_type.setdefault(str(cells["sector"]), {"2": 0, "3": 0, "4": 0})
        counts[str(min(times, 4))] += 1
    bars = [
        Bar(name, counts, note=f"{sum(counts.values())} in all") for name, counts in sorted(by_type.items())
    ]
    described = "A bar for each type of service: how many have been low twice, three times, four times or more running."
    parts = (TWICE, THREE_TIMES, FOUR_TIMES)
    return [
        replace(chart, in_counts=True)
        for chart in shares_of("Times running", described, parts, bars)
        if isinstance(chart, StackedBars)
    ]


AGES = tuple(
    Part(key, label, fill, ink, pattern)
    for (key, label, _), (fill, ink, pattern) in zip(
        overdue.BANDS,
        [
            ("#00538a", "#ffffff", ""),
            ("#5694ca", "#0b0c0c", ""),
            ("#bbd4ea", "#0b0c0c", "dots"),
            ("#f2b134", "#0b0c0c", "stripes"),
            ("#d4351c", "#ffffff", ""),
            ("#53284f", "#ffffff", ""),
        ],
        strict=True,
    )
)


def inspections_overdue(figure: Figure) -> list[Chart]:
    """Each sector's rated services by the age of their rating."""
    bars = []
    for row in figure.rows:
        counts = counts_of(cells_of(figure, row), [part.key for part in AGES])
        bars.append(Bar(str(row.cells[0]), counts, note=f"{sum(counts.values())} rated"))
    return shares_of(
        f"Age of ratings, {figure.as_at:%-d %B %Y}",
        "A bar for each sector: the share of its rated services by the age of their rating.",
        AGES,
        bars,
    )


LOW_TOO = Part("low", "Low in the key question too", "#9e1b32")
NOT_LOW = Part("not_low", "Good or Outstanding in it", "#4a9d6b", "#0b0c0c")


def key_question_signals(figure: Figure) -> list[Chart]:
    """For each sector, the services with a low overall rating by whether each key question is low."""
    by_sector: dict[str, list[Bar]] = {}
    for row in figure.rows:
        share = cells_of(figure, row)["with_low"]
        if isinstance(share, Share) and share.denominator:
            counts = {"low": share.numerator, "not_low": share.denominator - share.numerator}
            bar = Bar(str(row.cells[1]), counts, note=f"{share.denominator} low overall")
            by_sector.setdefault(str(row.cells[0]), []).append(bar)
    return [
        StackedBars(
            key=f"chart-{number}",
            title=f"{sector} with a low overall rating, by key question",
            description=f"A bar for each key question: the share of services with a low overall rating low in it too. {BESIDE}",
            parts=(LOW_TOO, NOT_LOW),
            bars=bars,
        )
        for number, (sector, bars) in enumerate(by_sector.items())
    ]


def contract_cohort(figure: Figure) -> list[Chart]:
    """The services of each of the two days by rating, those not inspected among them."""
    keys = [part.key for part in RATINGS_AND_NOT_RATED]
    not_inspected = replace(NOT_RATED, label=cohort.NOT_INSPECTED)
    bars = []
    for place, column in enumerate(figure.columns[1:], 1):
        cells = [row.cells[place] for row in figure.rows]
        counts = [cell.numerator if isinstance(cell, Share) else 0 for cell in cells]
        bars.append(Bar(column.label, dict(zip(keys, counts, strict=True)), note=f"{sum(counts)} services"))
    return [
        StackedBars(
            key="chart",
            title=figure.title,
            description=f"A bar for each day: the share of the services under contract in each rating. {BESIDE}",
            parts=(*RATINGS, not_inspected),
            bars=bars,
            label_width=250,
        )
    ]


KINDS = (
    Part("raised", news.RAISED, "#00538a"),
    Part("same", news.SAME, "#e4e6e7", "#0b0c0c", "dots"),
    Part("first", news.FIRST, "#5694ca", "#0b0c0c"),
    Part("lowered", news.LOWERED, "#9e1b32"),
)


def since(figure: Figure) -> list[Chart]:
    """The ratings published since, by what became of them."""
    counts = {
        part.key: sum(cells_of(figure, row)["kind"] == part.label for row in figure.rows) for part in KINDS
    }
    bars = [Bar("Ratings published", counts, note=f"{sum(counts.values())} in all")]
    return shares_of(
        "Ratings published since",
        "A bar: the share of ratings raised, confirmed, new and lowered.",
        KINDS,
        bars,
    )


# Yellow is too light for a line: amber of a darker kind.
LINES = (
    ("good_or_better", "Good or better", "#0b0c0c", "6 4"),
    ("outstanding", "Outstanding", "#00538a", ""),
    ("good", "Good", "#2e7d4f", ""),
    ("requires_improvement", "Req. improvement", "#a8660b", ""),
    ("inadequate", "Inadequate", "#9e1b32", ""),
)


def ratings_trend(figure: Figure) -> list[Chart]:
    """A chart of lines for each sector that has rated services, with the targets that stand on the last day."""
    targets = Target.objects.in_force_on(figure.as_at).filter(
        pk__in=[column.key.split("-")[1] for column in figure.columns if column.key.startswith("target-")]
    )
    by_sector: dict[str, list[dict[str, object]]] = {}
    for row in figure.rows:
        by_sector.setdefault(str(row.cells[0]), []).append(cells_of(figure, row))
    drawn: list[Chart] = []
    for number, (sector, rows) in enumerate(by_sector.items()):
        series = [
            Series(label, [(_day(cells), _percent(cells[key])) for cells in rows], colour, dash)
            for key, label, colour, dash in LINES
        ]
        if any(value is not None for line in series for _, value in line.points):
            drawn.append(
                Lines(
                    key=f"chart-{number}",
                    title=f"{sector}: rated services at month ends",
                    description=f"A line for each rating, and for Good or Outstanding together, month by month. {BESIDE}",
                    series=series,
                    targets=[
                        TargetLine(target.name, target.level)
                        for target in targets
                        if sector_named(target.sector or words.ALL) == sector
                    ],
                )
            )
    return drawn


def _day(cells: dict[str, object]) -> date:
    return datetime.strptime(str(cells["day"]), "%d %B %Y").date()  # noqa: DTZ007 - a day, not a moment


def _percent(cell: object) -> float | None:
    if not isinstance(cell, Share) or not cell.denominator:
        return None
    return 100 * cell.numerator / cell.denominator
