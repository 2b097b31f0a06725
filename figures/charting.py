"""Charts of figures. The numbers are the figure's; nothing is counted here."""

from collections.abc import Callable, Sequence

from figures.figure import Figure, Row, Share
from govuk.charts import Bar, ChartPart, Lines, StackedBars

Chart = StackedBars | Lines
# A figure, and the rows of settings that the chart names among its parameters.
Charts = Callable[..., Sequence[Chart]]
BESIDE = "The table on this page gives the same numbers."


def cells_of(figure: Figure, row: Row) -> dict[str, object]:
    """A row's cells by the key of their column."""
    return {column.key: cell for column, cell in zip(figure.columns, row.cells, strict=True)}


def counts_of(cells: dict[str, object], keys: Sequence[str], prefix: str = "") -> dict[str, int]:
    """The numbers under these columns, by key: of a share its numerator."""
    found = {key: cells.get(f"{prefix}{key}") for key in keys}
    return {
        key: cell.numerator if isinstance(cell, Share) else cell
        for key, cell in found.items()
        if isinstance(cell, Share | int)
    }


def bars_in_counts(
    figure: Figure,
    title: str,
    description: str,
    parts: Sequence[ChartPart],
    rows: Sequence[Row],
    noun: tuple[str, str] = ("in all", "in all"),
) -> list[Chart]:
    """One chart with a bar for each row, as long as its number; `noun` stands beside it, for one
    and for several.
    """
    bars = []
    for row in rows:
        counts = counts_of(cells_of(figure, row), [part.key for part in parts])
        total = sum(counts.values())
        bars.append(
            Bar(str(row.cells[0]), counts, note=f"{total} {noun[0] if total == 1 else noun[1]}")
        )
    return [StackedBars(figure.name, title, f"{description} {BESIDE}", parts, bars, in_counts=True)]


def no_chart(figure: Figure) -> list[Chart]:
    """For a figure that no chart would make plainer."""
    return []
