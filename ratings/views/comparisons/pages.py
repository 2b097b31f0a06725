from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from carequality import exports
from carequality.figures import Figure, Row, Share, named
from carequality.govuk.lists import Column, ListPage
from carequality.permits import permit
from carequality.refusals import Refused
from providers.models import Service
from ratings.figures.words import COMPARED
from ratings.models import Location, services_with_ratings
from ratings.rules import rating_label
from ratings.views.comparisons.offered import BY_NAME, OFFERED, Comparison
from ratings.views.comparisons.options import DayOptions
from ratings.views.locations import LOCATION_COLUMNS, SOURCE

ABBREVIATED = {short: word.label for word, short in COMPARED}
SERVICE_COLUMNS = [
    Column("name", "Service", sort=("name",)),
    Column("service_type", "Service type", sort=("service_type",), value="get_service_type_display"),
    Column("district", "District", sort=("district__order", "district__name"), value="district.name"),
    Column("cqc_rating", "Rating", value=lambda row: rating_label(row.cqc_rating or "")),
    Column("cqc_rated_on", "Rated on", sort=("cqc_rated_on",)),
    SOURCE,
]


@permit("ratings.view_location")
def list_comparisons(request: HttpRequest) -> HttpResponseBase:
    return render(request, "ratings/list_comparisons.html", {"offered": OFFERED, "tab": "comparisons"})


@permit("ratings.view_location")
def view_comparison(request: HttpRequest, name: str) -> HttpResponseBase:
    """Any of the comparisons: the figure as the address asks for it, as a page or as a file."""
    comparison = _offered(name)
    options = comparison.options.asked(request.GET, timezone.localdate())
    figure = _computed(comparison, options)
    if request.GET.get("export") in ("csv", "xlsx"):
        return _file(comparison, figure, request.GET["export"])
    query = options.query()
    context = {
        "comparison": comparison,
        "form": options,
        "figure": figure,
        "query": urlencode(query),
        "known_on": options.chosen().get("known_on"),
        "since": options.chosen().get("since"),
        "groups": _groups(figure),
        "columns": [
            {"column": column, "meaning": ABBREVIATED.get(column.label)} for column in figure.columns
        ],
        "rows": [_linked(comparison, figure, row, query) for row in figure.rows],
        "charts": [
            {"chart": chart, "is_lines": hasattr(chart, "series")} for chart in comparison.charts(figure)
        ],
        "tab": "comparisons",
    }
    return render(request, "ratings/view_comparison.html", context)


@permit("ratings.view_location")
def list_behind(request: HttpRequest, name: str) -> HttpResponseBase:
    """The locations, or the services, behind one number of a comparison."""
    comparison = _offered(name)
    options = comparison.options.asked(request.GET, timezone.localdate())
    if options.errors:
        raise Http404("No such day.")
    figure = _computed(comparison, options)
    number = _number(comparison, figure, request.GET.get("row", ""), request.GET.get("column", ""))
    day = comparison.day_of(number.row, number.column, options.chosen())
    page = _page_behind(request, comparison, day, number.ids)
    context = {
        "page": page,
        "comparison": comparison,
        "day": day,
        "number": number,
        "query": urlencode(options.query()),
        "tab": "comparisons",
    }
    return page.export() or render(request, "ratings/list_behind.html", context)


@dataclass(frozen=True)
class Number:
    """One number of a figure and what stands behind it."""

    row: Row
    column: str
    named: str
    group: str
    label: str
    share: Share | None
    ids: Sequence[str]


def _offered(name: str) -> Comparison:
    if name not in BY_NAME:
        raise Http404("No such comparison.")
    return BY_NAME[name]


def _computed(comparison: Comparison, options: DayOptions) -> Figure:
    try:
        return named(comparison.name)(**options.arguments())
    except Refused as refusal:
        raise Http404(str(refusal)) from None


def _key(comparison: Comparison, row: Row) -> str:
    return ", ".join(str(cell) for cell in row.cells[: comparison.headings])


def _number(comparison: Comparison, figure: Figure, row_key: str, column_key: str) -> Number:
    row = next((row for row in figure.rows if _key(comparison, row) == row_key), None)
    behind = dict(row.behind) if row else {}
    if row is None or column_key not in behind:
        raise Http404("No such number.")
    place = [column.key for column in figure.columns].index(column_key)
    column, cell = figure.columns[place], row.cells[place]
    label = ABBREVIATED.get(column.label, column.label)
    share = cell if isinstance(cell, Share) else None
    return Number(row, column_key, row_key, column.group, label, share, behind[column_key])


def _page_behind(request: HttpRequest, comparison: Comparison, day: date, ids: Sequence[str]) -> ListPage:
    rows: Any
    if comparison.behind == "services":
        rows = services_with_ratings(Service.objects.select_related("district"), day)
        columns, noun = SERVICE_COLUMNS, ("service", "services")
    else:
        rows = Location.objects.with_rating_as_at(day)
        columns, noun = LOCATION_COLUMNS, ("location", "locations")
    return ListPage(
        request,
        rows.filter(pk__in=ids),
        columns,
        default_sort="name",
        export_name=f"{comparison.name}-behind",
        noun=noun,
    )


def _groups(figure: Figure) -> list[dict[str, Any]]:
    """The wider headings with how many columns each spans; none when no column stands under one."""
    groups: list[dict[str, Any]] = []
    for column in figure.columns:
        if groups and groups[-1]["label"] == column.group:
            groups[-1]["span"] += 1
        else:
            groups.append({"label": column.group, "span": 1})
    return groups if any(group["label"] for group in groups) else []


def _linked(comparison: Comparison, figure: Figure, row: Row, query: dict[str, str]) -> dict[str, Any]:
    """A row's cells with, for each number, the address of what stands behind it."""
    behind = dict(row.behind)
    address = reverse("ratings:list-behind", args=[comparison.name])
    asked = urlencode({**query, "row": _key(comparison, row)})
    cells = []
    for place, (column, cell) in enumerate(zip(figure.columns, row.cells, strict=True)):
        ids = behind.get(column.key, ())
        next_one = figure.columns[place + 1] if place + 1 < len(figure.columns) else None
        cells.append(
            {
                "cell": cell,
                "share": cell if isinstance(cell, Share) else None,
                "is_heading": place < comparison.headings,
                "is_number": column.kind != "text",
                "url": _to(
                    comparison, ids, column.kind == "text", f"{address}?{asked}&column={quote(column.key)}"
                ),
                "ends_group": bool(column.group and next_one and next_one.group != column.group),
            }
        )
    ours = figure.authority in row.cells[: comparison.headings]
    return {"cells": cells, "ours": ours and len(figure.rows) > 1}


def _to(comparison: Comparison, ids: Sequence[str], is_text: bool, address: str) -> str:
    """Where a cell leads: a name to its own page, a number to the list behind it, nothing behind it nowhere."""
    if not ids:
        return ""
    if is_text and comparison.behind == "locations":
        return reverse("ratings:view-location", args=[ids[0]])
    return address


def _file(comparison: Comparison, figure: Figure, kind: str) -> HttpResponseBase:
    headings, rows = figure.table()
    told = [f"{figure.title}, as at {figure.as_at:%-d %B %Y}", *figure.findings, *figure.notes]
    name = f"{figure.name}-{figure.as_at.isoformat()}"
    everything: list[Sequence[str | float]] = [*rows, [], *([line] for line in told)]
    if kind == "csv":
        return exports.csv_response(f"{name}.csv", headings, everything)
    return exports.xlsx_response(f"{name}.xlsx", headings, everything, sheet=comparison.title)
