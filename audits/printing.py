"""What the council sends to a provider about an audit, as tagged PDFs: the questions in advance,
and the report.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from audits.models import (
    Answer,
    AuditReport,
    EvidenceSource,
    Procedure,
    Question,
    ReportStatus,
    Template,
    Visit,
)
from audits.rules import map as map_rules
from audits.rules import scoring
from core.models import CouncilProfile
from documents import pdf

STYLE = "print:audit.css"


@cache
def _assets() -> dict[str, pdf.Asset]:
    return {STYLE: pdf.Asset("text/css", (Path(__file__).parent / "print.css").read_bytes())}


def questions_pdf(template: Template, on: date) -> bytes:
    """The questions in advance, for the provider to prepare.

    Raises `pdf.PdfError`.
    """
    sections = map_rules.question_map(Question.objects.of_template(template), {}, {})
    return _made("questions", {"template": template, "sections": sections, "on": on})


def report_pdf(
    report: AuditReport, on: date, procedure: Procedure, *, preview: bool = False
) -> bytes:
    """The report of an audit as it stands: with the provider's last day for factual accuracy while
    it is a draft, with its points and the council's answers once there are any. `preview`: it says
    that it is not the version that is sent.

    Raises `pdf.PdfError`.
    """
    visit = report.visit
    stage = "Audit report" if report.is_final else "Draft audit report"
    is_moderated = report.status not in (ReportStatus.MODERATION, ReportStatus.RETURNED)
    answers = {answer.question_id: answer for answer in visit.answers.all()}
    questions = list(Question.objects.of_template(visit.template)) if visit.template else []
    sections = map_rules.question_map(questions, answers, {})
    comments = report.provider_comments.select_related("question")
    context = {
        "title": f"{stage}: {visit.service}",
        "mark": _mark(report, is_moderated),
        "preview": preview,
        "report": report,
        "visit": visit,
        "sections": sections,
        "scores": _scores(visit, questions, answers),
        "how": _how_it_was_rated(report, visit, questions, answers),
        "spoke_with": _spoke_with(answers.values()),
        "findings": visit.findings.select_related("question").prefetch_related(
            "actions", "corrections"
        ),
        "provider_comments": comments.prefetch_related("corrections__question"),
        "is_moderated": is_moderated,
        # The file is made before its sending is recorded: sent today, it names the day that today
        # gives.
        "comments_by": report.comments_by or on + timedelta(days=procedure.factual_accuracy_days),
        "on": on,
    }
    return _made("draft", context)


def _scored(
    visit: Visit, questions: list[Question], answers: Mapping[int, Answer]
) -> scoring.Score:
    if visit.template is None:
        return scoring.Score(None, None)
    values = {key: answer.value for key, answer in answers.items() if not answer.not_applicable}
    return scoring.score(visit.template, questions, values)


def _scores(
    visit: Visit, questions: list[Question], answers: Mapping[int, Answer]
) -> list[tuple[scoring.ScoredPart, list[scoring.ScoredPart]]]:
    """Each section's score, and those of its standards."""
    result = _scored(visit, questions, answers)
    standards = iter(result.standards)
    sections = map_rules.question_map(questions, answers, {})
    return [
        (scored, [next(standards) for _ in section.standards])
        for scored, section in zip(result.sections, sections, strict=True)
    ]


def _spoke_with(answers: Iterable[Answer]) -> list[str]:
    """Whose words stand as evidence under the answers; none where nothing says it."""
    named = {source for answer in answers for source, said in answer.sources.items() if said}
    words = {
        EvidenceSource.PEOPLE: "people who use the service",
        EvidenceSource.RELATIVES: "relatives",
        EvidenceSource.STAFF: "staff",
    }
    return [said for source, said in words.items() if source in named]


def _how_it_was_rated(
    report: AuditReport, visit: Visit, questions: list[Question], answers: Mapping[int, Answer]
) -> list[str]:
    """Why the rating is what it is, a sentence each: the scale, what held it, and who decided
    another outcome for which reason.
    """
    result = _scored(visit, questions, answers)
    said = []
    if visit.template is not None and result.percent is not None:
        by_scale = scoring.outcome_of(visit.template, result.percent).label
        said.append(
            f"By our scale a score of {result.percent}% is {by_scale}:"
            f" {scoring.scale_in_words(visit.template)}"
        )
    if result.held_back:
        said.append(f"{scoring.NO_BETTER} because:")
        said.extend(result.held_back)
    if report.moderated_by_id:
        who = "A senior officer who did not make this audit looked at the draft"
        outcome = report.get_moderated_outcome_display()
        if report.moderated_outcome == report.drafted_outcome:
            said.append(f"{who} and confirmed its outcome, {outcome}.")
        else:
            drafted = report.get_drafted_outcome_display()
            said.append(
                f"{who} and changed its outcome from {drafted} to {outcome}."
                f" The reason: {report.moderated_note}"
            )
    for correction in report.corrections.select_related("question", "finding"):
        if correction.score_before != correction.score_after:
            said.append(
                f"After your comment we corrected {correction.what}. The score went from"
                f" {correction.score_before}% to {correction.score_after}%."
            )
        if correction.moves_outcome:
            said.append(
                f"The outcome went from {correction.get_outcome_before_display()} to"
                f" {correction.get_outcome_after_display()} with it."
            )
    for review in report.reviews.filter(
        decided_at__isnull=False, asked_at__gte=report.drafted_at
    ).order_by("decided_at"):
        said.append(
            "A senior officer who had no part in this audit reviewed it and decided:"
            f" {review.get_outcome_display()}. The reason: {review.reason}"
        )
    told = (report.moderated_note, report.override_reason)
    if report.is_final and report.final_reason and report.final_reason not in told:
        said.append(
            f"The final rating is {report.get_final_outcome_display()}."
            f" The reason: {report.final_reason}"
        )
    if report.has_override:
        said.append(
            f"The answers allow no better than {report.get_cap_display() or 'this'}. A senior"
            " officer who did not make this audit decided that the rating is above that."
            f" The reason: {report.override_reason}"
        )
    return said


def _mark(report: AuditReport, is_moderated: bool) -> str:
    """What stands at the head of every page: who may have the file."""
    if report.is_final:
        return "In confidence: final"
    if is_moderated:
        return "Draft, in confidence: for the provider’s check of factual accuracy"
    return "Draft, not moderated yet: not for the provider"


def _made(name: str, context: dict[str, Any]) -> bytes:
    everything = {"council": CouncilProfile.current(), "style": STYLE, **context}
    return pdf.make(render_to_string(f"audits/print/{name}.html", everything), assets=_assets())
