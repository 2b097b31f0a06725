"""Concerns in figures: each with its chart, the concerns behind every number, and as a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from carequality import exports
from carequality.figures import Figure, Share
from carequality.govuk.charts import Bar, Lines, Part, Series, StackedBars, Target
from carequality.permits import Request, permit
from concerns import figures
from concerns.models import Kind, Targets
from concerns.views.concerns import READ
from ratings.forms import AsAtForm

RISK_PARTS = (
    Part("very_high", "Very high", "#9e1b32"),
    Part("high", "High", "#f2b134", "#0b0c0c", "stripes"),
    Part("medium", "Medium", "#5694ca", "#0b0c0c"),
    Part("low", "Low", "#e4e6e7", "#0b0c0c", "dots"),
)
KIND_FILLS = ("#00538a", "#4a9d6b", "#5694ca", "#53284f", "#b1b4b6", "#9e1b32")
DARK_INK = ("#4a9d6b", "#5694ca", "#b1b4b6")
KIND_PARTS = tuple(
    Part(f"kind-{kind.value}", str(kind.label), fill, "#0b0c0c" if fill in DARK_INK else "#ffffff")
    for kind, fill in zip(Kind, KIND_FILLS, strict=True)
)


@dataclass(frozen=True)
class Shown:
    """A figure as its page shows it: what computes it, its chart, and what the list of concerns is asked for each number."""

    compute: Callable[[date], Figure]
    chart: Callable[[Figure], Lines | StackedBars]
    behind: Callable[[date, date, date, str], dict[str, str]]


def _bars(figure: Figure, parts: Sequence[Part]) -> StackedBars:
    places = {column.key: place for place, column in enumerate(figure.columns)}
    bars = []
    for row in figure.rows:
        counts = {part.key: cell for part in parts if isinstance(cell := row.cells[places[part.key]], int)}
        bars.append(Bar(str(row.cells[0]), counts, note=f"{sum(counts.values())} in all"))
    return StackedBars(
        key=figure.name,
        title=f"{figure.title}, to {figure.as_at:%-d %B %Y}",
        description="A bar for each month, as long as its number of concerns. The table on this page gives the same numbers.",
        parts=parts,
        bars=bars,
        in_counts=True,
    )


def _line(figure: Figure) -> Lines:
    target = Targets.current().in_time_percent
    months = figures.months_to(figure.as_at)
    points = []
    for (_, last), row in zip(months, figure.rows, strict=True):
        share = row.cells[1]
        points.append((last, share.percent if isinstance(share, Share) else None))
    return Lines(
        key=figure.name,
        title=figure.title,
        description="The percentage of concerns received in each month that were answered in time.",
        series=[Series("In time", points)],
        targets=[Target("Target", target)],
    )


def _open(first: date, last: date, as_at: date, key: str) -> dict[str, str]:
    return {"open_on": last.isoformat(), **({} if key == figures.ALL else {"risk": key})}


def _received(first: date, last: date, as_at: date, key: str) -> dict[str, str]:
    asked = {"received_from": first.isoformat(), "received_to": last.isoformat()}
    name, _, value = key.partition("-")
    return {**asked, **({{"type": "service_type", "kind": "kind"}[name]: value} if value else {})}


def _answered(first: date, last: date, as_at: date, key: str) -> dict[str, str]:
    asked = {**_received(first, last, as_at, figures.ALL), "clock_run_by": as_at.isoformat()}
    return {**asked, **({} if key == figures.ALL else {"risk": key})}


FIGURES = {
    "concerns-open": Shown(figures.open_concerns, lambda figure: _bars(figure, RISK_PARTS), _open),
    "concerns-received": Shown(
        figures.received_concerns, lambda figure: _bars(figure, KIND_PARTS), _received
    ),
    "concerns-in-time": Shown(figures.answered_in_time, _line, _answered),
}


@permit(*READ)
def list_figures(request: Request) -> HttpResponse:
    today = timezone.localdate()
    rows = []
    for name, shown in FIGURES.items():
        figure = shown.compute(today)
        rows.append({"name": name, "title": figure.title, "now": _latest(figure)})
    return render(request, "concerns/list_figures.html", {"rows": rows, "targets": Targets.current()})


@permit(*READ)
def view_figure(request: Request, name: str) -> HttpResponseBase:
    shown = FIGURES.get(name)
    if shown is None:
        raise Http404
    today = timezone.localdate()
    form = AsAtForm(request.GET if "as_at" in request.GET or "as_at-year" in request.GET else None)
    asked = form.cleaned_data["as_at"] if form.is_bound and form.is_valid() else today
    figure = shown.compute(min(asked, today))
    if request.GET.get("export") in ("csv", "xlsx"):
        return _file(figure, request.GET["export"])
    if not form.is_bound:
        form.initial = {"as_at": figure.as_at}
    chart = shown.chart(figure)
    context = {
        "form": form,
        "figure": figure,
        "is_later": asked > today,
        "groups": _groups(figure),
        "rows": _linked(figure, shown),
        "bars": chart if isinstance(chart, StackedBars) else None,
        "lines": chart if isinstance(chart, Lines) else None,
    }
    return render(request, "concerns/view_figure.html", context)


def _latest(figure: Figure) -> str:
    cell = figure.rows[-1].cells[[column.key for column in figure.columns].index(figures.ALL)]
    return f"{cell} ({figure.rows[-1].cells[0]})"


def _groups(figure: Figure) -> list[dict[str, Any]]:
    """The wider headings with how many columns each spans; empty for a figure without."""
    groups: list[dict[str, Any]] = []
    for column in figure.columns:
        if groups and groups[-1]["label"] == column.group:
            groups[-1]["span"] += 1
        else:
            groups.append({"label": column.group, "span": 1})
    return groups if any(group["label"] for group in groups) else []


def _linked(figure: Figure, shown: Shown) -> list[dict[str, Any]]:
    """The rows with, for each number, the address of the list of the concerns behind it."""
    address = reverse("concerns:list-concerns")
    rows = []
    for (first, last), row in zip(figures.months_to(figure.as_at), figure.rows, strict=True):
        cells = []
        for column, cell in zip(figure.columns[1:], row.cells[1:], strict=True):
            whole = cell.denominator if isinstance(cell, Share) else cell
            asked = urlencode(shown.behind(first, last, figure.as_at, column.key))
            cells.append(
                {
                    "cell": cell,
                    "of": f"{cell.numerator} of {cell.denominator}" if isinstance(cell, Share) else "",
                    "label": f"{column.label}, {row.cells[0]}",
                    "url": f"{address}?{asked}" if whole else "",
                }
            )
        rows.append({"name": row.cells[0], "cells": cells})
    return rows


def _file(figure: Figure, kind: str) -> HttpResponseBase:
    headings, rows = figure.table()
    told = [f"{figure.title}, as at {figure.as_at:%-d %B %Y}. Exempt.", *figure.notes]
    name = f"{figure.name}-{figure.as_at.isoformat()}"
    everything: list[Sequence[str | float]] = [*rows, [], *([line] for line in told)]
    if kind == "csv":
        return exports.csv_response(f"{name}.csv", headings, everything)
    return exports.xlsx_response(f"{name}.xlsx", headings, everything, sheet="Concerns")
