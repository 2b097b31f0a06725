"""What the council sends to a provider about an audit, as tagged PDFs: the questions in advance, and the draft."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from audits import rules
from audits.models import Question, Report, Template
from carequality import pdf
from carequality.models import CouncilProfile

STYLE = "print:audit.css"


@cache
def _assets() -> dict[str, pdf.Asset]:
    return {STYLE: pdf.Asset("text/css", (Path(__file__).parent / "print.css").read_bytes())}


def questions_pdf(template: Template, on: date) -> bytes:
    """What will be asked, for the provider to prepare. Raises `pdf.PdfError`."""
    sections = rules.question_map(Question.objects.of_template(template), {}, {})
    return _made("questions", {"template": template, "sections": sections, "on": on})


def draft_pdf(report: Report, sections: list[rules.SectionAsked], result: rules.Score, on: date) -> bytes:
    """The draft of an audit for factual accuracy. Raises `pdf.PdfError`."""
    visit = report.visit
    context = {
        "report": report,
        "visit": visit,
        "sections": sections,
        "result": result,
        "findings": visit.findings.select_related("question").prefetch_related("actions"),
        "on": on,
    }
    return _made("draft", context)


def _made(name: str, context: dict[str, Any]) -> bytes:
    everything = {"council": CouncilProfile.current(), "style": STYLE, **context}
    return pdf.make(render_to_string(f"audits/print/{name}.html", everything), assets=_assets())
