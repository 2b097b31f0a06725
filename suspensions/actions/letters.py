"""Letters: asked for with their facts, made once by the worker, never changed."""

from datetime import datetime

from django.db import transaction

from carequality import events
from carequality.models import User
from carequality.pdf import PdfError
from core.jobs import names, queue
from suspensions import letters, rules
from suspensions.actions.record import refuse_if
from suspensions.models import FormalStep, Letter, LetterKind, Party, ReviewRequest


@transaction.atomic
def write_letter(party: Party, *, by: User | None, now: datetime) -> Letter:
    """Freeze what the letter to that party says, and have it made. `by` None: with the message, by the system."""
    if by is not None:
        refuse_if(rules.why_not_record(party.suspension, by))
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


@transaction.atomic
def write_step_letter(step: FormalStep, *, by: User, now: datetime) -> Letter:
    """Freeze what the letter of a formal step in force says, and have it made."""
    refuse_if(rules.why_not_record_formal(step, by))
    return freeze_step_letter(step, by=by, now=now)


def freeze_step_letter(step: FormalStep, *, by: User | None, now: datetime) -> Letter:
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


def freeze_review_letter(request: ReviewRequest, *, by: User, now: datetime) -> Letter:
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


def _asked(letter: Letter, by: User | None) -> Letter:
    matter = letter.suspension or letter.step
    assert matter is not None
    events.record("letter.written", by=by, about=matter, after={"letter": letter.pk, "kind": letter.kind})
    queue.add(names.MAKE_LETTER, letter.pk, about=matter)
    return letter
