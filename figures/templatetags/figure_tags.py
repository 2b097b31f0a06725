"""Template tags that print figures."""

from datetime import date
from itertools import groupby
from typing import Any

from django import template
from django.urls import reverse

from figures.figure import Cell, Column, Figure, Share
from figures.registration import Area
from govuk.templatetags.govuk_tags import gov_datetime

register = template.Library()


@register.inclusion_tag("figures/table.html")
def figure_table(figure: Figure, caption: str = "", caption_size: str = "m") -> dict[str, Any]:
    """A figure as a plain table: caption, one or two heading rows with their scope, first column as
    row headings.
    """
    return {
        "figure": figure,
        "caption": caption or figure.title,
        "caption_size": caption_size,
        "groups": wider_headings(figure.columns),
        "rows": [
            [
                {"column": column, "cell": _in_words(cell)}
                for column, cell in zip(figure.columns, row.cells, strict=True)
            ]
            for row in figure.rows
        ],
    }


def wider_headings(columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    """The wider headings with how many columns each spans; none when no column stands under one."""
    spans = [
        (group, len(list(held))) for group, held in groupby(column.group for column in columns)
    ]
    return (
        [{"label": group, "span": span} for group, span in spans]
        if any(g for g, _ in spans)
        else []
    )


@register.inclusion_tag("includes/breadcrumbs.html")
def area_breadcrumbs(area: Area, is_inside: bool = False) -> dict[str, Any]:
    """The way up from an area's list of figures: all figures, and what the area stands in; from a
    figure also that list.
    """
    crumbs = [("Figures", reverse("figures:list-figures"))]
    crumbs += [(label, reverse(url_name)) for label, url_name in area.crumbs]
    if is_inside:
        crumbs.append((area.title, reverse("figures:list-area", args=[area.key])))
    return {"crumbs": crumbs}


@register.simple_tag
def shown_value(value: Any) -> str:
    """A cell of a list of rows as text: a day or a moment in words, a dash for none."""
    if value is None or value == "":
        return "–"
    return gov_datetime(value) if isinstance(value, date) else str(value)


def _in_words(cell: Cell) -> str:
    if cell is None or (isinstance(cell, Share) and cell.percent is None):
        return "–"
    return str(cell)
