"""The list pages that show one row a record, in the words of their columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from core.permissions import Request
from govuk.lists import Column, ListPage
from govuk.templatetags.govuk_tags import gov_short_date


@dataclass(frozen=True)
class PageLink:
    """A link over a list; `button` for the task that most people come for."""

    label: str
    url: str
    button: bool = False


def plain_list(
    request: Request,
    rows: Any,
    columns: Sequence[Column],
    *,
    title: str,
    default_sort: str,
    export_name: str,
    noun: tuple[str, str],
    link: Callable[[Any], str],
    links: Sequence[PageLink] = (),
    crumbs: Sequence[tuple[str, str]] = (),
    intro: Sequence[str] = (),
    empty: str = "",
    **more: Any,
) -> HttpResponseBase:
    """A list whose first column leads to its row's page; sorted, filtered, paged and as a file."""
    page = ListPage(
        request, rows, columns, default_sort=default_sort, export_name=export_name, noun=noun
    )
    shown = [
        {
            "url": link(row),
            "name": in_words(columns[0].of(row)),
            "cells": [
                {
                    "label": column.label,
                    "value": in_words(column.of(row)),
                    "numeric": column.numeric,
                }
                for column in columns[1:]
            ],
        }
        for row in page
    ]
    nothing = {"text": empty or f"There are no {noun[1]} yet."}
    if page.active_filters:
        nothing = {
            "text": f"No {noun[1]} match these filters.",
            "url": request.path,
            "label": f"Show all {noun[1]}",
        }
    context = {
        "page": page,
        "rows": shown,
        "title": title,
        "links": links,
        "crumbs": [part for crumb in crumbs for part in crumb],
        "intro": intro,
        "nothing": nothing,
        **more,
    }
    return page.export() or render(request, "audits/plain_list.html", context)


def in_words(value: Any) -> str:
    """A cell as a person reads it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return gov_short_date(timezone.localtime(value))
    return gov_short_date(value) if isinstance(value, date) else str(value)
