"""What the pages around a visit share: a plain list."""

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
            "cells": [
                {
                    "label": column.label,
                    "value": in_words(column.of(row)),
                    "numeric": column.numeric,
                }
                for column in columns
            ],
        }
        for row in page
    ]
    context = {
        "page": page,
        "rows": shown,
        "title": title,
        "links": links,
        "crumbs": [part for crumb in crumbs for part in crumb],
        "intro": intro,
        "empty": empty or f"There is no {noun[0]} yet.",
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
