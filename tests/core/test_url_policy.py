"""Every URL, every group: who may ask for what. `url_policy.txt` is the table; a new URL is red
until it stands there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core.groups import GROUPS

TABLE = Path(__file__).with_name("url_policy.txt")
MISSING = 987654321
# What is asked to know who the person is, and what every page says of the council.
WHO_ASKS = ("django_session", "core_user", "auth_", "core_councilprofile", "SAVEPOINT")


@dataclass(frozen=True)
class Page:
    name: str
    permissions: tuple[str, ...] | None
    marked: bool
    converters: tuple[tuple[str, str], ...]

    @property
    def policy(self) -> str:
        if not self.marked:
            return "NO PERMIT: mark the view with @require_permission, @signed_in or @everyone"
        if self.permissions is None:
            return "everyone"
        return ", ".join(self.permissions) or "signed in"

    def url(self, number: int) -> str:
        # A word that names nothing: an unknown list or kind is as missing as an unknown id.
        samples: dict[str, Any] = {
            "int": number,
            "slug": "nothing",
            "str": "nothing",
            "path": "nothing",
        }
        samples["uuid"] = UUID(int=number)
        return reverse(self.name, kwargs={name: samples[kind] for name, kind in self.converters})


def walk(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[Page]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner)
        else:
            kinds = {name: type(kind).__name__ for name, kind in pattern.pattern.converters.items()}
            yield Page(
                name=f"{namespace}{pattern.name}",
                permissions=getattr(pattern.callback, "permissions", None),
                marked=hasattr(pattern.callback, "permissions"),
                converters=tuple(
                    (name, kind.removesuffix("Converter").replace("String", "str").lower())
                    for name, kind in kinds.items()
                ),
            )


PAGES = list(walk(get_resolver().url_patterns))


def table() -> dict[str, str]:
    lines = (line.split("#")[0].strip() for line in TABLE.read_text().splitlines())
    return {
        name: policy.strip() for name, _, policy in (line.partition(" ") for line in lines if line)
    }


def test_every_url_has_the_policy_of_the_table():
    found = {page.name: page.policy for page in PAGES}
    listed = table()
    wrong = [
        f"{name:45} {policy}"
        for name, policy in sorted(found.items())
        if listed.get(name) != policy
    ]
    gone = sorted(listed.keys() - found.keys())
    assert not wrong, f"{TABLE.name} should say, if that is right:\n" + "\n".join(wrong)
    assert not gone, f"{TABLE.name} names URLs that are no more: {', '.join(gone)}"


def test_every_permission_asked_for_is_held_by_some_group():
    held = {code for codes in GROUPS.values() for code in codes}
    asked = {code for page in PAGES for code in page.permissions or ()}
    assert asked <= held


def test_url_names_are_unique():
    names = [page.name for page in PAGES]
    assert len(names) == len(set(names))


@pytest.fixture
def asked(person, council):
    """Ask for each page by GET and POST, for id 1 and for an id that is not there."""

    def ask(
        group: str | None, pages: list[Page], *, every: bool = True
    ) -> Iterator[tuple[str, Any, list[str]]]:
        client = Client(raise_request_exception=False)
        if group:
            client.force_login(person(group))
        for page in pages:
            urls = sorted({page.url(1), page.url(MISSING)})
            ways = (
                product(urls, ("get", "post"))
                if every
                else zip(urls * 2, ("get", "post"), strict=False)
            )
            for url, method in ways:
                with CaptureQueriesContext(connection) as queries:
                    response = getattr(client, method)(url)
                yield f"{method.upper()} {url}", response, [query["sql"] for query in queries]

    return ask


def test_nobody_gets_in_without_signing_in(asked):
    behind = [page for page in PAGES if page.permissions is not None]
    wrong = []
    for what, response, queries in asked(None, behind):
        led = response.status_code == 302 and response["Location"].startswith(reverse("sign-in"))
        if not led or queries:
            wrong.append(f"{what}: {response.status_code}, {len(queries)} queries")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("group", GROUPS)
def test_without_the_permission_403_on_a_plain_page_before_anything_is_looked_up(asked, group):
    refused = [page for page in PAGES if set(page.permissions or ()) - set(GROUPS[group])]
    wrong = []
    # Refused before anything is looked up: each way once, whichever id it is asked for.
    for what, response, queries in asked(group, refused, every=False):
        looked_up = [sql for sql in queries if not any(table in sql for table in WHO_ASKS)]
        if response.status_code != 403 or "<h1" not in response.text or looked_up:
            wrong.append(f"{what}: {response.status_code} {looked_up[:1]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("group", GROUPS)
def test_with_the_permission_a_page_or_404_and_never_a_fault(asked, group):
    served = [
        page
        for page in PAGES
        if page.permissions is not None
        and not set(page.permissions) - set(GROUPS[group])
        and page.name != "sign-out"
    ]
    wrong = [
        f"{what}: {response.status_code}"
        for what, response, _ in asked(group, served)
        if response.status_code not in (200, 204, 302, 400, 404, 405)
        or (str(MISSING) in what and response.status_code == 200)
    ]
    assert not wrong, "\n".join(wrong)
