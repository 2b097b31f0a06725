"""What devices send after a visit without a network: each thing arrives once, whatever is lost or
repeated on the way.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audits.actions import evidence, late, visits
from audits.models import (
    Answer,
    DeviceKey,
    EvidenceSource,
    LateKind,
    Question,
    Receipt,
    Visit,
    VisitStatus,
)
from audits.permissions import READ
from audits.rules import answers
from audits.rules import evidence as evidence_rules
from audits.workflow.visit import RECORD
from core.dates import moment_in_words
from core.models import User
from core.workflow import NotAllowed, requires
from documents import dates, received_json
from documents import text as door
from documents.actions import FileInput

NOT_ASKED = (
    "This visit no longer asks that question. Send what you wrote as late evidence, or write it as"
    " a note."
)
# An answer with its evidence from every source, and its note.
LONGEST_LATE = 7 * door.LONGEST


@dataclass(frozen=True)
class Sent:
    """One thing as a device sent it. `key` was made on the device; `body` is JSON, byte for byte
    the same at every attempt.
    """

    visit_id: int
    key: UUID
    body: bytes
    file: bytes = b""
    file_name: str = ""

    @property
    def sha256(self) -> str:
        """Tells one content from another under the same key."""
        # The length keeps body and file apart: the same bytes parted elsewhere are another content.
        return hashlib.sha256(
            self.key.bytes + len(self.body).to_bytes(8, "big") + self.body + self.file
        ).hexdigest()


@dataclass(frozen=True)
class Received:
    """`stored`; `conflict` by a colleague, with `theirs`; `refused` with a reason; or `key_reused`:
    another content under a used key.

    Only what was stored leaves a trace.
    """

    state: str
    version: int = 0
    reason: str = ""
    theirs: dict[str, Any] = field(default_factory=dict)


class Malformed(ValueError):
    """What was sent is not what the working page sends."""


def key_of(person: User) -> bytes:
    """The key with which the person's browsers seal what they keep."""
    row, _ = DeviceKey.objects.get_or_create(person=person)
    return bytes(row.key)


def held_key_of(person: User) -> bytes | None:
    """The key of somebody who has lost the right to record visits: what they wrote until then is
    theirs to read, copy and delete. None if no browser ever held one.
    """
    row = DeviceKey.objects.filter(person=person).first()
    return bytes(row.key) if row else None


@requires(RECORD, *READ)
def receive(sent: Sent, *, by: User, now: datetime, today: date) -> Received:
    """Take what a device sent, once; what an action does not allow is answered as `refused`.

    Raises `NotAllowed`: `permission-missing`; `Malformed` for what no working page sends.
    """
    try:
        body = received_json.read(sent.body)
    except received_json.NotJson as fault:
        raise Malformed(str(fault)) from fault
    item = body.get("item") if isinstance(body, dict) else None
    take = TAKERS.get(item) if isinstance(item, str) else None
    if take is None:
        raise Malformed("Of no known kind.")
    try:
        with transaction.atomic():
            # A racing attempt waits here until the first has committed or given up.
            receipt, is_new = Receipt.objects.get_or_create(
                key=sent.key,
                defaults={
                    "visit_id": sent.visit_id,
                    "by": by,
                    "sha256": sent.sha256,
                    "received_at": now,
                },
            )
            if not is_new:
                # Also by whom: on a shared laptop nobody is answered for somebody else.
                same = (receipt.sha256, receipt.by_id) == (sent.sha256, by.pk)
                return Received("stored", receipt.version) if same else Received("key_reused")
            received = take(sent, body, by, now, today)
            # Only what was stored leaves a receipt: what was refused may be sent again.
            if received.state != "stored":
                transaction.set_rollback(True)
            elif received.version:
                receipt.version = received.version
                receipt.save()
            return received
    # Raised out of the transaction, which takes the receipt back as well.
    except NotAllowed as refusal:
        return Received("refused", reason=refusal.message)


def _take_begin(sent: Sent, body: dict[str, Any], by: User, now: datetime, today: date) -> Received:
    try:
        visited_on = dates.plausible_day(_text(body, "visited_on"), dates.HAPPENED, today)
    except dates.ImplausibleDay as fault:
        raise NotAllowed(fault.code, f"{fault}.", "visited_on") from fault
    except ValueError as fault:
        raise Malformed("visited_on is not a day.") from fault
    visit = visits.locked(sent.visit_id)
    # Begun meanwhile on another device or by a colleague: that is what was wanted.
    if visit.status != VisitStatus.IN_PROGRESS:
        visits.begin(sent.visit_id, by=by, given=visits.BeginInput(visited_on), today=today)
    return Received("stored", 1)


def _take_answer(
    sent: Sent, body: dict[str, Any], by: User, now: datetime, today: date
) -> Received:
    sources = body.get("sources")
    if not isinstance(sources, dict) or not sources.keys() <= set(EvidenceSource.values):
        raise Malformed("sources")
    asked = _asked(sent, _number(body, "question"))
    entry = visits.Entry(
        question_id=asked,
        value=_text(body, "value").strip(),
        not_applicable=body.get("not_applicable") is True,
        sources={source: _text(sources, source) for source in sources},
        note=_text(body, "note"),
        seen=_number(body, "seen"),
    )
    saved = visits.save_answers(sent.visit_id, by=by, entries=[entry], now=now)
    if theirs := saved.conflict.get(entry.question_id):
        return Received("conflict", theirs.version, theirs=answer_as_sent(theirs))
    stored = Answer.objects.filter(visit=sent.visit_id, question=entry.question_id).first()
    return Received("stored", stored.version if stored else 0)


def answer_as_sent(answer: Answer) -> dict[str, Any]:
    """A stored answer as a device keeps it."""
    return {
        "value": answer.value,
        "not_applicable": answer.not_applicable,
        "sources": evidence_rules.by_source(answer.evidence, answer.sources),
        "note": answer.note,
        "version": answer.version,
        "in_words": answers.in_words(answer.question, answer) or answers.NONE,
        **_saved(answer),
    }


def _take_note(sent: Sent, body: dict[str, Any], by: User, now: datetime, today: date) -> Received:
    kept = evidence.save_note(
        sent.visit_id,
        by=by,
        note_id=_uuid(body, "id"),
        given=evidence.NoteInput(
            text=_text(body, "text"),
            question_id=_asked_or_none(sent, body),
            seen=_number(body, "seen"),
        ),
        written_at=_moment(body, "made_at", now),
        now=now,
    )
    if kept.conflict:
        theirs = {
            "text": kept.row.text,
            "question": kept.row.question_id,
            "in_words": kept.row.text,
        }
        return Received("conflict", kept.row.version, theirs={**theirs, **_saved(kept.row)})
    return Received("stored", kept.row.version)


def _take_feedback(
    sent: Sent, body: dict[str, Any], by: User, now: datetime, today: date
) -> Received:
    names = ("good", "change_now", "next_steps")
    kept = evidence.save_feedback(
        sent.visit_id,
        by=by,
        given=evidence.FeedbackInput(
            **{name: _text(body, name) for name in names},
            given_to=_text(body, "given_to", 120),
            seen=_number(body, "seen"),
        ),
        now=now,
    )
    if kept.conflict:
        theirs = {name: getattr(kept.row, name) for name in (*names, "given_to")}
        said = " / ".join(text for text in theirs.values() if text) or "nothing"
        return Received(
            "conflict", kept.row.version, theirs={**theirs, "in_words": said, **_saved(kept.row)}
        )
    return Received("stored", kept.row.version)


def _take_file(sent: Sent, body: dict[str, Any], by: User, now: datetime, today: date) -> Received:
    evidence.attach(
        sent.visit_id,
        by=by,
        attachment_id=_uuid(body, "id"),
        given=evidence.AttachmentInput(
            data=sent.file,
            name=_text(body, "name", 300) or sent.file_name,
            caption=_text(body, "caption", 200),
            question_id=_asked_or_none(sent, body),
        ),
        now=now,
    )
    return Received("stored", 1)


def _take_risk(sent: Sent, body: dict[str, Any], by: User, now: datetime, today: date) -> Received:
    evidence.raise_risk(
        sent.visit_id,
        by=by,
        given=evidence.RiskInput(
            risk_id=_uuid(body, "id"), what=_text(body, "what"), done=_text(body, "done")
        ),
        seen_at=_moment(body, "made_at", now),
        now=now,
    )
    return Received("stored", 1)


def _take_late(sent: Sent, body: dict[str, Any], by: User, now: datetime, today: date) -> Received:
    if sent.file:
        late.keep_late_file(
            sent.visit_id,
            by=by,
            attachment_id=_uuid(body, "id"),
            given=FileInput(
                data=sent.file,
                name=_text(body, "name", 300) or sent.file_name,
                caption=_text(body, "caption", 200),
            ),
            now=now,
        )
        return Received("stored", 1)
    if body.get("kind") not in LateKind.values:
        raise Malformed("kind")
    late.keep_late(
        sent.visit_id,
        by=by,
        late_id=_uuid(body, "id"),
        given=late.LateInput(
            kind=LateKind(body["kind"]),
            about=_text(body, "about"),
            text=_text(body, "text", LONGEST_LATE),
            reason=_text(body, "reason"),
        ),
        written_at=_moment(body, "made_at", now),
        now=now,
    )
    return Received("stored", 1)


TAKERS: dict[str, Callable[[Sent, dict[str, Any], User, datetime, date], Received]] = {
    "begin": _take_begin,
    "answer": _take_answer,
    "note": _take_note,
    "feedback": _take_feedback,
    "file": _take_file,
    "risk": _take_risk,
    "late": _take_late,
}


def _asked(sent: Sent, question_id: int) -> int:
    """The question of the visit that was meant, whatever version of the template the device had.

    Raises `NotAllowed`: `not-asked`.
    """
    visit = Visit.objects.select_related("template").get(pk=sent.visit_id)
    if visit.template is not None:
        asked = Question.objects.standing_for(question_id, visit.template).first()
        if asked is not None:
            return asked.pk
    raise NotAllowed("not-asked", NOT_ASKED)


def _asked_or_none(sent: Sent, body: dict[str, Any]) -> int | None:
    if body.get("question") is None:
        return None
    return _asked(sent, _number(body, "question"))


def _saved(row: Any) -> dict[str, str]:
    at = timezone.localtime(row.saved_at)
    return {"saved_by": str(row.saved_by), "saved_at": f"{moment_in_words(at)}"}


def _text(body: dict[str, Any], name: str, longest: int = door.LONGEST) -> str:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise Malformed(name)
    value = door.clean(value)
    if len(value) > longest:
        raise NotAllowed(
            "too-long", f"Shorten this to {longest:,} characters or fewer. It has {len(value):,}."
        )
    return value


def _number(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    # In Python `true` is a number as well.
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise Malformed(name)
    return value


def _uuid(body: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(_text(body, name, 40))
    except ValueError as fault:
        raise Malformed(name) from fault


def _moment(body: dict[str, Any], name: str, now: datetime) -> datetime:
    """When the device says that it was written; a device's clock may be wrong, never this one's."""
    try:
        moment = datetime.fromisoformat(_text(body, name, 40))
    except ValueError as fault:
        raise Malformed(name) from fault
    if timezone.is_naive(moment):
        raise Malformed(name)
    return dates.device_moment(moment, now)
