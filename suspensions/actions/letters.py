"""Letters: asked for with their facts, made once by the worker, never changed."""

from datetime import datetime

from django.db import transaction

from core import events
from core.jobs import names, queue
from core.models import User
from core.workflow import requires
from documents.pdf import PdfError
from suspensions import letters
from suspensions.models import FormalStep, Letter, LetterKind, Party, ReviewRequest
from suspensions.rules import fairness, steps
from suspensions.workflow.formal_step import FORMAL_STEP
from suspensions.workflow.suspension import SUSPENSION

NOT_MADE = "The letter could not be made. Write it anew, or by hand"


@requires(SUSPENSION["write-letter"])
@transaction.atomic
def write_letter(party: Party, *, by: User, now: datetime) -> Letter:
    """Freeze what the letter to that party says, and have it made.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`.
    """
    SUSPENSION.check(party.suspension, "write-letter", by, now)
    return freeze_party_letter(party, by=by, now=now)


@requires(FORMAL_STEP["write-letter"])
@transaction.atomic
def write_step_letter(step: FormalStep, *, by: User, now: datetime) -> Letter:
    """Freeze what the letter of a formal step in force says, and have it made. Raises `NotAllowed` as the workflow does."""
    FORMAL_STEP.check(step, "write-letter", by=by, now=now)
    return freeze_step_letter(step, by=by, now=now)


@requires(steps.RECORD, automatic=True)
def freeze_party_letter(party: Party, *, by: User | None, now: datetime) -> Letter:
    """`by` None: with the message, by the system. Raises `NotAllowed`: `permission-missing`."""
    facts = letters.facts_for_party(party, now)
    letter = Letter.objects.create(
        suspension=party.suspension,
        party=party,
        kind=facts["kind"],
        title=letters.title_of(facts),
        facts=facts,
        asked_by=by,
        asked_at=now,
    )
    return _asked(letter, by)


@requires(steps.RECORD, automatic=True)
def freeze_step_letter(step: FormalStep, *, by: User | None, now: datetime) -> Letter:
    """`by` None: with the decision, by the system. Raises `NotAllowed`: `permission-missing`."""
    facts = letters.facts_for_step(step, now)
    letter = Letter.objects.create(
        step=step,
        kind=LetterKind.STEP,
        title=letters.title_of(facts),
        facts=facts,
        asked_by=by,
        asked_at=now,
    )
    return _asked(letter, by)


@requires()
def freeze_review_letter(request: ReviewRequest, *, by: User, now: datetime) -> Letter:
    """The letter of a review's answer, by its reviewer, whatever rights they hold. Raises `NotAllowed`: `permission-missing`."""
    facts = letters.facts_for_review(request, now)
    letter = Letter.objects.create(
        suspension=request.suspension,
        step=request.step,
        kind=LetterKind.REVIEW,
        title=letters.title_of(facts),
        facts=facts,
        asked_by=by,
        asked_at=now,
    )
    return _asked(letter, by)


def make_letter(letter_id: int, *, now: datetime) -> bool:
    """Make the file of a letter, once; says whether there is one. What cannot be printed is said on the page."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter_id)
        if letter.content is not None:
            return True
        try:
            content = letters.content_of(letter)
        except PdfError as error:
            letter.failed = str(error)
        else:
            letter.content, letter.sha256 = content, letters.seal(content)
            letter.made_at, letter.failed = now, ""
        letter.save()
        return letter.content is not None


def give_up_letter(letter_id: int) -> None:
    """The worker has given up: the page says so in place of "being made". Safe to run twice."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter_id)
        if letter.content is None and not letter.failed:
            letter.failed = NOT_MADE
            letter.save()


def _asked(letter: Letter, by: User | None) -> Letter:
    matter = fairness.matter_of(letter)
    events.record("letter.written", by=by, about=matter, after={"letter": letter.pk, "kind": letter.kind})
    queue.add(names.MAKE_LETTER, letter.pk, about=matter)
    return letter
