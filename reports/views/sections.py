from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from audits.models import GoodPractice
from carequality.permits import Request, permit
from carequality.refusals import Refused
from reports import actions, desk, rules
from reports.forms import AddSectionForm, SectionForm
from reports.models import Paper, Section
from reports.papers.markup import parse
from reports.views.desk import answer


def _section(request: Request, pk: int) -> Section:
    section = get_object_or_404(Section.objects.select_related("paper", "written_by", "released_by"), pk=pk)
    if section.is_exempt and not request.user.has_perm(desk.EXEMPT):
        raise PermissionDenied
    if rules.why_not_read_unpublished(section.paper, request.user):
        raise PermissionDenied
    return section


@permit("reports.view_paper")
def view_section(request: Request, pk: int) -> HttpResponse:
    section = _section(request, pk)
    context = {
        "section": section,
        "paper": section.paper,
        "blocks": parse(section.body),
        "why_not_write": rules.why_not_edit_section(section),
        "why_not_release": rules.why_not_release_section(section),
        "why_not_take_back": rules.why_not_take_back_section(section),
        "examples": _examples(section),
    }
    return render(request, "reports/view_section.html", context)


@permit("reports.write_paper")
def write_section(request: Request, pk: int) -> HttpResponse:
    section = _section(request, pk)
    form = SectionForm(request.POST or None, instance=section, initial=_with_example(request, section))
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_section(pk, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{section.heading}: saved.")
            return redirect("reports:view-section", pk)
    return render(
        request, "reports/write_section.html", {"form": form, "section": section, "paper": section.paper}
    )


def _examples(section: Section) -> list[tuple[GoodPractice, str]]:
    """The good practice that the section may tell of, each as the paper would write it."""
    if rules.why_not_edit_section(section):
        return []
    written = "\n".join(section.paper.sections.values_list("body", flat=True))
    usable = GoodPractice.objects.usable().select_related("service")
    return [(example, rules.told_of(example, written)) for example in usable]


def _with_example(request: Request, section: Section) -> dict[str, str]:
    """The section's text with the example of good practice that the address names after it; nothing is saved yet."""
    number = request.GET.get("example", "")
    for example, told in _examples(section) if number.isdecimal() else []:
        if example.pk == int(number):
            return {"body": f"{section.body}\n\n{told}".strip()}
    return {}


@permit("reports.write_paper")
def add_section(request: Request, pk: int) -> HttpResponse:
    paper = get_object_or_404(Paper, pk=pk)
    form = AddSectionForm(request.POST or None, paper=paper)
    if request.method == "POST" and form.is_valid():
        exempt = form.cleaned_data["where"] == "exempt"
        if exempt and not request.user.has_perm(desk.EXEMPT):
            raise PermissionDenied
        try:
            section = actions.add_section(
                pk,
                by=request.user,
                heading=form.cleaned_data["heading"],
                after=form.cleaned_data["after"],
                is_exempt=exempt,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("reports:write-section", section.pk)
    return render(request, "reports/add_section.html", {"form": form, "paper": paper})


@permit("reports.release_paper")
@require_POST
def release_section(request: Request, pk: int) -> HttpResponse:
    section = _section(request, pk)
    return answer(
        request,
        section.paper_id,
        lambda: actions.release_section(pk, by=request.user),
        f"{section.heading}: released.",
        place="#narrative",
    )


@permit("reports.release_paper")
@require_POST
def take_back_section(request: Request, pk: int) -> HttpResponse:
    section = _section(request, pk)
    return answer(
        request,
        section.paper_id,
        lambda: actions.take_back_section(pk, by=request.user),
        f"{section.heading}: taken back. It can be changed now.",
        place="#narrative",
    )
