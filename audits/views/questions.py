"""The questions of an audit in advance, for the provider: a page, and a PDF to send."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from audits import printing
from audits.models import Question, Template
from audits.rules import map as map_rules
from audits.views.templates import SEE
from core.permissions import Request, require_permission
from documents.downloads import to_save
from documents.pdf import PdfError


@require_permission(*SEE)
def view_questions(request: Request, template_id: int) -> HttpResponse:
    template = get_object_or_404(Template, pk=template_id)
    sections = map_rules.question_map(Question.objects.of_template(template), {}, {})
    return render(
        request, "audits/view_questions.html", {"template": template, "sections": sections}
    )


@require_permission(*SEE)
def questions_pdf(request: Request, template_id: int) -> HttpResponse:
    template = get_object_or_404(Template, pk=template_id)
    try:
        content = printing.questions_pdf(template, timezone.localdate())
    except PdfError as error:
        back = reverse("audits:view-template", args=[template_id])
        return render(
            request, "audits/not_printed.html", {"why": str(error), "back": back}, status=409
        )
    return to_save(content, f"{template.key}-questions.pdf", "application/pdf")
