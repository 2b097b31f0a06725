import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db import transaction

from audits import contents, rules
from audits.actions.visits import locked
from audits.models import (
    Attachment,
    AttachmentContent,
    FeedbackSheet,
    ImmediateRisk,
    LooseNote,
    Question,
    RiskContact,
    Visit,
)
from carequality import events
from carequality.models import User
from carequality.refusals import Refused
from concerns import actions as concerns
from concerns.models import Concern, Kind, Risk
from concerns.models import Source as WhoSaidIt

Row = TypeVar("Row", LooseNote, FeedbackSheet)


@dataclass(frozen=True)
class Kept(Generic[Row]):
    """What stands now; `overtaken` when somebody had changed it since it was seen, so that nothing was saved."""

    row: Row
    overtaken: bool = False


@transaction.atomic
def save_note(
    visit_id: int,
    *,
    by: User,
    note_id: UUID,
    text: str,
    question_id: int | None,
    seen: int,
    written_at: datetime,
    now: datetime,
) -> Kept[LooseNote]:
    """Write a loose note, change it or file it under a question of the visit. `seen` is its version as shown, 0 for a new one."""
    visit = locked(visit_id)
    if why_not := rules.why_not_note(visit):
        raise Refused(why_not)
    if not text.strip():
        raise Refused("A note must say something.")
    _check_asked(visit, question_id)
    note = LooseNote.objects.filter(pk=note_id).first()
    if note is None:
        note = LooseNote(pk=note_id, visit=visit, version=0, written_at=min(written_at, now))
    if note.visit_id != visit.pk:
        raise Refused("This note belongs to another visit.")
    if (note.text, note.question_id) == (text, question_id):
        return Kept(note)
    if note.version != seen:
        return Kept(note, overtaken=True)
    note.text, note.question_id = text, question_id
    note.version += 1
    note.saved_at, note.saved_by = now, by
    note.save()
    events.record("note.saved", by=by, about=visit, after={"note": str(note.pk), "question": question_id})
    return Kept(note)


@transaction.atomic
def attach(
    visit_id: int,
    *,
    by: User,
    attachment_id: UUID,
    data: bytes,
    name: str,
    caption: str,
    now: datetime,
    question_id: int | None = None,
    from_provider: bool = False,
) -> Attachment:
    """Add a photograph or a document. It is judged by what it holds; a photograph is drawn anew, without place or camera."""
    visit = locked(visit_id)
    if why_not := rules.why_not_attach(visit):
        raise Refused(why_not)
    _check_asked(visit, question_id)
    held = contents.read(data, name)
    attachment = Attachment.objects.create(
        pk=attachment_id,
        visit=visit,
        question_id=question_id,
        kind=held.kind,
        name=held.name,
        caption=caption,
        content_type=held.content_type,
        size=len(held.data),
        sha256=hashlib.sha256(held.data).hexdigest(),
        from_provider=from_provider,
        added_at=now,
        added_by=by,
    )
    AttachmentContent.objects.create(attachment=attachment, data=held.data)
    events.record(
        "attachment.added",
        by=by,
        about=visit,
        after={"attachment": str(attachment.pk), "kind": str(held.kind), "sha256": attachment.sha256},
    )
    return attachment


@transaction.atomic
def withdraw_attachment(attachment_id: UUID, *, by: User, reason: str, now: datetime) -> Attachment:
    """Destroy what an attachment holds; that it was there, and why it is not, stays."""
    attachment = (
        Attachment.objects.select_for_update(of=("self",)).select_related("visit").get(pk=attachment_id)
    )
    if why_not := rules.why_not_withdraw(attachment, reason):
        raise Refused(why_not)
    AttachmentContent.objects.filter(attachment=attachment).delete()
    attachment.withdrawn_at, attachment.withdrawn_by, attachment.withdrawn_reason = now, by, reason
    attachment.save()
    events.record(
        "attachment.withdrawn", by=by, about=attachment.visit, after={"attachment": str(attachment.pk)}
    )
    return attachment


@transaction.atomic
def save_feedback(
    visit_id: int,
    *,
    by: User,
    good: str,
    change_now: str,
    next_steps: str,
    given_to: str,
    seen: int,
    now: datetime,
) -> Kept[FeedbackSheet]:
    visit = locked(visit_id)
    if why_not := rules.why_not_give_feedback(visit):
        raise Refused(why_not)
    sheet = FeedbackSheet.objects.filter(visit=visit).first() or FeedbackSheet(visit=visit, version=0)
    new = (good, change_now, next_steps, given_to)
    if new == (sheet.good, sheet.change_now, sheet.next_steps, sheet.given_to) and sheet.version:
        return Kept(sheet)
    if sheet.version != seen:
        return Kept(sheet, overtaken=True)
    sheet.good, sheet.change_now, sheet.next_steps, sheet.given_to = new
    sheet.version += 1
    sheet.saved_at, sheet.saved_by = now, by
    sheet.save()
    events.record("feedback.saved", by=by, about=visit, after={"version": sheet.version})
    return Kept(sheet)


@transaction.atomic
def raise_risk(
    visit_id: int, *, by: User, risk_id: UUID, what: str, done: str, seen_at: datetime, now: datetime
) -> ImmediateRisk:
    """Make a concern of a danger met at a visit: very high risk, raised by the council, its clock running from when it was seen."""
    visit = locked(visit_id)
    if why_not := rules.why_not_raise_risk(visit, what):
        raise Refused(why_not)
    seen_at = min(seen_at, now)
    concern: Concern = concerns.record_concern(
        by=by,
        given=concerns.ConcernInput(
            service_id=visit.service_id,
            kind=Kind.QUALITY,
            source=WhoSaidIt.COUNCIL,
            risk=Risk.VERY_HIGH,
            received_at=seen_at,
            summary=f"Immediate risk met at a visit: {what}",
            allocated_to_id=by.pk if by.has_perm("concerns.change_concern") else None,
        ),
        done=done,
        now=now,
    )
    risk = ImmediateRisk.objects.create(pk=risk_id, visit=visit, concern=concern, seen_at=seen_at)
    events.record(
        "visit.immediate_risk", by=by, about=visit, after={"concern": concern.pk}, happened_at=seen_at
    )
    return risk


@transaction.atomic
def record_sharing(visit_id: int, *, by: User, who_came: str, shared_before: str, shared_after: str) -> Visit:
    """Record who came to a joint or Enter and View visit, and what was shared with them before and after."""
    visit = locked(visit_id)
    if why_not := rules.why_not_record_sharing(visit):
        raise Refused(why_not)
    visit.who_came, visit.shared_before, visit.shared_after = who_came, shared_before, shared_after
    visit.save()
    events.record("visit.sharing_recorded", by=by, about=visit)
    return visit


def _check_asked(visit: Visit, question_id: int | None) -> None:
    if question_id is None:
        return
    if not Question.objects.filter(pk=question_id, standard__section__template=visit.template_id).exists():
        raise ValueError(f"Question {question_id} is not asked at this visit.")


@transaction.atomic
def save_risk_contact(contact: RiskContact, *, by: User) -> RiskContact:
    """Add or change a number that officers ring about a danger."""
    contact.save()
    events.record("risk_contact.saved", by=by, about=contact)
    return contact


@transaction.atomic
def remove_risk_contact(contact_id: int, *, by: User) -> None:
    contact = RiskContact.objects.select_for_update().get(pk=contact_id)
    events.record("risk_contact.removed", by=by, about=contact)
    contact.delete()
