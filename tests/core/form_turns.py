"""The pages that ask a form, after what must come before it, and one answer that a page takes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.test import Client

from tests.core.form_cases import BASES, BEFORE, FIXED, LEFT_OUT
from tests.core.form_pages import CLOCK, Asked, form_classes, page_after
from tests.core.form_walk import Walk, submit

FORMS = form_classes()
WALKED = [name for name in FORMS if name not in BASES and name not in LEFT_OUT]
Found = Mapping[str, Sequence[Asked]]


def answered(
    clients: Sequence[Client], form: str, asked: Sequence[Asked], fixed: Mapping[str, Any]
) -> Walk:
    """One answer to a form, at the first of its pages that takes it.

    Raises `AssertionError` when none does.
    """
    refused = []
    for page in asked:
        with transaction.atomic():
            walk = submit(clients[0], page, {**FIXED.get(form, {}), **fixed})
        if not walk.problems:
            return walk
        refused.append(f"{page.url} with {dict(fixed)}: {', '.join(walk.problems)}")
    raise AssertionError(f"{form} takes no answer: " + "; ".join(refused or ["no page asks it"]))


def pages_of(
    form: str, found: Found, clients: Sequence[Client]
) -> tuple[Sequence[Asked], Sequence[Client]]:
    """The pages that ask a form, after what must come before it; the people take turns, since a
    second must decide.
    """
    before = BEFORE.get(form)
    if before is None:
        return found.get(form, ()), clients
    turn = list(clients)
    with CLOCK.earlier():
        location = before.rows() if before.rows else ""
        for step in before.steps:
            pages = (
                _one(turn, location, step.form, step.pattern)
                if location
                else found.get(step.form, ())
            )
            location = answered(turn, step.form, pages, step.fixed).location
            turn.reverse()
    if before.same_person:
        turn.reverse()
    return _one(turn, location, form, before.pattern), turn


def _one(clients: Sequence[Client], location: str, form: str, pattern: str) -> list[Asked]:
    page = page_after(clients[0], location, form, pattern)
    return [page] if page else []
