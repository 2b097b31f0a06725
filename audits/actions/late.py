"""Late evidence: what a device held of a visit that takes it no more. It is kept with the visit as
it was written, shown on its page, and never scored.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audits.actions.visits import locked
from audits.models import Attachment, LateEvidence, LateKind
from audits.permissions import READ
from audits.rules import evidence
from audits.workflow.visit import VISIT
from core import events
from core.models import User
from core.workflow import requires
from documents import actions as documents
from documents.actions import FileInput


@dataclass(frozen=True, kw_only=True)
class LateInput:
    """A text as the device held it; `about` is the question as it was shown, `reason` why it was
    not taken in its place.
    """

    kind: LateKind
    about: str
    text: str
    reason: str


@requires(VISIT["keep-late"], *READ)
@transaction.atomic
def keep_late(
    visit_id: int, *, by: User, late_id: UUID, given: LateInput, written_at: datetime, now: datetime
) -> LateEvidence:
    """Keep a text with a visit in whatever state it is.

    Raises `NotAllowed`: `permission-missing` or `nothing-said`.
    """
    visit = locked(visit_id)
    VISIT.check(visit, "keep-late", by, now)
    evidence.check_late(given.text)
    kept, is_new = LateEvidence.objects.get_or_create(
        pk=late_id,
        defaults={
            "visit": visit,
            "kind": given.kind,
            "about": given.about,
            "text": given.text,
            "reason": given.reason,
            "written_at": min(written_at, now),
            "sent_at": now,
            "sent_by": by,
        },
    )
    if is_new:
        # That it was kept, never what it says: it may speak of people.
        after = {"late": str(kept.pk), "kind": str(kept.kind)}
        events.record("visit.late_evidence_kept", by=by, about=visit, after=after)
    return kept


@requires(VISIT["keep-late"], *READ)
def keep_late_file(
    visit_id: int, *, by: User, attachment_id: UUID, given: FileInput, now: datetime
) -> Attachment:
    """Keep a photograph or a document with a visit in whatever state it is.

    Raises `NotAllowed`: `permission-missing`, or what `documents.actions.prepare` raises.
    """
    # Before the visit is held, as `evidence.attach` does.
    prepared = documents.prepare(given.data, given.name)
    with transaction.atomic():
        visit = locked(visit_id)
        VISIT.check(visit, "keep-late", by, now)
        attachment = Attachment.objects.create(
            pk=attachment_id,
            visit=visit,
            file=documents.store(prepared, by=by, now=now),
            caption=given.caption,
            is_late=True,
        )
        after = {"late": str(attachment.pk), "kind": "file"}
        events.record("visit.late_evidence_kept", by=by, about=visit, after=after)
    return attachment
