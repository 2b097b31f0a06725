"""Whatever is sent to whichever address: it is taken, refused or not found, and never a fault.

Every address of the URL conf is walked, with no list of them: what it reads is seen from what it
asks of the query, and from the questions of its forms. The short walk sends a piece of a fixed
corpus to each; the deep one (`script/test deep`) all of it, and draws from properties.
"""

import json
import re
import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audits.actions import offline
from audits.models import LateKind, Visit, VisitStatus
from documents import dates
from tests.core.conftest import Council, undone
from tests.core.form_pages import MOMENT, NOT_OPENED, Reads, asked_names
from tests.core.hostile import (
    ANYTHING,
    BODIES,
    HTMX_HEADERS,
    JSON_BODIES,
    NO_DAYS,
    ODD_TEXTS,
    RUBBISH_HEADERS,
)
from tests.core.test_url_policy import PAGES, Page

DEEP = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
DAYS_ASKED = [
    dates.ASKED.first(MOMENT.date()).isoformat(),
    dates.ASKED.last(MOMENT.date()).isoformat(),
]
# What every name of a query is given in turn: two that are taken, and what no entrance takes.
QUERY_VALUES = [
    *DAYS_ASKED,
    "9999-12-31",
    "0001-01-01",
    "9" * 4_500,
    ODD_TEXTS[0] + "\0",
    "x" * 9_000,
]
PIECES = [
    "0",
    "2147483648",
    "9" * 30,
    "9" * 4_500,
    "%00",
    "a%00b",
    "%0A",
    quote(ODD_TEXTS[0], safe=""),
]


def client_like(council: Council, **headers: str) -> Client:
    """Another browser of the same person, that sends rubbish with what it asks."""
    client = Client(headers=RUBBISH_HEADERS | headers)
    for name, morsel in council.clients[0].cookies.items():
        client.cookies[name] = morsel.value
    client.cookies["odd"] = "\xff[]"
    return client


def never_a_fault(client: Client, method: str, url: str, data: Any = None, **more: Any) -> Any:
    """The answer, read to its end and undone; fails where it is a fault of the server's."""
    with undone():
        try:
            answer = getattr(client, method)(url, data, **more)
            if answer.streaming:
                b"".join(answer.streaming_content)
        except Exception as fault:
            raise AssertionError(f"{method.upper()} {url[:300]} {str(data)[:300]}") from fault
    assert answer.status_code < 500, (method, url[:300], answer.status_code)
    return answer


def reads_of(name: str, url: str, client: Client, council: Council) -> Reads:
    """What an address reads, as the crawl saw it; where no link leads to it, it is opened."""
    if name in council.crawled.reads:
        return council.crawled.reads[name]
    with asked_names() as names:
        answer = never_a_fault(client, "get", url)
    return Reads.of(names, answer)


def addresses_of(page: Page, council: Council) -> list[str]:
    """One that links lead to, and otherwise one made up; of words all, since each is a page of its
    own (a figure, a list of the council's).
    """
    links = council.crawled.addresses.get(page.name, ())
    found = list(dict.fromkeys(urlsplit(url).path for url in links))
    if page.name in NOT_OPENED:
        return []
    return (found if is_by_word(page) else found[:1]) or [page.url(1)]


def is_by_word(page: Page) -> bool:
    """Whether a piece of the address is any text, which a record or a page is looked up by."""
    return any(kind in ("str", "slug", "path") for _, kind in page.converters)


def broken_addresses(page: Page) -> list[str]:
    """The address with a piece in it that names nothing."""
    if not page.converters:
        return []
    kinds = dict(page.converters)
    marks = {"int": 987654321, "uuid": uuid.UUID(int=987654321)}
    url = reverse(
        page.name, kwargs={name: marks.get(kind, "marked") for name, kind in kinds.items()}
    )
    mark = re.compile("987654321|marked|00000000-0000-0000-0000-00003ade68b1")
    return [mark.sub(lambda _, piece=piece: piece, url) for piece in PIECES]


WALKED_PAGES = {page.name: page for page in PAGES if page.name != "sign-out"}


NAMES = sorted(WALKED_PAGES)


def turns(values: Sequence[Any], first: int, count: int) -> list[Any]:
    """So many of the values, beginning with another for each page."""
    return [values[(first + step) % len(values)] for step in range(min(count, len(values)))]


@pytest.mark.parametrize("name", NAMES)
def test_no_address_is_at_fault(name: str, council_of_forms: Council):
    page, at = WALKED_PAGES[name], NAMES.index(name)
    client, by_htmx = client_like(council_of_forms), client_like(council_of_forms, **HTMX_HEADERS)
    broken, urls = broken_addresses(page), addresses_of(page, council_of_forms)
    for url in broken if is_by_word(page) else turns(broken, at, 1):
        never_a_fault(client, "get", url)
    for number, url in enumerate(urls):
        reads = reads_of(name, url, client, council_of_forms)
        # What one page asks of its query, all of its pattern may.
        several = 2 if len(urls) == 1 else 1
        for value in turns(QUERY_VALUES, at + number, several) if reads.query else ():
            query = urlencode(dict.fromkeys(sorted(reads.query), value))
            never_a_fault(by_htmx, "get", f"{url}?{query}")
        if number == 0:
            with asked_names() as sent:
                never_a_fault(client, "post", url, by_turns(reads.form, at))
            # A button's name, or what a device sends, is asked of the form and shown in none.
            if more := sent - reads.form - reads.query:
                never_a_fault(client, "post", url, by_turns(more, at))


def by_turns(names: set[str], first: int) -> dict[str, Any]:
    """A form with another of the values in each of its fields."""
    return dict(zip(sorted(names), turns(ANYTHING, first, len(names)), strict=False))


@pytest.mark.parametrize(
    "name", sorted(name for name, page in WALKED_PAGES.items() if page.permissions is None)
)
def test_no_address_that_is_open_to_everyone_is_at_fault(name: str, council_of_forms: Council):
    client, url = Client(headers=RUBBISH_HEADERS), WALKED_PAGES[name].url(1)
    with asked_names() as fields:
        never_a_fault(client, "get", url)
        never_a_fault(client, "post", url)
    for value in ANYTHING[::5]:
        body = dict.fromkeys(fields, value)
        never_a_fault(client, "get", f"{url}?{urlencode(body)}")
        never_a_fault(client, "post", url, body)


def a_visit(status: str) -> int:
    visit = Visit.objects.filter(status=status).order_by("pk").first()
    assert visit
    return visit.pk


def send(client: Client, visit: int, body: str, key: str = "") -> Any:
    person = client.session["_auth_user_id"]
    sent = {"key": key or str(uuid.uuid4()), "person": person, "body": body}
    return client.post(reverse("audits:receive-offline", args=[visit]), sent)


@pytest.mark.parametrize("status", [VisitStatus.IN_PROGRESS, VisitStatus.PLANNED])
def test_nothing_that_a_device_sends_is_a_fault(status: str, council_of_forms: Council):
    client = client_like(council_of_forms)
    for body in BODIES:
        with undone():
            visit = a_visit(status)
            assert send(client, visit, body).status_code in (200, 400, 409, 422), body[:80]
            assert client.get(reverse("audits:offline-bundle", args=[visit])).status_code == 200


@pytest.mark.deep
@pytest.mark.parametrize("name", NAMES)
def test_no_address_is_at_fault_with_anything(name: str, council_of_forms: Council):
    page, client = WALKED_PAGES[name], client_like(council_of_forms)
    for url in broken_addresses(page):
        never_a_fault(client, "get", url)
    for url in addresses_of(page, council_of_forms):
        reads = reads_of(name, url, client, council_of_forms)
        for value in QUERY_VALUES if reads.query else ():
            query = urlencode(dict.fromkeys(sorted(reads.query), value))
            never_a_fault(client, "get", f"{url}?{query}")
        with asked_names() as sent:
            never_a_fault(client, "post", url, dict.fromkeys(reads.form, "1"))
        for first in range(0, len(ANYTHING), 5):
            never_a_fault(client, "post", url, by_turns(reads.form | sent, first))
        for method in ("put", "delete", "options", "patch"):
            never_a_fault(client, method, url, content_type="text/plain; charset=utf-16")


@pytest.mark.deep
@pytest.mark.parametrize("name", sorted(set(NAMES) - set(NOT_OPENED)))
def test_no_drawn_query_or_body_is_a_fault(name: str, council_of_forms: Council):
    page, client = WALKED_PAGES[name], client_like(council_of_forms)
    urls = addresses_of(page, council_of_forms)
    reads = reads_of(name, urls[0], client, council_of_forms)
    names = sorted(reads.query | reads.form) or ["typed"]
    values = st.sampled_from([*ANYTHING, *QUERY_VALUES]) | st.text() | st.dates().map(str)

    @DEEP
    @given(
        st.sampled_from(urls),
        st.dictionaries(st.sampled_from(names), values),
        st.sampled_from(["get", "post"]),
    )
    def walk(url: str, sent: dict[str, str], method: str) -> None:
        query = urlencode({key: value.encode("utf-8", "replace") for key, value in sent.items()})
        never_a_fault(client, method, f"{url}?{query}", sent if method == "post" else None)

    walk()


def device_items(questions: Sequence[int]) -> st.SearchStrategy[dict[str, Any]]:
    """What a working page sends, with one or two things that do not belong there."""
    moments = st.datetimes().map(lambda at: f"{at.isoformat()}+14:00") | st.sampled_from(
        ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1970-01-01T00:00:00Z"]
    )
    own = {
        "item": st.sampled_from(sorted(offline.TAKERS)),
        "id": st.uuids().map(str),
        "question": st.sampled_from([*questions, None, 0, 2**31, -1]),
        "value": st.sampled_from(["good", "yes", "12", "1e19", *NO_DAYS, *ODD_TEXTS]),
        "not_applicable": st.booleans(),
        "sources": st.just({}) | st.dictionaries(st.sampled_from(["seen", "records"]), st.text()),
        "seen": st.integers(0, 3),
        "made_at": moments,
        "visited_on": st.dates().map(str),
        "kind": st.sampled_from([*LateKind.values, "", "score"]),
        **dict.fromkeys(
            [
                "text",
                "note",
                "what",
                "done",
                "good",
                "change_now",
                "next_steps",
                "given_to",
                "name",
                "caption",
                "about",
                "reason",
            ],
            st.text(max_size=60) | st.sampled_from(ODD_TEXTS),
        ),
    }
    wrong = (
        st.none() | st.integers() | st.lists(st.integers(), max_size=2) | st.sampled_from(ANYTHING)
    )
    return st.fixed_dictionaries(own).flatmap(
        lambda item: st.dictionaries(st.sampled_from(sorted(own)), wrong, max_size=2).map(
            lambda odd: item | odd
        )
    )


@pytest.mark.deep
@pytest.mark.parametrize("status", [VisitStatus.IN_PROGRESS, VisitStatus.PLANNED])
def test_no_drawn_item_of_a_device_is_a_fault_or_makes_a_visit_unreadable(
    status: str, council_of_forms: Council
):
    client = client_like(council_of_forms)
    with undone():
        visit = Visit.objects.get(pk=a_visit(status))
        questions = (
            list(visit.template.sections.values_list("standards__questions", flat=True))
            if visit.template
            else []
        )

    @settings(DEEP, max_examples=400)
    @given(device_items(questions[:20]).map(json.dumps) | JSON_BODIES)
    def walk(body: str) -> None:
        with undone():
            assert send(client, visit.pk, body).status_code in (200, 400, 409, 422)
            for url in ("audits:offline-bundle", "audits:view-visit"):
                assert client.get(reverse(url, args=[visit.pk])).status_code == 200

    walk()
