"""Every form of the product is answered with values of its own, and each is found in what the
answer has written.

A form that is added is walked when a page asks it that links lead to; `form_cases` tells the rest.
Whoever adds a field to a form and stores its answer nowhere meets a test here that names the form
and the field.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from django import forms
from django.test import Client

from concerns.forms import LogForm
from concerns.views import concerns as concerns_views
from tests.core.conftest import Council, undone
from tests.core.form_cases import (
    BASES,
    BEFORE,
    DECIDES,
    FIXED,
    KEYED,
    LEFT_OUT,
    NOT_STORED,
    RECORDED,
    SEEN,
    STORED_AS,
    WRITTEN_AS,
)
from tests.core.form_pages import Asked
from tests.core.form_turns import FORMS, WALKED, Found, answered, pages_of
from tests.core.form_walk import Walk, effects, is_hidden, places, submit, variants

RECORD = "core_event."


@pytest.fixture
def council(council_of_forms: Council) -> tuple[Found, list[Client]]:
    """The forms that can be answered, and two people who may do everything."""
    return council_of_forms.crawled.forms, council_of_forms.clients


def walks_of(form: str, found: Found, clients: Sequence[Client]) -> list[Walk]:
    """One answer for each variant of the form, and where it takes it a second with other values."""
    pages, turn = pages_of(form, found, clients)
    assert pages, f"No page was found that asks {form}: tell form_cases.BEFORE how it comes about."
    walks = []
    for variant in variants(pages[0].form, tuple(DECIDES.get(form, {}))):
        with undone():
            walks.append(answered(turn, form, pages, variant))
        with undone():
            again = submit(turn[0], walks[-1].asked, {**FIXED.get(form, {}), **variant}, again=True)
            walks += [] if again.problems else [again]
    return walks


def lost_in(form: str, found: Found, clients: Sequence[Client]) -> list[str]:
    """The fields whose answer stands nowhere in what was written, and those of which it cannot be
    seen what they decide.
    """
    walks = walks_of(form, found, clients)
    faults = [
        why
        for name in dict.fromkeys(name for walk in walks for name in walk.answers)
        if (why := fault_of(form, name, [walk for walk in walks if name in walk.answers]))
    ]
    listed = {
        name
        for table in (DECIDES, STORED_AS, WRITTEN_AS, NOT_STORED, RECORDED, FIXED)
        for name in table.get(form, {})
    }
    gone = listed - {name for walk in walks for name in walk.answers}
    return faults + [
        f"{name} is no field of it: take it out of form_cases" for name in sorted(gone)
    ]


def fault_of(form: str, name: str, walks: Sequence[Walk]) -> str:
    """What is wrong with a field; nothing when its answer is found, or decides, or needs not be
    stored.
    """
    if name in NOT_STORED.get(form, {}) or name.rpartition("-")[2] == SEEN:
        return ""
    if name in DECIDES.get(form, {}):
        by_answer: dict[str, list[str]] = {}
        for walk in walks:
            by_answer.setdefault(str(walk.answers[name].value), effects(walk))
        same = len({str(done) for done in by_answer.values()}) < len(by_answer)
        return (
            f"{name} decides nothing that can be seen: {by_answer}"
            if same or len(by_answer) < 2
            else ""
        )
    column, written = (table.get(form, {}).get(name, "") for table in (STORED_AS, WRITTEN_AS))
    walks = [walk for walk in walks if not is_hidden(walk, name)] or walks
    tried, stored, recorded = set(), set(), set()
    for walk in walks:
        value, where = str(walk.answers[name].value), places(walk, name, column, written)
        tried.add(value)
        recorded |= {value} if where else set()
        stored |= {value} if any(not place.startswith(RECORD) for place in where) else set()
    # What words say stands nowhere else; of a choice or a flag one value may have stood there
    # before.
    wanted = 1 if walks[0].answers[name].kind in ("text", "file", "kept") else min(2, len(tried))
    if len(stored) >= wanted or (name in RECORDED.get(form, {}) and len(recorded) >= wanted):
        return ""
    tables = sorted({table for walk in walks for table, _ in walk.rows})
    only_event = "; the record of events alone tells it" if recorded - stored else ""
    return (
        f"{name} is lost: {sorted(tried - stored)} stands nowhere in"
        f" {', '.join(tables)}{only_event}"
    )


@pytest.mark.parametrize("form", WALKED)
def test_each_answer_is_stored_or_decides(form: str, council: tuple[Found, list[Client]]) -> None:
    found, clients = council
    with undone():
        assert not lost_in(form, found, clients)


def test_the_tables_of_the_walk_name_forms_that_there_are() -> None:
    for table in (
        LEFT_OUT,
        FIXED,
        DECIDES,
        STORED_AS,
        WRITTEN_AS,
        NOT_STORED,
        RECORDED,
        KEYED,
        BEFORE,
    ):
        assert not table.keys() - FORMS.keys()
    assert not BASES - FORMS.keys()


class AskingMore(LogForm):
    """A field that somebody added to the form alone."""

    weather = forms.CharField(label="What was the weather like?")


class AskingForNothing(AskingMore):
    """The same, with its answer thrown away."""

    not_in_input: ClassVar[Sequence[str]] = (*LogForm.not_in_input, "weather")


def _walk_with(kind: type[LogForm], council: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found, clients = council
    monkeypatch.setattr(concerns_views, "LogForm", kind)
    page = found["concerns.LogForm"][0]
    with undone():
        return lost_in("concerns.LogForm", {"concerns.LogForm": [Asked(page.url, kind())]}, clients)


def test_a_field_that_only_the_form_has_is_noticed(
    council: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TypeError, match="weather"):
        _walk_with(AskingMore, council, monkeypatch)


def test_a_field_whose_answer_is_thrown_away_is_noticed(
    council: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = _walk_with(AskingForNothing, council, monkeypatch)
    assert len(faults) == 1
    assert faults[0].startswith("weather is lost")
