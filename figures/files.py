"""A figure as a file: its table, then what it says and how it was counted."""

from collections.abc import Sequence

from django.http import HttpResponseBase, JsonResponse

from core.dates import day_in_words
from documents import exports
from figures.figure import Figure
from figures.registration import EXEMPT, Registered

KINDS = ("csv", "xlsx", "json")


def as_file(registered: Registered, figure: Figure, kind: str) -> HttpResponseBase:
    """The figure as a file of that kind, to download. An exempt one says so."""
    name = f"{figure.name}-{figure.as_at.isoformat()}.{kind}"
    if kind == "json":
        return _json(name, registered, figure)
    headings, rows = figure.table()
    exempt = f". {EXEMPT}." if registered.area.is_exempt else ""
    # A file travels without its page, so it carries its title, its day, how it was counted, and
    # that it is exempt.
    notes = [
        f"{figure.title}, as at {day_in_words(figure.as_at)}{exempt}",
        *figure.findings,
        *figure.notes,
    ]
    everything: list[Sequence[str | float]] = [*rows, [], *([line] for line in notes)]
    if kind == "csv":
        return exports.csv_response(name, headings, everything)
    return exports.xlsx_response(name, headings, everything, sheet=registered.label)


def _json(name: str, registered: Registered, figure: Figure) -> HttpResponseBase:
    content = figure.as_json() | ({"exempt": f"{EXEMPT}."} if registered.area.is_exempt else {})
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = exports.attachment(name)
    return response
