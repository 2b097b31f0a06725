"""A visit's notes, files, feedback sheet, immediate risks, and what was shared with partners."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db import transaction

from audits.actions import words
from audits.actions.visits import locked
from audits.models import (
    Attachment,
    FeedbackSheet,
    ImmediateRisk,
    LooseNote,
    Question,
    Visit,
)
from audits.permissions import READ
from audits.rules import evidence
from audits.workflow.visit import VISIT
from concerns import actions as concerns
from concerns.models import Concern, ConcernKind, ConcernRisk
from concerns.models import ConcernSource as WhoSaidIt
from core import events
from core.models import User
from core.workflow import NotAllowed, requires
from documents import actions as documents
from documents.actions import FileInput, WithdrawInput

Row = TypeVar("Row", LooseNote, FeedbackSheet)


@dataclass(frozen=True)
class NoteInput:
    """A note as typed. `seen` is its version as shown, 0 for a new one."""

    text: str
    question_id: int | None
    seen: int


@dataclass(frozen=True, kw_only=True)
class AttachmentInput(FileInput):
    """A file as sent, with what is said of it."""

    question_id: int | None = None
    from_provider: bool = False


@dataclass(frozen=True, kw_only=True)
class FeedbackInput:
    """A feedback sheet as typed. `seen` is its version as shown, 0 for a new one."""

    good: str
    change_now: str
    next_steps: str
    given_to: str
    seen: int


@dataclass(frozen=True, kw_only=True)
class RiskInput:
    """`risk_id` is made with the page or on the device: sent twice, it is one concern."""

    risk_id: UUID
    what: str
    done: str


@dataclass(frozen=True, kw_only=True)
class SharingInput:
    """Who else came to a visit, and what the council and they shared."""

    who_came: str
    shared_before: str
    shared_after: str


@dataclass(frozen=True)
class Kept(Generic[Row]):
    """What stands now; `conflict` when somebody had changed it since it was seen, so that nothing
    was saved.
    """

    row: Row
    conflict: bool = False


@requires(VISIT["take-notes"], *READ)
@transaction.atomic
def save_note(
    visit_id: int, *, by: User, note_id: UUID, given: NoteInput, written_at: datetime, now: datetime
) -> Kept[LooseNote]:
    """Write a loose note, change it or file it under a question of the visit.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `nothing-said` or `another-visit`;
    `ValueError` for a question of another template.
    """
    visit = locked(visit_id)
    VISIT.check(visit, "take-notes", by, now)
    evidence.check_note(given.text)
    _check_asked(visit, given.question_id)
    note = LooseNote.objects.filter(pk=note_id).first()
    if note is None:
        # A device's clock may be ahead; nothing is dated after it arrived.
        note = LooseNote(pk=note_id, visit=visit, version=0, written_at=min(written_at, now))
    if note.visit_id != visit.pk:
        raise NotAllowed(
            "another-visit", "This note belongs to another visit. Open it from that visit."
        )
    # Asked before the version: what both have written alike is no conflict.
    if (note.text, note.question_id) == (given.text, given.question_id):
        return Kept(note)
    if note.version != given.seen:
        return Kept(note, conflict=True)
    words.keep_standing(note)
    note.text, note.question_id = given.text, given.question_id
    note.version += 1
    note.saved_at, note.saved_by = now, by
    note.save()
    words.keep(note, author=by, now=now)
    # That it was saved, never what it says: a note may speak of people.
    after = {"note": str(note.pk), "question": given.question_id}
    events.record("note.saved", by=by, about=visit, after=after)
    return Kept(note)


@requires(VISIT["attach"], *READ)
def attach(
    visit_id: int, *, by: User, attachment_id: UUID, given: AttachmentInput, now: datetime
) -> Attachment:
    """Add a photograph or a document. It is judged by what it holds; a photograph is drawn anew,
    without place or camera.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, or what `documents.actions.prepare`
    raises; `ValueError` for a question of another template.
    """
    # Before the visit is held: a colleague who saves an answer does not wait for a picture.
    prepared = documents.prepare(given.data, given.name)
    with transaction.atomic():
        visit = locked(visit_id)
        VISIT.check(visit, "attach", by, now)
        _check_asked(visit, given.question_id)
        file = documents.store(prepared, by=by, now=now)
        attachment = Attachment.objects.create(
            pk=attachment_id,
            visit=visit,
            question_id=given.question_id,
            file=file,
            caption=given.caption,
            from_provider=given.from_provider,
        )
        events.record(
            "attachment.added",
            by=by,
            about=visit,
            after={
                "attachment": str(attachment.pk),
                "kind": str(file.kind),
                "sha256": file.sha256,
            },
        )
    return attachment


@requires(VISIT["withdraw-attachment"], *READ)
@transaction.atomic
def withdraw_attachment(
    attachment_id: UUID, *, by: User, given: WithdrawInput, now: datetime
) -> Attachment:
    """Destroy what an attachment holds; that it was there, and why it is not, stays.

    Source: UK GDPR, article 17(1) (erasure): a photograph of somebody who did not agree may have
    been taken unlawfully. Whether it was is for whoever withdraws it to judge.

    Raises `NotAllowed`: `permission-missing`, `already-withdrawn` or `reason-missing`.
    """
    # Locked: of two who withdraw it at once, the second finds it withdrawn.
    attachment = (
        Attachment.objects.select_for_update(of=("self",))
        .select_related("visit")
        .get(pk=attachment_id)
    )
    VISIT.check(attachment.visit, "withdraw-attachment", by, now)
    documents.withdraw(attachment, by=by, given=given, now=now)
    events.record(
        "attachment.withdrawn",
        by=by,
        about=attachment.visit,
        after={"attachment": str(attachment.pk)},
    )
    return attachment


@requires(VISIT["give-feedback"], *READ)
@transaction.atomic
def save_feedback(
    visit_id: int, *, by: User, given: FeedbackInput, now: datetime
) -> Kept[FeedbackSheet]:
    """Write the visit's feedback sheet or change it.

    Raises `NotAllowed`: `permission-missing` or `wrong-state`.
    """
    visit = locked(visit_id)
    VISIT.check(visit, "give-feedback", by, now)
    sheet = FeedbackSheet.objects.filter(visit=visit).first() or FeedbackSheet(
        visit=visit, version=0
    )
    texts = asdict(given)
    seen = texts.pop("seen")
    if sheet.version and texts == {name: getattr(sheet, name) for name in texts}:
        return Kept(sheet)
    if sheet.version != seen:
        return Kept(sheet, conflict=True)
    words.keep_standing(sheet)
    for name, text in texts.items():
        setattr(sheet, name, text)
    sheet.version += 1
    sheet.saved_at, sheet.saved_by = now, by
    sheet.save()
    words.keep(sheet, author=by, now=now)
    events.record("feedback.saved", by=by, about=visit, after={"version": sheet.version})
    return Kept(sheet)


@requires(VISIT["raise-risk"], *READ)
@transaction.atomic
def raise_risk(
    visit_id: int, *, by: User, given: RiskInput, seen_at: datetime, now: datetime
) -> ImmediateRisk:
    """Record an immediate risk as a concern: very high risk, raised by the council, its clock
    running from when it was seen.

    Source: the council's policy on concerns; where an adult may be at risk of abuse or neglect, the
    concern leads on to an enquiry under section 42 of the Care Act 2014.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `nothing-said`, or what
    `concerns.record_concern` raises.
    """
    visit = locked(visit_id)
    VISIT.check(visit, "raise-risk", by, now)
    evidence.check_risk(given.what)
    # A device's clock may be ahead, and the response clock cannot begin in the future.
    seen_at = min(seen_at, now)
    # In one transaction with the row below: its id is the device's, so that the same risk sent
    # twice cannot leave two concerns.
    concern: Concern = concerns.record_concern(
        by=by,
        given=concerns.ConcernInput(
            service_id=visit.service_id,
            kind=ConcernKind.QUALITY,
            source=WhoSaidIt.COUNCIL,
            risk=ConcernRisk.VERY_HIGH,
            received_at=seen_at,
            summary=f"Immediate risk found at a visit: {given.what}",
            # The officer who is there has it, unless somebody else has to handle concerns.
            allocated_to_id=by.pk if by.has_perm("concerns.change_concern") else None,
        ),
        done=given.done,
        now=now,
    )
    risk = ImmediateRisk.objects.create(
        pk=given.risk_id, visit=visit, concern=concern, seen_at=seen_at
    )
    events.record(
        "visit.immediate_risk",
        by=by,
        about=visit,
        after={"concern": concern.pk},
        happened_at=seen_at,
    )
    return risk


@requires(VISIT["record-sharing"], *READ)
@transaction.atomic
def record_sharing(visit_id: int, *, by: User, given: SharingInput) -> Visit:
    """Record who came to a joint or Enter and View visit, and what was shared with them before and
    after.

    Source: the council's own policy. That local Healthwatch may enter and view rests on the Local
    Government and Public Involvement in Health Act 2007, section 225, which asks nothing of what is
    shared.

    Raises `NotAllowed`: `permission-missing`, `wrong-state` or `no-partners`.
    """
    visit = locked(visit_id)
    VISIT.check(visit, "record-sharing", by)
    for name, text in asdict(given).items():
        setattr(visit, name, text)
    visit.save()
    events.record("visit.sharing_recorded", by=by, about=visit)
    return visit


def _check_asked(visit: Visit, question_id: int | None) -> None:
    # Not a refusal: no page and no device of ours offers a question of another template.
    if question_id is None:
        return
    if not Question.objects.filter(
        pk=question_id, standard__section__template=visit.template_id
    ).exists():
        raise ValueError(f"Question {question_id} is not asked at this visit.")
