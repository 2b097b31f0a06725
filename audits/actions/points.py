"""What the provider says of a draft, what the council answers, and what that changes.

A change of a finding, an answer or the outcome is made by a person who may moderate and took no
part in the visit. Source: the council's own policy; the provider's check of factual accuracy
follows CQC's practice.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from audits.actions.plans import write_finding
from audits.actions.report_rows import locked, record, score_now, stand
from audits.actions.words import keep, keep_standing
from audits.models import (
    Answer,
    AuditReport,
    Finding,
    ProviderComment,
    Question,
    ReportCorrection,
    Visit,
)
from audits.permissions import READ
from audits.rules import answers as answers_rules
from audits.rules import reports
from audits.workflow.report import REPORT
from core import versions
from core.locking import lock
from core.models import User
from core.workflow import NotAllowed, requires

Words = dict[str, str]
UNCHANGED = "Nothing has changed. Enter the correction, or answer the point."


@dataclass(frozen=True)
class ProviderCommentInput:
    """One point of what the provider says, and the question that it is about, if one."""

    point: str
    received_on: date
    question_id: int | None = None


@dataclass(frozen=True)
class ProviderCommentAnswerInput:
    """Whether the council upholds a point, and what it answers. `nothing_changes`: it upholds it,
    and nothing that the report says is another because of it.
    """

    upheld: bool
    answer: str
    nothing_changes: bool = False


@dataclass(frozen=True)
class FindingCorrectionInput:
    """What a finding says once it is corrected; `seen` is the version that was shown."""

    text: str
    seen: str = versions.NONE_SEEN


@dataclass(frozen=True)
class AnswerCorrectionInput:
    """What answers a question once it is corrected, with its evidence."""

    value: str = ""
    not_applicable: bool = False
    evidence: str = ""


@dataclass(frozen=True)
class SummaryCorrectionInput:
    """What the report's summary says once it is corrected; `seen` is the version of the report
    that was shown.
    """

    summary: str
    seen: str = versions.NONE_SEEN


@requires(REPORT["record-no-comments"], *READ)
@transaction.atomic
def record_no_comments(report_id: int, *, by: User, today: date) -> AuditReport:
    """Record that the provider says it has nothing (more) to add, before its days are over.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `opened-again`.
    """
    report = locked(report_id)
    REPORT.check(report, "record-no-comments", by)
    report.no_comments_on = today
    report.save()
    record("audit_report.nothing_to_add", report, by)
    return report


@requires(REPORT["record-provider-comment"], *READ)
@transaction.atomic
def record_provider_comment(
    report_id: int, *, by: User, given: ProviderCommentInput, now: datetime
) -> ProviderComment:
    """Record something that the provider says is not right.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `opened-again`, `not-since-sent`.
    """
    report = locked(report_id)
    REPORT.check(report, "record-provider-comment", by, now)
    reports.check_received_on(report, given.received_on, timezone.localdate(now))
    made = ProviderComment.objects.create(
        report=report, recorded_at=now, recorded_by=by, **asdict(given)
    )
    record(
        "audit_report.provider_comment_recorded", report, by, after={"provider_comment": made.pk}
    )
    return made


@requires(REPORT["answer-provider-comment"], *READ)
@transaction.atomic
def answer_provider_comment(
    provider_comment_id: int, *, by: User, given: ProviderCommentAnswerInput, now: datetime
) -> ProviderComment:
    """Record the council's answer to a point, once. Whoever made the visit may answer what changes
    nothing; a point that changed the report is answered by a person who may change it.

    Raises `NotAllowed`: `permission-missing`, `already-answered`, `wrong-state`, `opened-again`,
    `nothing-corrected`, `corrected`, `same-person`.
    """
    report, found = _locked_point(provider_comment_id)
    reports.check_unanswered(found)
    REPORT.check(report, "answer-provider-comment", by, now)
    reports.check_upheld(found, given.upheld, given.nothing_changes)
    if found.corrections.exists():
        REPORT.check(report, "correct", by, now)
    found.upheld, found.answer = given.upheld, given.answer
    found.answered_at, found.answered_by = now, by
    found.save()
    after = {"provider_comment": found.pk, "upheld": given.upheld}
    record("audit_report.provider_comment_answered", report, by, after=after)
    return found


@requires(REPORT["correct"], *READ)
@transaction.atomic
def correct_finding(
    provider_comment_id: int,
    finding_id: int,
    *,
    by: User,
    given: FindingCorrectionInput,
    now: datetime,
) -> ReportCorrection:
    """Correct what a finding says, because of a point of the provider. What it said stays.

    Raises `NotAllowed`: `permission-missing`, `same-person`, `review-decided`, `wrong-state`,
    `opened-again`, `already-answered`, `unchanged`, `stale-version`.
    """

    def change(report: AuditReport) -> tuple[Words, Words]:
        finding = Finding.objects.select_for_update().get(pk=finding_id, visit=report.visit_id)
        versions.check_seen(finding, given.seen)
        before = finding.text
        write_finding(finding, given.text, author=by, now=now)
        return {"Finding": before}, {"Finding": given.text}

    return _corrected(provider_comment_id, change, by=by, now=now, finding_id=finding_id)


@requires(REPORT["correct"], *READ)
@transaction.atomic
def correct_answer(
    provider_comment_id: int,
    question_id: int,
    *,
    by: User,
    given: AnswerCorrectionInput,
    now: datetime,
) -> ReportCorrection:
    """Correct an answer because of a point of the provider. The score follows, and the outcome with
    it where no person had decided another.

    Raises `NotAllowed` as `correct_finding` does, and `not-answered` or what
    `answers.check_value` raises.
    """

    def change(report: AuditReport) -> tuple[Words, Words]:
        template = report.visit.template
        assert template is not None  # no report is of a visit without one
        question = Question.objects.of_template(template).get(pk=question_id)
        answer = Answer.objects.filter(visit=report.visit, question=question).first()
        answer = answer or Answer(visit=report.visit, question=question, version=0)
        keep_standing(answer)
        before = _words(question, answer)
        value = "" if given.not_applicable else given.value
        answers_rules.check_value(question, value, timezone.localdate(now))
        answer.value, answer.not_applicable = value, given.not_applicable
        answer.evidence = given.evidence
        # By where it came from, it was the officer's; the corrected text is one.
        answer.sources = {}
        lacking = answers_rules.gaps([question], {question.pk: answer})
        if lacking:
            raise NotAllowed("not-answered", f"Enter {lacking[0].lacks}.", "value")
        answer.version += 1
        # Whoever answered at the visit stays its author: who corrected it stands in the correction.
        if answer.pk is None:
            answer.saved_at, answer.saved_by = now, by
        answer.save()
        keep(answer, author=by, now=now)
        return before, _words(question, answer)

    return _corrected(provider_comment_id, change, by=by, now=now, question_id=question_id)


@requires(REPORT["correct"], *READ)
@transaction.atomic
def correct_summary(
    provider_comment_id: int, *, by: User, given: SummaryCorrectionInput, now: datetime
) -> ReportCorrection:
    """Correct the report's summary because of a point of the provider.

    Raises `NotAllowed` as `correct_finding` does.
    """

    def change(report: AuditReport) -> tuple[Words, Words]:
        visit = report.visit
        versions.check_seen(report, given.seen)
        # The words that were there before versions were kept are a version too.
        if not versions.latest(report):
            drafted = {"summary": visit.summary}
            versions.keep(report, drafted, by=report.drafted_by, now=report.drafted_at)
        before, visit.summary = visit.summary, given.summary
        visit.save(update_fields=["summary"])
        versions.keep(report, {"summary": given.summary}, by=by, now=now)
        return {"Summary": before}, {"Summary": given.summary}

    return _corrected(provider_comment_id, change, by=by, now=now)


def _corrected(
    provider_comment_id: int,
    change: Callable[[AuditReport], tuple[Words, Words]],
    *,
    by: User,
    now: datetime,
    finding_id: int | None = None,
    question_id: int | None = None,
) -> ReportCorrection:
    report, point = _locked_point(provider_comment_id)
    REPORT.check(report, "correct", by, now)
    reports.check_unanswered(point)
    visit = report.visit
    score_before, outcome_before = visit.score, report.standing_outcome
    before, after = change(report)
    if before == after:
        raise NotAllowed("unchanged", UNCHANGED)
    _rescore(report, visit, by)
    made = ReportCorrection.objects.create(
        report=report,
        provider_comment=point,
        finding_id=finding_id,
        question_id=question_id,
        before={name: said for name, said in before.items() if said != after[name]},
        after={name: said for name, said in after.items() if said != before[name]},
        score_before=score_before,
        score_after=visit.score,
        outcome_before=outcome_before,
        outcome_after=report.standing_outcome,
        corrected_at=now,
        corrected_by=by,
        made_by=report.made_by,
        drafted_by=report.drafted_by,
    )
    # Ids and figures alone: what was written may speak of people.
    after_ids = {"correction": made.pk, "score": str(visit.score), "outcome": visit.outcome}
    record("audit_report.corrected", report, by, after=after_ids)
    return made


def _rescore(report: AuditReport, visit: Visit, by: User) -> None:
    scored = score_now(visit)
    # A visit that had a score keeps one: no correction takes the last scored answer away.
    if scored.percent is None or scored.outcome is None:
        raise NotAllowed("no-score", "The audit would have no score. Reopen the visit instead.")
    report.cap = scored.cap
    stood, outcome = report.standing_outcome, reports.outcome_after(report, scored)
    report.scored_outcome = scored.outcome.value
    if visit.score != scored.percent:
        visit.score = scored.percent
        visit.save(update_fields=["score"])
    if outcome != stood:
        stand(report, outcome, decided_by=by, reason=report.override_reason)
    report.save()


def _words(question: Question, answer: Answer) -> Words:
    return {
        "Answer": answers_rules.in_words(question, answer),
        "Evidence": answer.evidence,
    }


def _locked_point(provider_comment_id: int) -> tuple[AuditReport, ProviderComment]:
    # The report first, then the point: two who answer it at once come one after the other, and the
    # second is refused.
    report_id = ProviderComment.objects.values_list("report_id", flat=True).get(
        pk=provider_comment_id
    )
    return locked(report_id), lock(ProviderComment, provider_comment_id)
