"""The letters of formal steps: their facts are frozen when they are asked for."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core import events, locking
from core.jobs import names, queue
from core.models import User
from core.workflow import requires
from formal_steps import letters
from formal_steps.models import FormalStep, StepLetter, StepReviewRequest
from formal_steps.permissions import RECORD
from formal_steps.workflow import FORMAL_STEP


@requires(FORMAL_STEP["write-letter"])
@transaction.atomic
def write_letter(step_id: int, *, by: User, now: datetime) -> StepLetter:
    """Freeze what the letter of a formal step in force says, and have it made.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`.
    """
    # Held and read anew: it may have been closed, or given more time, since the page was shown.
    step = locking.lock(FormalStep, step_id, "service__provider", "contract")
    FORMAL_STEP.check(step, "write-letter", by=by, now=now)
    return freeze_step_letter(step, by=by, now=now)


@requires(RECORD, automatic=True)
def freeze_step_letter(step: FormalStep, *, by: User | None, now: datetime) -> StepLetter:
    """The letter of a formal step, as the record stands now; `by` None: with its decision.

    Raises `NotAllowed`: `permission-missing`.
    """
    # The facts are taken inside the transaction of the decision, so that the letter says what was
    # decided and nothing that came after it.
    return _freeze(step, letters.facts_for_step(step, now), by=by, now=now)


@requires()
def freeze_review_letter(request: StepReviewRequest, *, by: User, now: datetime) -> StepLetter:
    """The letter of a review's answer, by its reviewer, whatever rights they hold.

    Raises `NotAllowed`: `permission-missing`.
    """
    facts = letters.facts_for_review(
        request, about="formal step", scope=str(request.step.service), now=now
    )
    return _freeze(request.step, facts, by=by, now=now)


def _freeze(
    step: FormalStep, facts: dict[str, Any], *, by: User | None, now: datetime
) -> StepLetter:
    # What the letter says is kept with it: what is recorded later does not change what was sent.
    letter = StepLetter.objects.create(
        step=step,
        kind=facts["kind"],
        title=letters.title_of(facts),
        facts=facts,
        asked_by=by,
        asked_at=now,
    )
    events.record(
        "letter.written", by=by, about=step, after={"letter": letter.pk, "kind": letter.kind}
    )
    # A row of the same transaction: printing takes seconds, and a decision does not wait for it.
    queue.add(names.MAKE_STEP_LETTER, letter.pk, about=step)
    return letter
