from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from audits import actions, files, rules
from audits.forms import (
    ImportForm,
    PublishForm,
    QuestionForm,
    SectionForm,
    StandardForm,
    TemplateForm,
)
from audits.models import Question, Section, Standard, Template
from audits.views.work import READ
from carequality.permits import Request, permit
from carequality.refusals import Refused

# Templates say what is asked, never what was found: whoever sees visits may read them.
SEE = ("audits.view_visit",)
EDIT = ("audits.edit_template", *READ)

# What a template is made of: its model, its form, and what it belongs to.
PARTS: dict[str, tuple[type[Any], type[Any], tuple[str, type[Any]]]] = {
    "section": (Section, SectionForm, ("template", Template)),
    "standard": (Standard, StandardForm, ("section", Section)),
    "question": (Question, QuestionForm, ("standard", Standard)),
}


@permit(*SEE)
def list_templates(request: Request) -> HttpResponse:
    templates = Template.objects.order_by("name", "key", "-version")
    shipped = {path.stem for path in files.SHIPPED.glob("*.toml")}
    missing = shipped - {template.key for template in templates}
    return render(request, "audits/list_templates.html", {"templates": templates, "missing": missing})


@permit(*SEE)
def view_template(request: Request, template_id: int) -> HttpResponse:
    template = get_object_or_404(Template, pk=template_id)
    context = {
        "template": template,
        "sections": template.sections.prefetch_related("standards__questions"),
        "rule": rules.scoring_in_words(template),
        "is_draft": rules.why_not_edit(template) is None,
        "draft": Template.objects.filter(key=template.key, status="draft").first(),
        "count": Question.objects.of_template(template).count(),
    }
    return render(request, "audits/view_template.html", context)


@permit(*SEE)
def export_template(request: Request, template_id: int) -> HttpResponseBase:
    template = get_object_or_404(Template, pk=template_id)
    response = HttpResponse(
        files.dump(files.content(template)), content_type="application/toml; charset=utf-8"
    )
    name = f"{template.key}-version-{template.version}.toml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@permit(*EDIT)
def import_template(request: Request) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    form.cancel_url = reverse("audits:list-templates")
    if request.method == "POST" and form.is_valid():
        try:
            template = actions.load_template(form.cleaned_data["file"], by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(
                request, "The file has been read. Look through the draft, then bring it into use."
            )
            return redirect("audits:view-template", template.pk)
    return render(request, "audits/import_template.html", {"form": form})


@permit(*EDIT)
def load_shipped(request: Request) -> HttpResponse:
    """Bring the templates that come with carequality into use: one button, no form to fill."""
    if request.method == "POST":
        loaded = actions.load_shipped(by=request.user, now=timezone.now())
        names = ", ".join(template.name for template in loaded)
        messages.success(request, f"In use now: {names}." if loaded else "All of them are here already.")
    return redirect("audits:list-templates")


@permit(*EDIT)
def add_template(request: Request) -> HttpResponse:
    return _save_template(request, None)


@permit(*EDIT)
def change_template(request: Request, template_id: int) -> HttpResponse:
    return _save_template(request, get_object_or_404(Template, pk=template_id))


def _save_template(request: Request, template: Template | None) -> HttpResponse:
    form = TemplateForm(request.POST or None, instance=template)
    form.cancel_url = (
        reverse("audits:view-template", args=[template.pk]) if template else reverse("audits:list-templates")
    )
    name = str(template) if template else ""
    if request.method == "POST" and form.is_valid():
        number = template.pk if template else None
        try:
            saved = actions.save_template(number, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The template has been saved.")
            return redirect("audits:view-template", saved.pk)
    return render(request, "audits/change_template.html", {"form": form, "name": name})


@permit(*EDIT)
def start_version(request: Request, template_id: int) -> HttpResponse:
    template = get_object_or_404(Template, pk=template_id)
    if request.method == "POST":
        try:
            draft = actions.start_version(template_id, by=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, "A new version has been started. Nothing changes until it is brought into use."
            )
            return redirect("audits:view-template", draft.pk)
    return redirect("audits:view-template", template.pk)


@permit(*EDIT)
def publish_template(request: Request, template_id: int) -> HttpResponse:
    template = get_object_or_404(Template, pk=template_id)
    form = PublishForm(request.POST or None, initial={"changes": template.changes})
    form.cancel_url = reverse("audits:view-template", args=[template_id])
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish(
                template_id, by=request.user, now=timezone.now(), changes=form.cleaned_data["changes"]
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{template} is in use now.")
            return redirect("audits:view-template", template_id)
    return render(request, "audits/publish_template.html", {"form": form, "template": template})


@permit(*EDIT)
def discard_draft(request: Request, template_id: int) -> HttpResponse:
    template = get_object_or_404(Template, pk=template_id)
    if request.method == "POST":
        try:
            actions.discard_draft(template_id, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("audits:view-template", template_id)
        messages.success(request, "The draft has been discarded.")
        return redirect("audits:list-templates")
    return render(request, "audits/discard_draft.html", {"template": template})


@permit(*EDIT)
def add_part(request: Request, kind: str, under: int) -> HttpResponse:
    """Add a section to a template, a standard to a section, or a question to a standard."""
    model, _, (parent_name, parent_model) = _part_kind(kind)
    parent = get_object_or_404(parent_model, pk=under)
    part = model(**{parent_name: parent})
    return _save_part(request, kind, part, siblings(part) + 1)


@permit(*EDIT)
def change_part(request: Request, kind: str, part_id: int) -> HttpResponse:
    part = get_object_or_404(_part_kind(kind)[0], pk=part_id)
    return _save_part(request, kind, part, part.order)


def _save_part(request: Request, kind: str, part: Any, position: int) -> HttpResponse:
    form = _part_kind(kind)[1](request.POST or None, instance=part, initial={"position": position})
    template = template_of(part)
    form.cancel_url = reverse("audits:view-template", args=[template.pk])
    is_new = part.pk is None
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_part(
                form.save(commit=False), by=request.user, position=form.cleaned_data["position"]
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The {kind} has been saved.")
            return redirect(f"{form.cancel_url}#{kind}-{saved.pk}")
    context = {"form": form, "kind": kind, "template": template, "is_new": is_new}
    return render(request, "audits/change_part.html", context)


@permit(*EDIT)
def remove_part(request: Request, kind: str, part_id: int) -> HttpResponse:
    part = get_object_or_404(_part_kind(kind)[0], pk=part_id)
    template = template_of(part)
    if request.method == "POST":
        try:
            actions.remove_part(part, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"The {kind} has been removed.")
        return redirect("audits:view-template", template.pk)
    return render(request, "audits/remove_part.html", {"part": part, "kind": kind, "template": template})


def _part_kind(kind: str) -> tuple[type[Any], type[Any], tuple[str, type[Any]]]:
    if kind not in PARTS:
        raise Http404
    return PARTS[kind]


def template_of(part: actions.Part) -> Template:
    if isinstance(part, Section):
        return part.template
    return part.section.template if isinstance(part, Standard) else part.standard.section.template


def siblings(part: actions.Part) -> int:
    """How many parts of its kind stand beside it already."""
    if isinstance(part, Section):
        return part.template.sections.count()
    return part.section.standards.count() if isinstance(part, Standard) else part.standard.questions.count()
