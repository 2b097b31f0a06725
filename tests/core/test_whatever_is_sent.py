"""Whatever is sent to whichever address or form: it is taken, refused or not found, and never a
fault.

Every address of the URL conf and every form that a page asks is walked, with no list of them: what
an address reads is seen from what it asks of the query and the form. The short walk sends a fixed
corpus; the deep one (`script/test deep`) draws from properties.
"""

import json
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from django.apps import apps
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audits.models import Visit, VisitStatus
from documents import dates
from govuk.fields import GovDateField
from tests.core.conftest import Council, undone
from tests.core.form_cases import DECIDES, FIXED
from tests.core.form_pages import MOMENT, NOT_OPENED, Asked, forms_in
from tests.core.form_turns import WALKED, pages_of
from tests.core.form_walk import ROUNDS, answers_to, variants, written
from tests.core.hostile import (
    ANYTHING,
    BODIES,
    HTMX_HEADERS,
    JSON_BODIES,
    NO_DAYS,
    ODD_TEXTS,
    PROFILES,
    RUBBISH_HEADERS,
    drawn,
)
from tests.core.test_url_policy import PAGES, Page

pytestmark = pytest.mark.xdist_group("forms")

SOME = 2  # addresses of one pattern that are walked
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


@contextmanager
def asked_names() -> Iterator[dict[str, None]]:
    """The names that are asked of a query or of a form meanwhile, in their order."""
    names: dict[str, None] = {}
    with pytest.MonkeyPatch.context() as patch:
        for method in ("get", "getlist", "__getitem__", "__contains__"):
            plain = getattr(QueryDict, method)

            def asked(self: Any, key: Any, *more: Any, plain: Any = plain, **named: Any) -> Any:
                if isinstance(key, str):
                    names[key] = None
                return plain(self, key, *more, **named)

            patch.setattr(QueryDict, method, asked)
        yield names


def names_of(client: Client, url: str) -> list[str]:
    """What an address reads of its query: what it asks for, and the questions of its form."""
    with asked_names() as names:
        answer = never_a_fault(client, "get", url)
    # A form that is asked by the address alone asks nothing of an empty one.
    for form in forms_in(answer):
        if form.form_method == "get":
            names.update(dict.fromkeys(form.fields))
    parts = re.compile(r".*-(day|month|year|time)")
    return [name for name in names if not parts.fullmatch(name)]


def addresses_of(page: Page, council: Council) -> list[str]:
    """Some that links lead to, and otherwise one made up; of words all, since each is a page of its
    own (a figure, a list of the council's).
    """
    found = list(
        dict.fromkeys(urlsplit(url).path for url in council.crawled.addresses.get(page.name, ()))
    )
    by_word = [kind for _, kind in page.converters if kind in ("str", "slug")]
    return (found if by_word else found[:SOME]) or [page.url(1)]


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


@pytest.mark.parametrize("name", sorted(WALKED_PAGES))
def test_no_address_is_at_fault(name: str, council_of_forms: Council):
    page = WALKED_PAGES[name]
    client, by_htmx = client_like(council_of_forms), client_like(council_of_forms, **HTMX_HEADERS)
    for url in broken_addresses(page):
        never_a_fault(client, "get", url)
    for number, url in enumerate(addresses_of(page, council_of_forms)):
        names = names_of(client, url) if name not in NOT_OPENED else []
        values = QUERY_VALUES if number == 0 else QUERY_VALUES[number % 4 :: 4]
        for value in values if names else ():
            never_a_fault(client, "get", f"{url}?{urlencode(dict.fromkeys(names, value))}")
        if number < SOME:
            never_a_fault(by_htmx, "get", url)
            with asked_names() as fields:
                never_a_fault(client, "post", url)
            for values in (NO_DAYS, ANYTHING[::-1]):
                body = {field: values[at % len(values)] for at, field in enumerate(fields)}
                never_a_fault(client, "post", url, body)


@pytest.mark.parametrize(
    "name", sorted(name for name, page in WALKED_PAGES.items() if page.permissions is None)
)
def test_no_address_that_is_open_to_everyone_is_at_fault(name: str, council_of_forms: Council):
    client, url = Client(headers=RUBBISH_HEADERS), WALKED_PAGES[name].url(1)
    with asked_names() as fields:
        never_a_fault(client, "get", url)
        never_a_fault(client, "post", url)
    for value in ANYTHING:
        body = dict.fromkeys(fields, value)
        never_a_fault(client, "get", f"{url}?{urlencode(body)}")
        never_a_fault(client, "post", url, body)


def test_a_method_that_no_page_knows_is_no_fault(council_of_forms: Council):
    client = client_like(council_of_forms)
    for method in ("put", "delete", "options", "patch"):
        for page in WALKED_PAGES.values():
            if page.name not in NOT_OPENED and not page.converters:
                never_a_fault(
                    client, method, page.url(1), content_type="text/plain; charset=utf-16"
                )


@contextmanager
def taken(
    client: Client, asked: Asked, fixed: Mapping[str, Any], hostile: Mapping[str, Any]
) -> Iterator[Any]:
    """The answer to a form with these values; what is refused gives way to an ordinary one.

    A fault is raised as it is. What was written can be looked at until the end.
    """
    form, attempts, kept = asked.form, dict[str, int](), dict(hostile)
    with transaction.atomic():
        for _ in range(ROUNDS):
            answers = answers_to(form, fixed, attempts, False)
            posted = {form.add_prefix(name): answer.posted for name, answer in answers.items()}
            posted |= {form.add_prefix(name): value for name, value in kept.items()}
            for file in posted.values():
                if hasattr(file, "seek"):
                    file.seek(0)
            sent = {name: value for name, value in posted.items() if value is not None}
            response = client.post(asked.url, sent)
            assert response.status_code < 500
            bound = [one for one in forms_in(response) if type(one) is type(form) and one.is_bound]
            if response.status_code != 200 or not bound:
                break
            form = bound[0]
            refused = [name for name in form.errors if name in form.fields]
            for name in refused:
                if name in kept:
                    del kept[name]
                else:
                    attempts[name] = attempts.get(name, 0) + 1
            if not refused:
                if not kept:
                    break
                kept.clear()
            form.is_bound = False
        yield response
        transaction.set_rollback(True)


def read_back() -> None:
    """Every row that this transaction wrote, by the models, with its words."""
    models = {model._meta.db_table: model for model in apps.get_models()}
    for table, _, row in written():
        if model := models.get(table):
            str(model._base_manager.get(pk=row[model._meta.pk.column]))


def answered_to_the_end(
    client: Client, asked: Asked, fixed: Mapping[str, Any], hostile: Mapping[str, Any]
) -> bool:
    """Whether the form was taken; then all that it wrote was read, and where it led was opened."""
    try:
        with taken(client, asked, fixed, hostile) as response:
            if response.status_code not in (302, 303):
                return False
            read_back()
            page = client.get(response["Location"])
            assert page.status_code < 500
    except Exception as fault:
        said = {name: str(value)[:80] for name, value in hostile.items()}
        raise AssertionError(f"{asked.url} {said}") from fault
    return True


@pytest.mark.parametrize("form", WALKED)
def test_no_form_is_at_fault(form: str, council_of_forms: Council):
    with undone():
        pages, turn = pages_of(form, council_of_forms.crawled.forms, council_of_forms.clients)
        page = pages[0]
        ways = variants(page.form, tuple(DECIDES.get(form, {})))
        for number, (name, profile) in enumerate(PROFILES.items()):
            way = ways[number % len(ways)]
            fields = {
                field: asked
                for field, asked in page.form.fields.items()
                if field not in way and (name == "refused" or not asked.widget.is_hidden)
            }
            fixed = {**FIXED.get(form, {}), **way}
            answered_to_the_end(turn[0], page, fixed, profile(fields))


@pytest.mark.parametrize("form", WALKED)
def test_a_year_that_nobody_meant_is_refused_by_its_field_and_shown_again(
    form: str, council_of_forms: Council
):
    with undone():
        pages, turn = pages_of(form, council_of_forms.crawled.forms, council_of_forms.clients)
        days = [
            name for name, field in pages[0].form.fields.items() if isinstance(field, GovDateField)
        ]
        for year in ("0026", "0202", "9999"):
            if not days:
                return
            sent = {
                f"{pages[0].form.add_prefix(name)}-{part}": value
                for name in days
                for part, value in {
                    "day": "7",
                    "month": "May",
                    "year": year,
                    "time": "9:15",
                }.items()
            }
            response = turn[0].post(pages[0].url, sent)
            assert response.status_code == 200
            bound = [one for one in forms_in(response) if type(one) is type(pages[0].form)]
            for name in days:
                assert [error.code for error in bound[0].errors.as_data()[name]] == ["implausible"]
            assert response.text.count(f'value="{year}"') >= len(days)


def test_every_day_that_a_form_asks_for_says_which_days_are_plausible(council_of_forms: Council):
    silent = {
        f"{name}.{field}"
        for name, pages in council_of_forms.crawled.forms.items()
        for field, asked in pages[0].form.fields.items()
        # Figures and lists are asked for a day in the address.
        if pages[0].form.form_method == "post"
        and isinstance(asked, GovDateField)
        and asked.within is dates.ASKED
    }
    assert silent == set()


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


# -- the deep walk -----------------------------------------------------------------------------

deep = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.deep
@pytest.mark.parametrize("form", WALKED)
def test_no_drawn_answer_to_a_form_is_a_fault(form: str, council_of_forms: Council):
    with undone():
        pages, turn = pages_of(form, council_of_forms.crawled.forms, council_of_forms.clients)
        page = pages[0]
        ways = variants(page.form, tuple(DECIDES.get(form, {})))

        @deep
        @given(st.data())
        def walk(data: st.DataObject) -> None:
            way = data.draw(st.sampled_from(ways))
            names = (
                data.draw(st.sets(st.sampled_from(sorted(page.form.fields))))
                if page.form.fields
                else ()
            )
            hostile = {name: data.draw(drawn(page.form.fields[name])) for name in sorted(names)}
            answered_to_the_end(turn[0], page, {**FIXED.get(form, {}), **way}, hostile)

        walk()


@pytest.mark.deep
@pytest.mark.parametrize("name", sorted(set(WALKED_PAGES) - set(NOT_OPENED)))
def test_no_drawn_query_or_body_is_a_fault(name: str, council_of_forms: Council):
    page, client = WALKED_PAGES[name], client_like(council_of_forms)
    urls = addresses_of(page, council_of_forms)
    names = sorted({asked for url in urls[:SOME] for asked in names_of(client, url)})
    values = st.sampled_from([*ANYTHING, *QUERY_VALUES]) | st.text() | st.dates().map(str)

    @deep
    @given(
        st.sampled_from(urls),
        st.dictionaries(st.sampled_from(names) if names else st.text(max_size=9), values),
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
        "item": st.sampled_from(["begin", "answer", "note", "feedback", "file", "risk"]),
        "id": st.uuids().map(str),
        "question": st.sampled_from([*questions, None, 0, 2**31, -1]),
        "value": st.sampled_from(["good", "yes", "12", "1e19", *NO_DAYS, *ODD_TEXTS]),
        "not_applicable": st.booleans(),
        "sources": st.just({}) | st.dictionaries(st.sampled_from(["seen", "records"]), st.text()),
        "seen": st.integers(0, 3),
        "made_at": moments,
        "visited_on": st.dates().map(str),
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

    @settings(deep, max_examples=400)
    @given(device_items(questions[:20]).map(json.dumps) | JSON_BODIES)
    def walk(body: str) -> None:
        with undone():
            assert send(client, visit.pk, body).status_code in (200, 400, 409, 422)
            for url in ("audits:offline-bundle", "audits:view-visit"):
                assert client.get(reverse(url, args=[visit.pk])).status_code == 200

    walk()
