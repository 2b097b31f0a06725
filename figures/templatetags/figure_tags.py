"""Template tags that print figures."""

from datetime import date
from itertools import groupby
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from figures.figure import Cell, Column, Figure, Share
from figures.registration import Area
from govuk.lists import ListPage
from govuk.templatetags.components import link_to
from govuk.templatetags.govuk_tags import gov_datetime

register = template.Library()
DASH = "–"


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


@register.simple_block_tag
def rows_behind(content: str, page: ListPage, caption: str, columns: str = "") -> SafeString:
    """The table of the rows behind a number, of `tr`s, with its pages; its page has counted them.

    `columns` are the keys of the headings in the order of the cells, all of the list's unless said.
    """
    keys = columns.split() or [column.key for column in page.columns]
    table = {
        "caption": caption,
        "headers": [(page.header(key), page.column(key).numeric) for key in keys],
        "content": content,
    }
    return format_html(
        "{}{}",
        render_to_string("includes/table_frame.html", table),
        render_to_string("includes/pagination.html", {"page": page}),
    )


@register.simple_tag
def shown_value(value: Any) -> str:
    """A cell of a list of rows as text: a day or a moment in words, a dash for none."""
    if value is None or value == "":
        return DASH
    return gov_datetime(value) if isinstance(value, date) else str(value)


@register.simple_tag
def shown_name(row: dict[str, Any]) -> SafeString | str:
    """The first cell of a row behind a number: a link to its page, where it has one."""
    name = str(row["cells"][0]["value"])
    return link_to(row["url"], name) if row["url"] else name


@register.simple_tag
def figure_cell(each: dict[str, Any]) -> SafeString:
    """A cell of a figure's page, as `figures.views` prepared it: a name that leads to its page, or
    a number that leads to what it counts.
    """
    if each["is_heading"]:
        name = link_to(each["url"], each["cell"]) if each["url"] else each["cell"]
        hidden = "(this authority)" if each["is_ours"] else ""
        return format_html(
            '<th scope="row" class="govuk-table__header">{}{}</th>', name, _hidden(hidden)
        )
    return format_html(
        '<td class="govuk-table__cell{}{}">{}</td>',
        " govuk-table__cell--numeric" if each["is_number"] else "",
        " cq-numbers__end" if each["ends_group"] else "",
        _number(each),
    )


def _number(each: dict[str, Any]) -> SafeString | str:
    share: Share | None = each["share"]
    if each["cell"] is None:
        return format_html('<span title="Does not apply">{}</span>', DASH)
    if share is None:
        about = f": {each['about']}, show these" if each["is_number"] else ""
        return _led(each["url"], each["cell"], about)
    if share.percent is None:
        return format_html('<span title="Nothing to count">{}</span>', DASH)
    if each["is_wide"]:
        # A wide table has no room for the counts: they are read out, and shown on pointing.
        about = f", {share.counts}: {each['about']}, show these"
        return _led(each["url"], share, about, title=share.counts)
    shown = _led(each["url"], share, f": {each['about']}, show these", title=share.counts)
    return format_html('{}<br><span class="cq-muted cq-nowrap">{}</span>', shown, share.counts)


def _led(url: str, text: Any, about: str, title: str = "") -> SafeString | str:
    """The text as a link, if there is something behind it."""
    if not url:
        return str(text)
    pointed = format_html(' title="{}"', title) if title else ""
    return format_html(
        '<a class="govuk-link govuk-link--no-visited-state" href="{}"{}>{}{}</a>',
        url,
        pointed,
        text,
        format_html('<span class="govuk-visually-hidden">{}</span>', about) if about else "",
    )


def _hidden(text: str) -> SafeString | str:
    return format_html('<span class="govuk-visually-hidden"> {}</span>', text) if text else ""


def _in_words(cell: Cell) -> str:
    if cell is None or (isinstance(cell, Share) and cell.percent is None):
        return DASH
    return str(cell)
