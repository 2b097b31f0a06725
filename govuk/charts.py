"""Charts as SVG, alike on the page and in the PDF: no scripts, no style sheets, colours as
attributes, never colour alone.

The numbers come from a figure; a chart computes places on the drawing only. Each has a title and a
description for those who cannot see it, and stands beside its table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

WIDTH = 720
LEGEND_GAP = 18
# Roughly how wide a letter of the 13 px sans-serif is, for what must fit without measuring.
LETTER = 7.0


@dataclass(frozen=True)
class ChartPart:
    """A part of every bar: its colour, the colour of words on it, and a pattern (stripes, dots or
    none).
    """

    key: str
    label: str
    fill: str
    ink: str = "#ffffff"
    pattern: str = ""


OUTSTANDING = ChartPart("outstanding", "Outstanding", "#00538a")
GOOD = ChartPart("good", "Good", "#4a9d6b", "#0b0c0c")
REQUIRES_IMPROVEMENT = ChartPart(
    "requires_improvement", "Requires improvement", "#f2b134", "#0b0c0c", "stripes"
)
INADEQUATE = ChartPart("inadequate", "Inadequate", "#9e1b32")
NOT_RATED = ChartPart("not_rated", "Not yet rated", "#e4e6e7", "#0b0c0c", "dots")
# From the best to the worst, as every table and bar shows them.
RATINGS = (OUTSTANDING, GOOD, REQUIRES_IMPROVEMENT, INADEQUATE)
RATINGS_AND_NOT_RATED = (*RATINGS, NOT_RATED)
# Red, amber and the blue that stands for green, since red and green look alike to many.
RED = ChartPart("red", "Red", "#9e1b32")
AMBER = ChartPart("amber", "Amber", "#f2b134", "#0b0c0c", "stripes")
GREEN = ChartPart("green", "Green", "#00538a")


@dataclass(frozen=True)
class Bar:
    """A bar: how many of each part, by the part's key. `note` follows the label, such as `142
    rated`.
    """

    label: str
    counts: Mapping[str, int]
    note: str = ""


@dataclass(frozen=True)
class StackedBars:
    """Bars of 100%, or as long as their counts with `in_counts`. `key` is unique on its page: the
    ids inside the drawing begin with it.
    """

    key: str
    title: str
    description: str
    parts: Sequence[ChartPart]
    bars: Sequence[Bar]
    label_width: int = 190
    in_counts: bool = False


@dataclass(frozen=True)
class Series:
    """A line: a percentage (0 to 100) for each day, None where there is none. `dash` is an SVG dash
    array.
    """

    label: str
    points: Sequence[tuple[date, float | None]]
    colour: str = "#00538a"
    dash: str = ""


@dataclass(frozen=True)
class TargetLine:
    """A level across the chart, such as 80% Good or better."""

    label: str
    level: float


@dataclass(frozen=True)
class Lines:
    """Percentages over time, or counts with `unit` empty and `top` their scale. `key` is unique on
    its page.
    """

    key: str
    title: str
    description: str
    series: Sequence[Series]
    targets: Sequence[TargetLine] = ()
    top: int = 100
    unit: str = "%"


def _n(number: float) -> str:
    """A coordinate as text: one decimal, no trailing zero, the same on every machine."""
    return f"{number:.1f}".removesuffix(".0")


def _paint(chart: StackedBars, part: ChartPart) -> str:
    return f"url(#{chart.key}-{part.key})" if part.pattern else part.fill


def _legend(chart: StackedBars) -> tuple[list[dict[str, object]], float]:
    """Where each legend entry stands, wrapping by rough text width, and the height that all
    take.
    """
    entries: list[dict[str, object]] = []
    x, y = 0.0, 0.0
    for part in chart.parts:
        wide = 22 + len(part.label) * LETTER + LEGEND_GAP
        if x and x + wide > WIDTH:
            x, y = 0.0, y + 22
        entries.append(
            {
                "part": part,
                "paint": _paint(chart, part),
                "x": _n(x),
                "y": _n(y),
                "text_x": _n(x + 22),
                "text_y": _n(y + 12),
            }
        )
        x += wide
    return entries, y + 22


def stacked_bars_svg(chart: StackedBars) -> SafeString:
    """The drawing of a chart of stacked bars."""
    bar_height, step = 26, 38
    room = WIDTH - chart.label_width
    legend, legend_height = _legend(chart)
    top = legend_height + 10
    totals = [sum(bar.counts.get(part.key, 0) for part in chart.parts) for bar in chart.bars]
    longest = max(totals, default=0)
    rows = []
    for number, (bar, total) in enumerate(zip(chart.bars, totals, strict=True)):
        y = top + number * step
        segments, x = [], float(chart.label_width)
        for part in chart.parts:
            count = bar.counts.get(part.key, 0)
            # Also where the total is 0: then there is no segment, and nothing is divided by it.
            if not count:
                continue
            width = room * count / (longest if chart.in_counts else total)
            percent = str(count) if chart.in_counts else f"{count * 100 / total:.0f}%"
            segments.append(
                {
                    "part": part,
                    "paint": _paint(chart, part),
                    "x": _n(x),
                    "width": _n(width),
                    "percent": percent,
                    "count": count,
                    # Only where it fits; the table beside it has every number.
                    "middle": _n(x + width / 2) if width >= len(percent) * LETTER + 6 else "",
                    # Of the plain colour, beneath words that would stand on a pattern.
                    "plate": _n(x + width / 2 - len(percent) * LETTER / 2 - 3),
                    "plate_width": _n(len(percent) * LETTER + 6),
                }
            )
            x += width
        rows.append(
            {
                "bar": bar,
                "y": _n(y),
                "plate_y": _n(y + 5),
                "text_y": _n(y + bar_height / 2 + 4.5),
                "label_y": _n(y + (11 if bar.note else bar_height / 2 + 4.5)),
                "note_y": _n(y + 25),
                "segments": segments,
            }
        )
    height = top + len(chart.bars) * step
    context = {
        "chart": chart,
        "width": WIDTH,
        "height": _n(height),
        "legend": legend,
        "rows": rows,
        "bar_height": _n(bar_height),
        "label_x": chart.label_width - 12,
        "empty_x": chart.label_width,
        "patterned": [part for part in chart.parts if part.pattern],
    }
    return render_to_string("includes/charts/stacked_bars.svg", context)


def _spread(wanted: list[float], gap: float, top: float, bottom: float) -> list[float]:
    """Heights near those wanted, in the same order, with at least a gap between labels, between top
    and bottom.
    """
    # Down from the top with the gap between them, then up from the bottom with what went too far.
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = list(wanted)
    low = top
    for index in order:
        placed[index] = low = max(wanted[index], low)
        low += gap
    high = bottom
    for index in reversed(order):
        placed[index] = high = min(placed[index], high)
        high -= gap
    return placed


def lines_svg(chart: Lines) -> SafeString:
    """The drawing of a chart of lines over time."""
    left, right, top, bottom = 44.0, 540.0, 14.0, 280.0
    days = sorted({day for series in chart.series for day, _value in series.points})
    first, last = (days[0], days[-1]) if days else (date.min, date.min)
    span = max((last - first).days, 1)

    def x_of(day: date) -> float:
        return left + (right - left) * (day - first).days / span

    def y_of(value: float) -> float:
        return bottom - (bottom - top) * min(value, chart.top) / chart.top

    lines, ends = [], []
    for series in chart.series:
        # A gap in the numbers is a gap in the line.
        runs: list[list[str]] = [[]]
        known = [(x_of(day), y_of(value)) for day, value in series.points if value is not None]
        for day, value in series.points:
            if value is None:
                runs.append([])
            else:
                runs[-1].append(f"{_n(x_of(day))},{_n(y_of(value))}")
        latest = next((value for _day, value in reversed(series.points) if value is not None), None)
        lines.append(
            {
                "series": series,
                # One point makes no line: it is seen as a dot.
                "runs": [" ".join(run) for run in runs if len(run) > 1],
                "dots": [
                    {"x": _n(x), "y": _n(y)} for x, y in (known if len(known) <= 40 else known[-1:])
                ],
                "end": f"{series.label} {latest:.0f}{chart.unit}"
                if latest is not None
                else f"{series.label}: none",
            }
        )
        ends.append(known[-1][1] if known else bottom)
    for line, y in zip(lines, _spread(ends, 16, top, bottom), strict=True):
        line["end_y"] = _n(y + 4)
    grid = [
        {"y": _n(y_of(level)), "text_y": _n(y_of(level) + 4), "label": f"{level}{chart.unit}"}
        for level in range(0, chart.top + 1, max(chart.top // 5, 1))
    ]
    # Backwards, so that the latest day is always among those named.
    marks = days[:: -ceil(len(days) / 6)] if days else []
    context = {
        "chart": chart,
        "width": WIDTH,
        "left": _n(left),
        "right": _n(right),
        "label_x": _n(right + 12),
        "lines": lines,
        "grid": grid,
        "days": [{"x": _n(x_of(day)), "label": f"{day:%b %Y}"} for day in marks],
        "targets": [
            {
                "y": _n(y_of(target.level)),
                "text_y": _n(y_of(target.level) - 5),
                "label": f"{target.label} ({target.level:.0f}{chart.unit})",
            }
            for target in chart.targets
        ],
    }
    return render_to_string("includes/charts/lines.svg", context)
