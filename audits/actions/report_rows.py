"""What the steps of a report share: how its rows are held, scored and told of."""

from typing import Any

from audits.models import AuditReport, Question, Visit
from audits.rules import reports, scoring
from core import events
from core.locking import lock
from core.models import User


def locked(report_id: int) -> AuditReport:
    """The report and its visit, which nobody else changes until the transaction ends."""
    # The visit is held too: its outcome is set with the report's, and it must not be opened again
    # between the check and the step. It is held first, as completing a visit does: in two orders
    # each of two people could hold what the other waits for.
    lock(Visit, AuditReport.objects.values_list("visit_id", flat=True).get(pk=report_id))
    return lock(AuditReport, report_id, "visit__service", "visit__template")


def score_now(visit: Visit) -> scoring.Score:
    """What the visit's answers give by the scale, as they are stored."""
    if visit.template is None:
        return scoring.Score(None, None)
    values = {
        answer.question_id: answer.value
        for answer in visit.answers.all()
        if not answer.not_applicable
    }
    return scoring.score(visit.template, Question.objects.of_template(visit.template), values)


def stand(report: AuditReport, outcome: str, *, decided_by: User, reason: str) -> None:
    """Set what stands until the rating is final; above the cap, with who decided that and why."""
    report.standing_outcome, report.standing_by = outcome, decided_by
    above = reports.is_above_cap(report, outcome)
    report.override_by, report.override_reason = (decided_by, reason) if above else (None, "")
    set_outcome(report.visit, outcome)


def set_outcome(visit: Visit, outcome: str) -> None:
    """The visit's own outcome, which lists and figures ask, follows the report's."""
    if visit.outcome != outcome:
        visit.outcome = outcome
        visit.save(update_fields=["outcome"])


def record(kind: str, report: AuditReport, person: User, **more: Any) -> None:
    """An event about the report."""
    events.record(kind, by=person, about=report, service_id=report.visit.service_id, **more)
