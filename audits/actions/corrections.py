"""Reopen a completed visit, keeping what it said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from audits.models import Reopening, Visit
from audits.permissions import READ
from audits.rules import visits
from audits.workflow.visit import VISIT
from core import events
from core.models import User
from core.workflow import requires


@dataclass(frozen=True)
class CorrectionInput:
    """Why a completed visit is reopened."""

    reason: str


@requires(VISIT["reopen"], *READ)
@transaction.atomic
def reopen(visit_id: int, *, by: User, given: CorrectionInput, now: datetime) -> Visit:
    """Reopen a completed visit to correct it. What it said is kept; completing it again scores it
    again.

    Raises `NotAllowed`: `permission-missing`, `wrong-state` or `reason-missing`.
    """
    return _opened_again("reopen", visit_id, by, given, now)


@requires(VISIT["send-back"], *READ)
@transaction.atomic
def send_back(visit_id: int, *, by: User, given: CorrectionInput, now: datetime) -> Visit:
    """Reopen a visit because its report is returned to the officer.

    Raises `NotAllowed` as `reopen` does.
    """
    return _opened_again("send-back", visit_id, by, given, now)


def _opened_again(
    step: str, visit_id: int, by: User, given: CorrectionInput, now: datetime
) -> Visit:
    # Locked: an answer saved at the same moment is either in what is kept or refused.
    visit = Visit.objects.select_for_update(of=("self",)).select_related("service").get(pk=visit_id)
    VISIT.apply(visit, step, by, now)
    visits.check_correction(given.reason)
    stood = _what_stood(visit)
    Reopening.objects.create(
        visit=visit, reason=given.reason, reopened_at=now, reopened_by=by, stood=stood
    )
    visit.score, visit.outcome = None, ""
    visit.completed_at = visit.completed_by = None
    # What is corrected is a draft again, so it cannot stay public.
    visit.public_at = visit.public_by = None
    visit.save()
    _exempt_again(visit, by)
    events.record(
        "visit.reopened",
        by=by,
        about=visit,
        before={name: stood[name] for name in ("score", "outcome", "completed_at", "completed_by")},
        happened_at=now,
    )
    return visit


def _exempt_again(visit: Visit, by: User) -> None:
    """What was found is a draft again with its visit: a finding that was marked public is exempt
    until somebody marks it anew.
    """
    for finding in visit.findings.select_for_update().exclude(public_at=None).order_by("pk"):
        finding.public_at = finding.public_by = None
        finding.save()
        events.record("finding.marked_exempt", by=by, about=finding, service_id=visit.service_id)


def _what_stood(visit: Visit) -> dict[str, Any]:
    return {
        "summary": visit.summary,
        "score": None if visit.score is None else str(visit.score),
        "outcome": str(visit.outcome),
        "completed_at": visit.completed_at.isoformat() if visit.completed_at else None,
        "completed_by": visit.completed_by_id,
        "answers": [
            {
                "code": answer.question.code,
                "value": answer.value,
                "not_applicable": answer.not_applicable,
                "evidence": answer.evidence,
                "note": answer.note,
                "version": answer.version,
            }
            for answer in visit.answers.select_related("question").order_by("pk")
        ],
    }
