from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from audits import files
from audits.actions import templates
from audits.forms.templates import (
    ImportForm,
    PublishForm,
    QuestionForm,
    StandardForm,
    TemplateForm,
    TemplateSectionForm,
)
from audits.models import Question, Standard, Template, TemplateSection, TemplateStatus
from audits.rules import scoring
from audits.views.work import READ
from core.permissions import Request, require_permission
from documents.downloads import to_save
from govuk.form_page import bind, form_page, post_action

# Templates say what is asked, never what was found: whoever sees visits may read them.
SEE = ("audits.view_visit",)
EDIT = ("audits.edit_template", *READ)

# What a template is made of: its model, its form, and what it belongs to.
PARTS: dict[str, tuple[type[Any], type[Any], tuple[str, type[Any]]]] = {
    "section": (TemplateSection, TemplateSectionForm, ("template", Template)),
    "standard": (Standard, StandardForm, ("section", TemplateSection)),
    "question": (Question, QuestionForm, ("standard", Standard)),
}


@require_permission(*SEE)
def list_templates(request: Request) -> HttpResponse:
    rows = Template.objects.by_name()
    shipped = {path.stem for path in files.SHIPPED.glob("*.toml")}
    missing = shipped - {template.key for template in rows}
    context = {
        "templates": rows,
        "missing": missing,
        "may_edit": request.user.has_perms(EDIT),
    }
    return render(request, "audits/list_templates.html", context)


@require_permission(*SEE)
def view_template(request: Request, template_id: int) -> HttpResponse:
    template = get_object_or_404(Template, pk=template_id)
    draft = Template.objects.filter(key=template.key, status=TemplateStatus.DRAFT).first()
    context = {
        "template": template,
        "sections": template.sections.prefetch_related("standards__questions"),
        "rule": scoring.scoring_in_words(template),
        "may_edit": request.user.has_perms(EDIT),
        "may_change": template.is_draft and request.user.has_perms(EDIT),
        "draft": draft,
        "continue_draft": f"Continue with the draft of version {draft.version}" if draft else "",
        "caption": _caption(template),
    }
    return render(request, "audits/view_template.html", context)


def _caption(template: Template) -> str:
    count = Question.objects.of_template(template).count()
    questions = "1 question" if count == 1 else f"{count} questions"
    return f"Version {template.version}, {questions}"


@require_permission(*SEE)
def export_template(request: Request, template_id: int) -> HttpResponseBase:
    template = get_object_or_404(Template, pk=template_id)
    text = files.dump(files.content(template))
    name = f"{template.key}-version-{template.version}.toml"
    return to_save(text.encode(), name, "application/toml; charset=utf-8")


@require_permission(*EDIT)
def import_template(request: Request) -> HttpResponse:
    return form_page(
        request,
        bind(request, ImportForm),
        lambda source: templates.load_template(source, by=request.user, now=timezone.now()),
        template="audits/single_form.html",
        title="Import a template from a file",
        intro=[
            "The file becomes a draft: a new template, or the next version of the template with the"
            " same short name."
        ],
        done="Template imported. Check the draft, then bring it into use.",
        url=_page_of,
        cancel_url=reverse("audits:list-templates"),
    )


@require_permission(*EDIT)
def load_shipped(request: Request) -> HttpResponse:
    """Bring the templates that come with carequality into use: one button, no form to fill."""
    if request.method != "POST":
        return redirect("audits:list-templates")
    return post_action(
        request,
        lambda: templates.load_shipped(by=request.user, now=timezone.now()),
        done=lambda loaded: (
            f"Now in use: {', '.join(template.name for template in loaded)}."
            if loaded
            else "You already have all the templates that come with carequality."
        ),
        url=reverse("audits:list-templates"),
    )


def _page_of(template: Template) -> str:
    return reverse("audits:view-template", args=[template.pk])


@require_permission(*EDIT)
def add_template(request: Request) -> HttpResponse:
    return _save_template(request, None)


@require_permission(*EDIT)
def change_template(request: Request, template_id: int) -> HttpResponse:
    return _save_template(request, get_object_or_404(Template, pk=template_id))


def _save_template(request: Request, template: Template | None) -> HttpResponse:
    number = template.pk if template else None
    return form_page(
        request,
        bind(request, TemplateForm, instance=template),
        lambda given: templates.save_template(
            number, by=request.user, given=given, now=timezone.now()
        ),
        template="audits/single_form.html",
        title="Change the template" if template else "Add a template",
        about=str(template or ""),
        done="Template saved.",
        url=_page_of,
        cancel_url=_page_of(template) if template else reverse("audits:list-templates"),
    )


@require_permission(*EDIT)
def start_version(request: Request, template_id: int) -> HttpResponse:
    template = get_object_or_404(Template, pk=template_id)
    if request.method != "POST":
        return redirect(_page_of(template))
    return post_action(
        request,
        lambda: templates.start_version(template_id, by=request.user, now=timezone.now()),
        done="New version started. Nothing changes until you bring it into use.",
        url=_page_of,
        back=_page_of(template),
    )


@require_permission(*EDIT)
def publish_template(request: Request, template_id: int) -> HttpResponse:
    template = get_object_or_404(Template, pk=template_id)
    return form_page(
        request,
        bind(request, PublishForm, initial={"changes": template.changes}),
        lambda given: templates.publish(
            template_id, by=request.user, given=given, now=timezone.now()
        ),
        template="audits/single_form.html",
        title="Bring the template into use",
        about=str(template),
        intro=[
            "This version replaces the one in use. Visits already planned or made keep their"
            " version.",
            "You cannot change a version once it is in use.",
        ],
        done=f"{template} is now in use.",
        url=_page_of(template),
    )


@require_permission(*EDIT)
def discard_draft(request: Request, template_id: int) -> HttpResponse:
    template = get_object_or_404(Template, pk=template_id)
    if request.method != "POST":
        context = {"template": template, "cancel_url": _page_of(template)}
        return render(request, "audits/discard_draft.html", context)
    return post_action(
        request,
        lambda: templates.discard_draft(template_id, by=request.user),
        done="Draft discarded.",
        url=reverse("audits:list-templates"),
        back=_page_of(template),
    )


@require_permission(*EDIT)
def add_part(request: Request, kind: str, under: int) -> HttpResponse:
    """Add a section to a template, a standard to a section, or a question to a standard."""
    model, _, (parent_name, parent_model) = _part_kind(kind)
    parent = get_object_or_404(parent_model, pk=under)
    part = model(**{parent_name: parent})
    return _save_part(request, kind, part, siblings(part) + 1)


@require_permission(*EDIT)
def change_part(request: Request, kind: str, part_id: int) -> HttpResponse:
    part = get_object_or_404(_part_kind(kind)[0], pk=part_id)
    return _save_part(request, kind, part, part.order)


def _save_part(request: Request, kind: str, part: Any, position: int) -> HttpResponse:
    template = template_of(part)
    back = _page_of(template)
    return form_page(
        request,
        bind(request, _part_kind(kind)[1], instance=part, initial={"position": position}),
        lambda given: templates.save_part(part, by=request.user, given=given),
        template="audits/single_form.html",
        title=f"Add a {kind}" if part.pk is None else f"Change the {kind}",
        about=str(template),
        done=f"{kind.capitalize()} saved.",
        url=lambda saved: f"{back}#{kind}-{saved.pk}",
        cancel_url=back,
    )


@require_permission(*EDIT)
def remove_part(request: Request, kind: str, part_id: int) -> HttpResponse:
    part = get_object_or_404(_part_kind(kind)[0], pk=part_id)
    template = template_of(part)
    if request.method != "POST":
        context = {
            "part": part,
            "kind": kind,
            "template": template,
            "holds_others": not isinstance(part, Question),
            "cancel_url": _page_of(template),
        }
        return render(request, "audits/remove_part.html", context)
    return post_action(
        request,
        lambda: templates.remove_part(part, by=request.user),
        done=f"{kind.capitalize()} removed.",
        url=_page_of(template),
    )


def _part_kind(kind: str) -> tuple[type[Any], type[Any], tuple[str, type[Any]]]:
    if kind not in PARTS:
        raise Http404
    return PARTS[kind]


def template_of(part: templates.Part) -> Template:
    if isinstance(part, TemplateSection):
        return part.template
    return part.section.template if isinstance(part, Standard) else part.standard.section.template


def siblings(part: templates.Part) -> int:
    """How many parts of its kind stand beside it already."""
    if isinstance(part, TemplateSection):
        return part.template.sections.count()
    return (
        part.section.standards.count()
        if isinstance(part, Standard)
        else part.standard.questions.count()
    )
