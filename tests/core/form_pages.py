"""Finding every form of the product: its class, and the pages of a small demonstration that ask
it.
"""

import importlib
import pkgutil
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from django.urls import Resolver404, resolve

from govuk.forms import GovFilterForm, GovFormMixin

MOMENT = datetime.fromisoformat("2026-03-11T10:41:00+00:00")  # a Wednesday morning; no summer time
EARLIER = MOMENT - timedelta(hours=2)  # when the steps are taken that come before a form
OPENED = 6  # addresses of one pattern that are opened, besides those to begin at
KEPT = 3  # pages of one form that are remembered
LINK = re.compile(r"""\s(?:href|action|formaction|hx-get|data-[a-z-]+)="(/[^"]*)\"""")


class Clock:
    """What every reader of Django's clock is told while the forms are walked."""

    now = MOMENT

    @contextmanager
    def earlier(self) -> Iterator[None]:
        self.now = EARLIER
        try:
            yield
        finally:
            self.now = MOMENT


CLOCK = Clock()


def form_classes() -> dict[str, type[GovFormMixin]]:
    """Every class of ours that is a form a page may ask, by "app.Name"; not the filters of
    lists.
    """
    for app in settings.INSTALLED_APPS:
        package = importlib.import_module(app.partition(".apps.")[0])
        if package.__name__.split(".")[0] in OURS:
            for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
                if "forms" in module.name or ".views" in module.name:
                    importlib.import_module(module.name)
    found = {}
    for kind in _below(GovFormMixin):
        ours = kind.__module__.split(".")[0] in OURS and not kind.__module__.startswith("govuk")
        if ours and not issubclass(kind, GovFilterForm) and kind.form_method == "post":
            found[name_of(kind)] = kind
    return dict(sorted(found.items()))


OURS = (
    "core",
    "administration",
    "providers",
    "notifications",
    "ratings",
    "concerns",
    "audits",
    "formal_steps",
    "suspensions",
    "oversight",
    "reports",
)


def name_of(kind: type) -> str:
    return f"{kind.__module__.split('.')[0]}.{kind.__name__}"


def _below(kind: type) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


@dataclass(frozen=True)
class Asked:
    """A page that asks a form: where its answer is sent, and the form as it was shown, without an
    answer.
    """

    url: str
    form: Any


def forms_in(response: Any) -> list[Any]:
    """The forms that a page was drawn with."""
    found: dict[int, Any] = {}
    for context in response.context or ():
        for held in context.dicts if hasattr(context, "dicts") else [context]:
            for value in held.values():
                for one in value if isinstance(value, list | tuple) else [value]:
                    if isinstance(one, GovFormMixin):
                        found[id(one)] = one
    return list(found.values())


@dataclass(frozen=True)
class Reads:
    """What a pattern of an address reads: the names of its query, and the questions of the forms
    that are sent to it.
    """

    query: set[str]
    form: set[str]

    @classmethod
    def of(cls, asked: Iterable[str], response: Any) -> "Reads":
        """From the names that a page asked for when it was opened without any."""
        query, form = set(asked), set[str]()
        # A form asks nothing of what is empty.
        for shown in forms_in(response):
            (query if shown.form_method == "get" else form).update(shown.fields)
        # A day may also come whole, under the name without its part.
        return cls({name for name in query if not DAY_PART.fullmatch(name)}, form)

    def beside(self, others: "Reads | None") -> "Reads":
        """What both read."""
        if others is None:
            return self
        return Reads(self.query | others.query, self.form | others.form)


DAY_PART = re.compile(r".*-(day|month|year|time)")


@contextmanager
def asked_names() -> Iterator[set[str]]:
    """The names that are asked of a query or of a form meanwhile."""
    names: set[str] = set()
    with pytest.MonkeyPatch.context() as patch:
        for method in ("get", "getlist", "__getitem__", "__contains__"):
            plain = getattr(QueryDict, method)

            def asked(self: Any, key: Any, *more: Any, plain: Any = plain, **named: Any) -> Any:
                names.add(str(key))
                return plain(self, key, *more, **named)

            patch.setattr(QueryDict, method, asked)
        yield names


@dataclass(frozen=True)
class Crawled:
    """What links lead to: the forms that can be answered, by name, and of each pattern of an
    address the addresses themselves and what they read.
    """

    forms: dict[str, list[Asked]]
    addresses: dict[str, list[str]]
    reads: dict[str, Reads]


def crawl(client: Client, starts: Sequence[str]) -> Crawled:
    """The pages that links lead to from where it starts, breadth first; of each form the first that
    can be answered.
    """
    found: dict[str, list[Asked]] = {}
    addresses: dict[str, list[str]] = {}
    reads: dict[str, Reads] = {}
    waiting, seen = deque(starts), {_outline(url) for url in starts}
    opened: dict[str, int] = {}
    while waiting:
        url = waiting.popleft()
        pattern = pattern_of(url)
        addresses.setdefault(pattern, []).append(url)
        opened[pattern] = opened.get(pattern, 0) + (url not in starts)
        if not pattern or opened[pattern] > OPENED or pattern in NOT_OPENED or ":export" in pattern:
            continue
        with asked_names() as names:
            response = client.get(url)
        reads[pattern] = Reads.of(names, response).beside(reads.get(pattern))
        forms, links = shown_by(response, url)
        for asked in forms:
            kept = found.setdefault(name_of(type(asked.form)), [])
            if len(kept) < KEPT:
                kept.append(asked)
        for link in links:
            if _outline(link) not in seen:
                seen.add(_outline(link))
                waiting.append(link)
    return Crawled(found, addresses, reads)


def read(client: Client, url: str) -> tuple[list[Asked], list[str]]:
    """The forms that a page asks and that can be answered, and where it leads to."""
    return shown_by(client.get(url), url)


def shown_by(response: Any, url: str) -> tuple[list[Asked], list[str]]:
    if "Location" in response:
        return [], [response["Location"]]
    if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
        return [], []
    answerable = [] if response.context.get("why_not") else forms_in(response)
    asked = [
        Asked(urljoin(url, form.form_action or url), form)
        for form in answerable
        if not form.is_bound
    ]
    return asked, [link.replace("&amp;", "&") for link in LINK.findall(response.content.decode())]


def page_after(client: Client, location: str, form: str, way: str) -> Asked | None:
    """Where a form is asked: on a page, or where the links of those patterns lead to from it, one
    after another.
    """
    asked, links = read(client, location)
    for pattern in way.split():
        leads = [link for link in links if pattern_of(link) == pattern]
        answers = [read(client, link) for link in leads]
        asked = [one for forms, _ in answers for one in forms]
        links = [link for _, found in answers for link in found]
    return next((one for one in asked if name_of(type(one.form)) == form), None)


def pattern_of(url: str) -> str:
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""


def _outline(url: str) -> str:
    """The path, and which questions are added to it but not their answers: one of the ways to sort
    a list is enough.
    """
    parts = urlsplit(url)
    names = {pair.partition("=")[0] for pair in parts.query.split("&")}
    return f"{parts.path}?{'&'.join(sorted(names))}"


# They sign the walker out, or draw whole files.
NOT_OPENED = ("sign-out", "audits:questions-pdf", "audits:draft-report-pdf")
