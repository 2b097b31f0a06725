"""Figures as pages: the list of an area, one figure with its charts and files, and the rows behind
a number.

Each asks the figure's own permissions before anything is looked up, and an unknown name is not
found.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from core.dates import day_in_words
from core.models import CouncilProfile
from core.navigation import council_of
from core.permissions import Request, signed_in
from core.workflow import NotAllowed
from figures import files
from figures.figure import Column, Figure, Row, Share
from figures.options import DayOptions
from figures.registration import AREAS, FIGURES, Area, Registered, RowsBehind, of_area
from figures.templatetags.figure_tags import wider_headings
from govuk.lists import ListPage


@signed_in
def list_figures(request: Request) -> HttpResponse:
    """Every figure that the person may see, by area."""
    areas = [(area, _seen(request, area)) for area in AREAS]
    context = {"areas": [(area, seen) for area, seen in areas if seen]}
    return render(request, "figures/list_figures.html", context)


@signed_in
def list_area(request: Request, area: str) -> HttpResponse:
    """The figures of an area, with what each says today."""
    if area not in AREAS:
        raise Http404("There are no figures at this address.")
    found = AREAS[area]
    if not request.user.has_perms(found.permission):
        raise PermissionDenied
    today, council = timezone.localdate(), council_of(request)
    context = {
        "area": found,
        "listed": [_listed(registered, today, council) for registered in _seen(request, found)],
        "today": today,
        "tab": found.tab,
        **found.context(today, council),
    }
    return render(request, "figures/list_area.html", context)


@signed_in
def view_figure(request: Request, name: str) -> HttpResponseBase:
    """A figure as the address asks for it, as a page or as a file."""
    asked = _asked(request, name)
    registered, figure, options = asked.registered, asked.figure, asked.options
    if request.GET.get("export") in files.KINDS:
        return files.as_file(registered, figure, request.GET["export"])
    query = options.query()
    context = {
        **_around(asked),
        "form": options,
        "scope": _scope(asked),
        "query": urlencode(query),
        "files": {kind: f"?{urlencode({**query, 'export': kind})}" for kind in files.KINDS},
        "findings_heading": _findings_heading(figure),
        "above_table": _above_table(registered, figure),
        "groups": wider_headings(figure.columns),
        "rows": [_linked(registered, figure, row, query) for row in figure.rows],
        "charts": [
            {"chart": chart, "is_lines": hasattr(chart, "series")}
            for chart in registered.drawn(figure, asked.settings_rows)
        ],
    }
    return render(request, "figures/view_figure.html", context)


@signed_in
def list_rows(request: Request, name: str) -> HttpResponseBase:
    """What stands behind one number of a figure."""
    asked = _asked(request, name)
    # Rows of another day than the one in the address would pass for those of the number.
    if asked.options.errors:
        raise Http404("There is no figure for that day.")
    number = _number(asked, request.GET.get("row", ""), request.GET.get("column", ""))
    day = asked.registered.day_of(number.row, number.column.key, asked.options.chosen())
    page = ListPage(
        request,
        number.kind.rows(day).filter(pk__in=number.ids),
        number.kind.columns,
        default_sort=number.kind.default_sort,
        export_name=f"{name}-behind",
        noun=number.kind.noun,
    )
    context = {
        **_around(asked),
        "page": page,
        "day": day,
        "today": timezone.localdate(),
        "number": number,
        "rows": [_row_behind(number.kind, one) for one in page],
        "caption": _rows_caption(asked, number, day),
        "back_url": _figure_url(asked),
    }
    return page.export() or render(request, "figures/list_rows.html", context)


@dataclass(frozen=True)
class FigureRequest:
    """A figure that was asked for: how it is registered, what was chosen, and what came of it."""

    registered: Registered
    options: DayOptions
    settings_rows: dict[str, Any]
    figure: Figure
    council: CouncilProfile | None


@dataclass(frozen=True)
class Number:
    """One number of a figure and what stands behind it."""

    row: Row
    named: str
    column: Column
    cell: Any
    kind: RowsBehind
    ids: tuple[str, ...]

    @property
    def label(self) -> str:
        """What its column is called, in full."""
        return self.column.meaning or self.column.label

    @property
    def heading(self) -> str:
        """The number itself: `Inadequate: 1 of 2 (50%)`, or `Beds: 32`."""
        if isinstance(self.cell, Share):
            return f"{self.label}: {self.cell.counts} ({self.cell})"
        return f"{self.label}: {self.cell}" if self.column.kind == "count" else self.label


def _asked(request: Request, name: str) -> FigureRequest:
    if name not in FIGURES:
        raise Http404("There is no figure of this name.")
    registered = FIGURES[name]
    # Before the figure is computed; its name is no secret, since the list of names comes with the
    # product.
    if not request.user.has_perms(registered.permission):
        raise PermissionDenied
    council = council_of(request)
    options = registered.options.asked(request.GET, timezone.localdate(), council)
    rows = registered.settings_rows(council)
    try:
        figure = registered.figure(options.arguments(), rows)
    except NotAllowed as refusal:
        # What the figure cannot be asked is an address that leads nowhere.
        raise Http404(str(refusal)) from None
    return FigureRequest(registered, options, rows, figure, council)


def _around(asked: FigureRequest) -> dict[str, Any]:
    registered, figure, area = asked.registered, asked.figure, asked.registered.area
    heading = figure.title if area.headed_by_figure else registered.label
    return {
        "registered": registered,
        "figure": figure,
        "area": area,
        "tab": area.tab,
        "heading": heading,
    }


def _scope(asked: FigureRequest) -> str:
    """What the figure is true of, under its heading: `Ratings by key question, as at 31 August
    2026, Rutmarsh, as we knew it at the end of 1 September 2026`.
    """
    registered, figure, chosen = asked.registered, asked.figure, asked.options.chosen()
    since, known_on = chosen.get("since"), chosen.get("known_on")
    until = day_in_words(figure.as_at)
    region = asked.council.region_name if asked.council else ""
    is_titled = not registered.area.headed_by_figure and figure.title != registered.label
    parts = [
        figure.title if is_titled else "",
        f"from {day_in_words(since)} to {until}" if since else f"as at {until}",
        region if registered.is_wide else figure.authority,
        f"as we knew it at the end of {day_in_words(known_on)}" if known_on else "",
    ]
    sentence = ", ".join(part for part in parts if part)
    return sentence[:1].upper() + sentence[1:]


def _findings_heading(figure: Figure) -> str:
    return f"Main findings for {figure.authority}" if figure.authority else "Main findings"


def _above_table(registered: Registered, figure: Figure) -> str:
    if not registered.is_wide:
        return "Select a number to see what it counts."
    return f"{len(figure.rows)} authorities, as they were on {day_in_words(figure.as_at)}."


def _figure_url(asked: FigureRequest) -> str:
    url = reverse("figures:view-figure", args=[asked.registered.name])
    return f"{url}?{urlencode(asked.options.query())}"


def _rows_caption(asked: FigureRequest, number: Number, day: date) -> str:
    """Which figure, row and heading a number stands in, and that it is exempt."""
    around = _around(asked)
    parts = [f"{around['heading']}: {number.named}", number.column.group.lower()]
    where = ", ".join(part for part in (*parts, f"as at {day_in_words(day)}") if part)
    return ". ".join(part for part in (where, around["area"].caption) if part)


def _seen(request: Request, area: Area) -> list[Registered]:
    return [figure for figure in of_area(area) if request.user.has_perms(figure.permission)]


def _listed(registered: Registered, today: Any, council: CouncilProfile | None) -> dict[str, Any]:
    if registered.latest is None:
        return {"name": registered.name, "label": registered.label, "says": registered.sentence}
    figure = registered.figure({"as_at": today}, registered.settings_rows(council))
    return {"name": registered.name, "label": figure.title, "says": registered.latest(figure)}


def _number(asked: FigureRequest, row_key: str, column_key: str) -> Number:
    registered, figure = asked.registered, asked.figure
    row = next((row for row in figure.rows if registered.key_of(row) == row_key), None)
    behind = dict(row.behind) if row else {}
    if row is None or column_key not in behind:
        raise Http404("There is no such number in this figure.")
    place = [column.key for column in figure.columns].index(column_key)
    kind = registered.kind_behind(column_key)
    return Number(row, row_key, figure.columns[place], row.cells[place], kind, behind[column_key])


def _row_behind(kind: RowsBehind, one: Any) -> dict[str, Any]:
    """A row of the list behind a number, for a kind without a template of its own."""
    cells = [
        {"label": column.label, "value": column.of(one), "column": column}
        for column in kind.columns
    ]
    return {"url": kind.url_of(str(one.pk)), "cells": cells}


def _linked(
    registered: Registered, figure: Figure, row: Row, query: dict[str, str]
) -> dict[str, Any]:
    """A row's cells with, for each number, the address of what stands behind it."""
    behind = dict(row.behind)
    key = registered.key_of(row)
    is_ours = figure.authority in row.cells[: registered.headings] and len(figure.rows) > 1
    cells = []
    for place, (column, cell) in enumerate(zip(figure.columns, row.cells, strict=True)):
        next_one = figure.columns[place + 1] if place + 1 < len(figure.columns) else None
        ids = behind.get(column.key, ())
        cells.append(
            {
                "cell": cell,
                "share": cell if isinstance(cell, Share) else None,
                "column": column,
                "is_heading": place < registered.headings,
                "is_number": column.is_number,
                "is_ours": is_ours and place == 0,
                "is_wide": registered.is_wide,
                "about": f"{column.label}, {key}",
                "url": _leads_to(registered, figure, row, column, {**query, "row": key})
                if ids
                else "",
                "ends_group": bool(column.group and next_one and next_one.group != column.group),
            }
        )
    return {"cells": cells, "ours": is_ours}


def _leads_to(
    registered: Registered, figure: Figure, row: Row, column: Column, query: dict[str, str]
) -> str:
    """Where a cell with something behind it leads: a name to its own page, a number to a list."""
    kind = registered.kind_behind(column.key)
    if not column.is_number and kind.is_named_in_cells:
        return kind.url_of(dict(row.behind)[column.key][0])
    if registered.link and (address := registered.link(figure, row, column)):
        return address
    asked = urlencode({**query, "column": column.key})
    return f"{reverse('figures:list-rows', args=[registered.name])}?{asked}"
