"""What a bar says beside itself."""

from datetime import date

from figures.charting import bars_in_counts
from figures.figure import Column, Figure, Row
from govuk.charts import ChartPart


def test_a_bar_of_one_says_one_service_and_not_services():
    columns = (Column("type", "Type"), Column("n", "Services", "count"))
    figure = Figure(
        "x", "X", date(2026, 1, 1), "Here", columns, (Row(("Home care", 1)), Row(("Extra care", 2)))
    )
    [chart] = bars_in_counts(
        figure,
        "X",
        "A bar.",
        (ChartPart("n", "Services", "#00538a"),),
        figure.rows,
        ("service", "services"),
    )
    assert [bar.note for bar in chart.bars] == ["1 service", "2 services"]
