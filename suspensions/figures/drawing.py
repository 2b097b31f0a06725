"""The charts of suspensions."""

from core.dates import day_in_words, months_to
from figures.charting import Chart, cells_of, counts_of
from figures.figure import Figure
from govuk.charts import Bar, ChartPart, Lines, Series, StackedBars
from suspensions.models import SuspensionKind

PARTS = (
    ChartPart(SuspensionKind.FULL, "Full", "#9e1b32"),
    ChartPart(SuspensionKind.PARTIAL, "Partial", "#f2b134", "#0b0c0c", "stripes"),
    ChartPart(SuspensionKind.VOLUNTARY, "Voluntary", "#00538a"),
)


def by_kind(figure: Figure) -> list[Chart]:
    """A bar for each row but the last, which is all of them: its suspended services by kind."""
    keys = [kind.value for kind in SuspensionKind]
    bars = [
        Bar(
            str(row.cells[0]),
            counts_of(cells_of(figure, row), keys),
            note=f"{row.cells[-1]} suspended",
        )
        for row in figure.rows[:-1]
    ]
    return [
        StackedBars(
            key="kinds",
            title=f"{figure.title}, {day_in_words(figure.as_at)}",
            description=(
                "A bar for each row of the table on this page: its suspended services by kind."
            ),
            parts=PARTS,
            bars=bars,
        )
    ]


def over_months(figure: Figure) -> list[Chart]:
    """A line of the services that were suspended at each month's end."""
    counts = [counts_of(cells_of(figure, row), ["services"])["services"] for row in figure.rows]
    days = [last for _, last in months_to(figure.as_at, len(figure.rows))]
    return [
        Lines(
            key="monthly",
            title="Suspended services at the end of each month",
            description=(
                "A line of the number of services suspended at each month's end. The table gives"
                " the same numbers."
            ),
            series=[Series("Services", list(zip(days, counts, strict=True)), "#9e1b32")],
            top=max(5, -(-max([*counts, 0]) // 5) * 5),
            unit="",
        )
    ]
