"""What was put to the provider about a suspension, and the reviews that it asked for: as of a
formal step.
"""

from datetime import datetime

from django.db import transaction

from core import locking
from core.models import User
from core.workflow import requires
from formal_steps.actions import representations
from formal_steps.actions.representations import (
    AnswerInput,
    AnswerReviewInput,
    AskReviewInput,
    ConsideredInput,
    RepresentationInput,
)
from formal_steps.actions.versions import new_version
from suspensions.actions.letters import freeze_review_letter
from suspensions.actions.record import lock
from suspensions.models import SuspensionRepresentation, SuspensionReviewRequest
from suspensions.rules import steps
from suspensions.rules.record import parts_of
from suspensions.workflow.suspension import SUSPENSION


@requires(SUSPENSION["put"])
@transaction.atomic
def put_to_provider(
    suspension_id: int, *, by: User, given: RepresentationInput, now: datetime
) -> SuspensionRepresentation:
    """Record what was put to the provider, from the proposal on. Too few days say why.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `in-future`, `answer-before-put`,
    `short-without-reason`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "put", by, now)
    row = SuspensionRepresentation(suspension=suspension)
    with new_version(suspension, parts_of, by=by, now=now):
        return representations.add_representation(row, by=by, given=given, now=now)


@requires(steps.RECORD)
@transaction.atomic
def record_answer(
    representation_id: int, *, by: User, given: AnswerInput, now: datetime
) -> SuspensionRepresentation:
    """Record what the provider answered, once, and how that was considered.

    Raises `NotAllowed`: `permission-missing`, `already-answered`, `in-future`, `before-put`.
    """
    row = _lock(representation_id)
    with new_version(row.suspension, parts_of, by=by, now=now):
        return representations.add_answer(row, by=by, given=given, now=now)


@requires(steps.RECORD)
@transaction.atomic
def consider_answer(
    representation_id: int, *, by: User, given: ConsideredInput, now: datetime
) -> SuspensionRepresentation:
    """Record how an answer was considered, once.

    Raises `NotAllowed`: `permission-missing`, `not-answered`, `already-considered`.
    """
    row = _lock(representation_id)
    with new_version(row.suspension, parts_of, by=by, now=now):
        return representations.add_consideration(row, by=by, given=given)


def _lock(representation_id: int) -> SuspensionRepresentation:
    # What it is about comes first, as everywhere: its record gets another version by this.
    rows = SuspensionRepresentation.objects.values_list("suspension_id", flat=True)
    suspension = lock(rows.get(pk=representation_id))
    row = locking.lock(SuspensionRepresentation, representation_id)
    row.suspension = suspension
    return row


@requires(SUSPENSION["ask-review"])
@transaction.atomic
def ask_review(
    suspension_id: int, *, by: User, given: AskReviewInput, now: datetime
) -> SuspensionReviewRequest:
    """Record that the provider asks someone uninvolved to look again; the clock runs from the day
    on which it asked.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `in-future`, `before-decision`,
    `cannot-review`, `had-a-part`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "ask-review", by, now)
    row = SuspensionReviewRequest(suspension=suspension)
    return representations.add_review_request(row, by=by, given=given, now=now, see=steps.SEE)


@requires()
@transaction.atomic
def answer_review(
    request_id: int, *, by: User, given: AnswerReviewInput, now: datetime
) -> SuspensionReviewRequest:
    """The reviewer says what they found; the provider's letter is written.

    Where the reviewer finds that it should end, nothing is lifted: two people decide that. Whoever
    was asked answers, whatever rights they hold.

    Raises `NotAllowed`: `permission-missing`, `already-answered`, `not-the-reviewer`,
    `had-a-part`.
    """
    request = locking.lock(SuspensionReviewRequest, request_id)
    representations.add_review_answer(request, by=by, given=given, now=now)
    freeze_review_letter(request, by=by, now=now)
    return request
