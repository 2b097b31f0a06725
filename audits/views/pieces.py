"""What the pages around a visit share: one task with its form, and a plain list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from carequality.govuk.lists import Column, ListPage
from carequality.permits import Request
from carequality.refusals import Refused
from carequality.templatetags.carequality_tags import gov_short_date


def one_task(
    request: Request,
    form: forms.Form | forms.ModelForm,
    act: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    said: str,
    back: str,
    about: str = "",
    intro: Sequence[str] = (),
    then: str = "",
    at_field: str = "",
) -> HttpResponse:
    """A page of one form: act on it and go on, or show why not, by `at_field` where a rule speaks of that."""
    form.cancel_url = back  # type: ignore[union-attr]  # of GovFormMixin
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refusal:
            form.add_error(at_field or None, str(refusal))
        else:
            messages.success(request, said)
            return redirect(then or back)
    context = {"form": form, "title": title, "about": about, "intro": intro}
    return render(request, "audits/one_task.html", context)


def press(request: Request, act: Callable[[], Any], *, said: str, back: str) -> HttpResponse:
    """A button without a form: act, say so, go back."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(back)


@dataclass(frozen=True)
class Link:
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
    links: Sequence[Link] = (),
    crumbs: Sequence[tuple[str, str]] = (),
    intro: Sequence[str] = (),
    empty: str = "",
    **more: Any,
) -> HttpResponseBase:
    """A list whose first column leads to its row's page; sorted, filtered, paged and as a file."""
    page = ListPage(request, rows, columns, default_sort=default_sort, export_name=export_name, noun=noun)
    shown = [
        {
            "url": link(row),
            "cells": [
                {"label": column.label, "value": in_words(column.of(row)), "numeric": column.numeric}
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
