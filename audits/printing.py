"""What the council sends to a provider about an audit, as tagged PDFs: the questions in advance,
and the report.
"""

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from audits.models import AuditReport, Procedure, Question, ReportStatus, Template
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


def draft_pdf(
    report: AuditReport,
    sections: list[map_rules.SectionAsked],
    result: scoring.Score,
    on: date,
    procedure: Procedure,
) -> bytes:
    """The report of an audit as it stands: with the provider's last day for factual accuracy while
    it is a draft, with its points and the council's answers once there are any.

    Raises `pdf.PdfError`.
    """
    visit = report.visit
    stage = "Audit report" if report.is_final else "Draft audit report"
    is_moderated = report.status not in (ReportStatus.MODERATION, ReportStatus.RETURNED)
    context = {
        "title": f"{stage}: {visit.service}",
        "mark": _mark(report, is_moderated),
        "no_better": scoring.NO_BETTER,
        "report": report,
        "visit": visit,
        "sections": sections,
        "result": result,
        "findings": visit.findings.select_related("question").prefetch_related("actions"),
        "provider_comments": report.provider_comments.select_related("question"),
        "is_moderated": is_moderated,
        # The file is made before its sending is recorded: sent today, it names the day that today
        # gives.
        "comments_by": report.comments_by or on + timedelta(days=procedure.factual_accuracy_days),
        "on": on,
    }
    return _made("draft", context)


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
