"""Whatever a form is answered with: it is taken and can be read back, or refused with what was
typed shown again, and never a fault.

Every form that a page asks is walked, with no list of them. The short walk answers each with the
outermost that its fields take and with what they refuse; the deep one (`script/test deep`) draws
from properties.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents import dates
from govuk.fields import GovDateField
from tests.core.conftest import Council, undone
from tests.core.form_cases import DECIDES, FIXED
from tests.core.form_pages import Asked, forms_in
from tests.core.form_turns import WALKED, pages_of
from tests.core.form_walk import ROUNDS, answers_to, variants
from tests.core.hostile import PROFILES, drawn

DEEP = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
YEARS = ("0001", "0026", "0202", "9999")


@dataclass
class Page:
    """A page that asks a form, who opens it, and the answers that lead to each of its variants."""

    asked: Asked
    client: Client
    ways: Sequence[Mapping[str, Any]]
    fixed: Mapping[str, Any]


@contextmanager
def page_of(form: str, council: Council) -> Iterator[Page]:
    """What is done within is undone."""
    with undone():
        pages, turn = pages_of(form, council.crawled.forms, council.clients)
        ways = variants(pages[0].form, tuple(DECIDES.get(form, {})))
        yield Page(pages[0], turn[0], ways, FIXED.get(form, {}))


@contextmanager
def answered(
    page: Page, way: Mapping[str, Any], hostile: Mapping[str, Any], rounds: int
) -> Iterator[Any]:
    """The answer to a form with these values, and the tables that were written; what is refused
    gives way to an ordinary answer, in so many rounds.

    A fault is raised as it is. What was written can be looked at until the end.
    """
    form, kept, refusals = page.asked.form, dict(hostile), dict[str, int]()
    writing = Writing()
    with undone(), connection.execute_wrapper(writing):
        for _ in range(rounds):
            plain = answers_to(form, {**page.fixed, **way}, refusals, False)
            posted = {form.add_prefix(name): answer.posted for name, answer in plain.items()}
            posted |= {form.add_prefix(name): value for name, value in kept.items()}
            for value in posted.values():
                if isinstance(value, SimpleUploadedFile):
                    value.seek(0)
            sent = {name: value for name, value in posted.items() if value is not None}
            response = page.client.post(page.asked.url, sent)
            bound = [one for one in forms_in(response) if type(one) is type(form) and one.is_bound]
            if response.status_code != 200 or not bound:
                break
            form = bound[0]
            refused = [name for name in form.errors if name in form.fields]
            for name in refused or list(kept):
                if name not in kept:
                    refusals[name] = refusals.get(name, 0) + 1
                kept.pop(name, None)
            form.is_bound = False
        yield response, writing.tables


class Writing:
    """The tables that are written meanwhile; a wrapper of the connection's statements."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: Any, *rest: Any) -> Any:
        if match := re.match(r'(?:INSERT INTO|UPDATE) "(\w+)"', str(sql)):
            self.tables.add(match[1])
        return execute(sql, *rest)


def read_back(tables: set[str]) -> None:
    """Every row of these that this transaction wrote, by the models, with its words."""
    models = {model._meta.db_table: model for model in apps.get_models()}
    for table in sorted(tables & models.keys()):
        key = connection.ops.quote_name(models[table]._meta.pk.column)
        mine = "xmin::text::bigint >= (pg_current_xact_id()::text::bigint & 4294967295)"
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {key} FROM "{table}" WHERE {mine}')
            written = [pk for (pk,) in cursor.fetchall()]
        for row in models[table]._base_manager.filter(pk__in=written):
            str(row)


def never_a_fault(
    page: Page, way: Mapping[str, Any], hostile: Mapping[str, Any], rounds: int = ROUNDS
) -> None:
    """Answer the form; where it is taken, read all that it wrote and open where it leads."""
    try:
        with answered(page, way, hostile, rounds) as (response, tables):
            assert response.status_code < 500
            if response.status_code in (302, 303):
                read_back(tables)
                assert page.client.get(response["Location"]).status_code < 500
    except Exception as fault:
        said = {name: str(value)[:80] for name, value in hostile.items()}
        raise AssertionError(f"{page.asked.url} {said}") from fault


@pytest.mark.parametrize("form", WALKED)
def test_no_form_is_at_fault(form: str, council_of_forms: Council):
    with page_of(form, council_of_forms) as page:
        fields = page.asked.form.fields
        shown = {name: field for name, field in fields.items() if not field.widget.is_hidden}
        way = page.ways[-1]
        latest = PROFILES["latest"](shown)
        never_a_fault(page, way, {key: latest[key] for key in latest.keys() - way.keys()})
        if fields:
            refuses_what_nobody_meant(page)


def refuses_what_nobody_meant(page: Page) -> None:
    """Each field refuses what it cannot take, a day by the box of its year; it is shown again as it
    was typed.
    """
    form = page.asked.form
    days = {name: each for name, each in form.fields.items() if isinstance(each, GovDateField)}
    for field in days.values():
        for year in YEARS:
            with pytest.raises(ValidationError) as refused:
                field.clean(f"{year}-05-07 09:15")
            assert refused.value.error_list[0].params == {"boxes": ["year"]}
    boxes = {"day": "7", "month": "May", "year": "0026", "time": "9:15"}
    sent = PROFILES["refused"](form.fields)
    for name in days:
        del sent[name]
        sent |= {f"{name}-{part}": text for part, text in boxes.items()}
    with undone():
        posted = {form.add_prefix(name): value for name, value in sent.items()}
        answer = page.client.post(page.asked.url, posted)
    assert answer.status_code < 500
    if days:
        shown = next(one for one in forms_in(answer) if type(one) is type(form))
        assert days.keys() <= shown.errors.keys()
        assert answer.text.count('value="0026"') >= len(days)


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


@pytest.mark.deep
@pytest.mark.parametrize("form", WALKED)
def test_no_drawn_answer_to_a_form_is_a_fault(form: str, council_of_forms: Council):
    with page_of(form, council_of_forms) as page:
        fields = page.asked.form.fields
        outermost = st.sampled_from(sorted(PROFILES)).map(lambda name: PROFILES[name](fields))

        @DEEP
        @given(st.data())
        def walk(data: st.DataObject) -> None:
            way, hostile = data.draw(st.sampled_from(page.ways)), data.draw(outermost)
            names = data.draw(st.sets(st.sampled_from(sorted(fields)))) if fields else ()
            hostile |= {name: data.draw(drawn(fields[name])) for name in sorted(names)}
            kept = {name: value for name, value in hostile.items() if name not in way}
            never_a_fault(page, way, kept)

        walk()
