"""The figures of suspensions as pages: each with its day, its chart, its files, and the rows behind every number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from inspect import signature
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from carequality.exports import csv_response, xlsx_response
from carequality.figures import Figure
from carequality.govuk.charts import Bar, Lines, Part, Series, StackedBars
from carequality.govuk.forms import GovForm
from carequality.govuk.lists import Column as ListColumn
from carequality.govuk.lists import ListPage
from carequality.permits import Request, permit
from providers.models import Service
from suspensions import figures
from suspensions.filters import COLUMNS, for_list
from suspensions.forms import AsAtForm, BetweenForm
from suspensions.models import Kind
from suspensions.views.steps import SEE


@dataclass(frozen=True)
class Offered:
    """A figure that has a page: what computes it, its name on the overview, and the columns whose rows are services."""

    compute: Callable[..., Figure]
    label: str
    of_services: tuple[str, ...] = ()


OFFERED = {
    "suspensions": Offered(
        figures.suspensions_in_force, "The table as papers print it", of_services=("services",)
    ),
    "suspensions-by-type": Offered(figures.by_type, "In force by type and kind"),
    "suspensions-by-district": Offered(figures.by_district, "In force by district and kind"),
    "suspensions-share": Offered(
        figures.share_of_contracted, "Share of contracted services", of_services=("contracted",)
    ),
    "suspensions-flow": Offered(figures.flow, "Opened, lifted and continuing between two days"),
    "suspensions-monthly": Offered(figures.monthly, "Month by month"),
    "suspensions-length": Offered(figures.length, "How long they last"),
}
PARTS = (
    Part(Kind.FULL, "Full", "#9e1b32"),
    Part(Kind.PARTIAL, "Partial", "#f2b134", "#0b0c0c", "stripes"),
    Part(Kind.VOLUNTARY, "Voluntary", "#00538a"),
)
SERVICE_COLUMNS = [
    ListColumn("name", "Service", sort=("name",)),
    ListColumn("type", "Type", sort=("service_type", "name"), value="get_service_type_display"),
    ListColumn("district", "District", sort=("district__order", "name"), value="district.name"),
]


@permit(*SEE)
def list_figures(request: Request) -> HttpResponse:
    today = timezone.localdate()
    share = figures.share_of_contracted(today).rows[-1]
    context = {
        "offered": [(name, offered.label) for name, offered in OFFERED.items()],
        "today": today,
        "share": share.cells[-1],
        "chart": _monthly_chart(today),
        "tab": "figures",
    }
    return render(request, "suspensions/list_figures.html", context)


@permit(*SEE)
def view_figure(request: Request, name: str) -> HttpResponseBase:
    figure, form, asked = _computed(request, name)
    if request.GET.get("export") in ("csv", "xlsx"):
        return _file(figure, request.GET["export"])
    context = {
        "figure": figure,
        "form": form,
        "rows": _linked(figure, asked),
        "bars": _bars(figure) if name in ("suspensions-by-type", "suspensions-by-district") else None,
        "lines": _monthly_chart(figure.as_at) if name == "suspensions-monthly" else None,
        "query": urlencode(asked),
        "label": OFFERED[name].label,
        "tab": "figures",
    }
    return render(request, "suspensions/view_figure.html", context)


@permit(*SEE)
def list_behind(request: Request, name: str) -> HttpResponseBase:
    """The suspensions, or the services, behind one number of a figure."""
    figure, _form, asked = _computed(request, name)
    row = next((row for row in figure.rows if str(row.cells[0]) == request.GET.get("row")), None)
    key = request.GET.get("column", "")
    behind = dict(row.behind) if row else {}
    if row is None or key not in behind:
        raise Http404("No such number.")
    services = key in OFFERED[name].of_services
    page = ListPage(
        request,
        Service.objects.select_related("district").filter(pk__in=behind[key])
        if services
        else for_list().filter(pk__in=behind[key]),
        SERVICE_COLUMNS if services else COLUMNS,
        default_sort="name" if services else "service",
        export_name=f"{name}-behind",
        noun=("service", "services") if services else ("suspension", "suspensions"),
    )
    place = [column.key for column in figure.columns].index(key)
    context = {
        "page": page,
        "figure": figure,
        "row": row.cells[0],
        "column": figure.columns[place].label,
        "number": row.cells[place],
        "services": services,
        "today": timezone.localdate(),
        "back_url": f"{reverse('suspensions:view-figure', args=[name])}?{urlencode(asked)}",
        "tab": "figures",
    }
    return page.export() or render(request, "suspensions/list_behind.html", context)


def _computed(request: Request, name: str) -> tuple[Figure, GovForm, dict[str, str]]:
    """The figure of the day or days asked for (today unless given), its form, and what was asked as query values."""
    offered = OFFERED.get(name)
    if offered is None:
        raise Http404("No such figure.")
    today = timezone.localdate()
    between = "since" in signature(offered.compute).parameters
    kind = BetweenForm if between else AsAtForm
    given = any(key.startswith("as_at") for key in request.GET)
    form = kind(request.GET if given else None, initial={"as_at": today})
    answers: dict[str, Any] = {}
    if given and form.is_valid():
        answers = {key: day for key, day in form.cleaned_data.items() if day}
        if answers.get("since") and answers["since"] >= answers["as_at"]:
            form.add_error("since", "The first day must be before the second")
            del answers["since"]
    answers = {"as_at": today} | answers
    return offered.compute(**answers), form, {key: day.isoformat() for key, day in answers.items()}


def _linked(figure: Figure, asked: dict[str, str]) -> list[list[dict[str, object]]]:
    """The cells of each row, with the address of what stands behind each number that has something behind it."""
    address = reverse("suspensions:list-behind", args=[figure.name])
    rows = []
    for row in figure.rows:
        behind = dict(row.behind)
        cells: list[dict[str, object]] = []
        for column, cell in zip(figure.columns, row.cells, strict=True):
            query = urlencode({**asked, "row": row.cells[0], "column": column.key})
            url = f"{address}?{query}" if behind.get(column.key) else ""
            cells.append({"column": column, "cell": "–" if cell is None else cell, "url": url})
        rows.append(cells)
    return rows


def _bars(figure: Figure) -> StackedBars:
    keys = [column.key for column in figure.columns]
    bars = []
    for row in figure.rows[:-1]:
        counts = {kind.value: cell for kind in Kind if isinstance(cell := row.cells[keys.index(kind)], int)}
        bars.append(Bar(str(row.cells[0]), counts, note=f"{row.cells[-1]} suspended"))
    return StackedBars(
        key="kinds",
        title=f"{figure.title}, {figure.as_at:%-d %B %Y}",
        description="A bar for each row of the table on this page: its suspended services by kind.",
        parts=PARTS,
        bars=bars,
    )


def _monthly_chart(as_at: date) -> Lines:
    months = figures.month_ends(as_at)
    top = max([month.services for month in months] or [0])
    return Lines(
        key="monthly",
        title="Suspended services at the end of each month",
        description="A line of the number of services suspended at each month's end. The table gives the same numbers.",
        series=[Series("Services", [(month.day, month.services) for month in months], "#9e1b32")],
        top=max(5, -(-top // 5) * 5),
        unit="",
    )


def _file(figure: Figure, kind: str) -> HttpResponseBase:
    headings, rows = figure.table()
    told = [f"{figure.title}, as at {figure.as_at:%-d %B %Y}. Exempt: not for publication.", *figure.notes]
    everything: list[Sequence[str | float]] = [*rows, [], *([line] for line in told)]
    name = f"{figure.name}-{figure.as_at.isoformat()}"
    if kind == "csv":
        return csv_response(f"{name}.csv", headings, everything)
    return xlsx_response(f"{name}.xlsx", headings, everything, sheet="Suspensions")
