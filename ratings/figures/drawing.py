"""What the charts of several comparisons share."""

from collections.abc import Callable, Sequence

from core.dates import day_in_words
from figures.charting import BESIDE, Chart, cells_of, counts_of
from figures.figure import Figure, Row
from govuk.charts import RATINGS, Bar, ChartPart, StackedBars


def bars_of_ratings(title: str, described: str, label: int = 0) -> Callable[[Figure], list[Chart]]:
    """A chart with a bar for each row, by its ratings."""

    def draw(figure: Figure) -> list[Chart]:
        bars = [rated_bar(figure, row, label) for row in figure.rows]
        described_so = (
            f"A bar for each {described}: the share of rated services in each rating. {BESIDE}"
        )
        return [
            StackedBars(
                "chart", f"{title}, {day_in_words(figure.as_at)}", described_so, RATINGS, bars
            )
        ]

    return draw


def rated_bar(figure: Figure, row: Row, label: int) -> Bar:
    """A row's services by rating, named by its cell of that place."""
    counts = counts_of(cells_of(figure, row), [part.key for part in RATINGS])
    return Bar(str(row.cells[label]), counts, note=f"{sum(counts.values())} rated")


def shares_of(
    title: str, described: str, parts: Sequence[ChartPart], rows: Sequence[Bar]
) -> list[Chart]:
    """One chart of bars that have something to show."""
    shown = [bar for bar in rows if sum(bar.counts.values())]
    return [StackedBars("chart", title, f"{described} {BESIDE}", parts, shown)] if shown else []
