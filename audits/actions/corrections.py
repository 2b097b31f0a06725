from datetime import datetime

from django.db import transaction

from audits import rules
from audits.models import Reopening, Visit, VisitStatus
from carequality import events
from carequality.models import User
from carequality.refusals import Refused


@transaction.atomic
def reopen(visit_id: int, *, by: User, reason: str, now: datetime) -> Visit:
    """Open a completed visit again to correct it. What stood in it is kept beside it; its score and outcome come anew."""
    visit = Visit.objects.select_for_update(of=("self",)).select_related("service").get(pk=visit_id)
    if why_not := rules.why_not_reopen(visit, reason):
        raise Refused(why_not)
    completed_at = visit.completed_at
    assert completed_at is not None
    stood = {
        "summary": visit.summary,
        "score": None if visit.score is None else str(visit.score),
        "outcome": str(visit.outcome),
        "completed_at": completed_at.isoformat(),
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
    Reopening.objects.create(visit=visit, reason=reason, reopened_at=now, reopened_by=by, stood=stood)
    visit.status = VisitStatus.IN_PROGRESS
    visit.score, visit.outcome = None, ""
    visit.completed_at = visit.completed_by = None
    visit.public_at = visit.public_by = None
    visit.save()
    events.record(
        "visit.reopened",
        by=by,
        about=visit,
        before={name: stood[name] for name in ("score", "outcome", "completed_at", "completed_by")},
        happened_at=now,
    )
    return visit
