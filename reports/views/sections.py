"""The sections of a paper: read, written, added and released."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from audits.models import GoodPractice
from core import versions
from core.permissions import Request, require_permission
from core.workflow import refusal
from documents.numbers import whole_number
from govuk.form_page import bind, form_page, post_action
from reports import desk, rules
from reports.actions import writing
from reports.forms import AddSectionForm, SectionForm
from reports.models import Paper, Section, Side
from reports.papers.markup import parse
from reports.workflow import check_section


def _section(request: Request, pk: int) -> Section:
    """The section, if this person may read it: the one door to every page of a section."""
    section = get_object_or_404(
        Section.objects.select_related("paper", "written_by", "released_by"), pk=pk
    )
    if section.is_exempt and not request.user.has_perm(desk.EXEMPT):
        raise PermissionDenied
    if refusal(rules.check_read_unpublished, section.paper, request.user):
        raise PermissionDenied
    return section


@require_permission("reports.view_paper")
def view_section(request: Request, pk: int) -> HttpResponse:
    section = _section(request, pk)
    steps = {"write": "write", "release": "release", "withdraw": "take-back"}
    examples = _examples(request, section)
    context = {
        "section": section,
        "paper": section.paper,
        "blocks": parse(section.body),
        "may": {
            name: refusal(check_section, section, step, request.user) is None
            for name, step in steps.items()
        },
        "examples": [_offered(section, example, text) for example, text in examples],
        "told": versions.told(versions.history(section)),
        "examples_heading": f"Examples that providers agreed to publish ({len(examples)})",
    }
    return render(request, "reports/view_section.html", context)


def _offered(section: Section, example: GoodPractice, text: str) -> dict[str, Any]:
    """An example of good practice as the section's page offers it."""
    write = reverse("reports:write-section", args=[section.pk])
    return {
        "title": example.title,
        "service_type": example.service.get_service_type_display().lower(),
        # Without the sign of the papers' markup.
        "text": text.removeprefix("> "),
        "url": f"{write}?example={example.pk}",
    }


@require_permission("reports.write_paper")
def write_section(request: Request, pk: int) -> HttpResponse:
    section = _section(request, pk)
    initial = _with_example(request, section)
    return form_page(
        request,
        bind(request, SectionForm, instance=section, initial=initial, of=section),
        lambda given: writing.write_section(pk, by=request.user, given=given, now=timezone.now()),
        template="reports/write_section.html",
        heading="Write a section",
        done=lambda written: f"Section saved: {written.heading}.",
        url=reverse("reports:view-section", args=[pk]),
        section=section,
        paper=section.paper,
    )


def _examples(request: Request, section: Section) -> list[tuple[GoodPractice, str]]:
    """The good practice that the section may describe, each as the paper would write it."""
    if refusal(check_section, section, "write", request.user):
        return []
    written = "\n".join(section.paper.sections.values_list("body", flat=True))
    usable = GoodPractice.objects.usable().select_related("service")
    return [(example, rules.example_in_words(example, written)) for example in usable]


def _with_example(request: Request, section: Section) -> dict[str, str]:
    """The section's text with the example that the address names after it; nothing is saved yet."""
    number = whole_number(request.GET.get("example"))
    # Among those offered alone: the number of an example without consent gives nothing.
    for example, text in [] if number is None else _examples(request, section):
        if example.pk == number:
            return {"body": f"{section.body}\n\n{text}".strip()}
    return {}


@require_permission("reports.write_paper")
def add_section(request: Request, pk: int) -> HttpResponse:
    paper = get_object_or_404(Paper, pk=pk)
    form = bind(request, AddSectionForm, paper=paper)
    if form.data.get("where") == Side.EXEMPT and not request.user.has_perm(desk.EXEMPT):
        raise PermissionDenied
    return form_page(
        request,
        form,
        lambda given: writing.add_section(pk, by=request.user, given=given, now=timezone.now()),
        template="reports/form_page.html",
        heading="Add a section",
        done="",
        url=lambda section: reverse("reports:write-section", args=[section.pk]),
        cancel_url=reverse("reports:view-paper", args=[pk]),
        paper=paper,
    )


@require_permission("reports.release_paper")
@require_POST
def release_section(request: Request, pk: int) -> HttpResponse:
    section = _section(request, pk)
    return post_action(
        request,
        lambda: writing.release_section(pk, by=request.user, now=timezone.now()),
        done=f"Section released: {section.heading}.",
        url=_narrative(section),
    )


@require_permission("reports.release_paper")
@require_POST
def take_back_section(request: Request, pk: int) -> HttpResponse:
    section = _section(request, pk)
    return post_action(
        request,
        lambda: writing.take_back_section(pk, by=request.user, now=timezone.now()),
        done=f"Release withdrawn: {section.heading}. You can change the section.",
        url=_narrative(section),
    )


def _narrative(section: Section) -> str:
    return reverse("reports:view-paper", args=[section.paper_id]) + "#narrative"
