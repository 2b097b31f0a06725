"""A visit's notes, files, feedback, risks and sharing as plain pages, which need no script."""

import uuid
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from audits.actions import corrections, evidence
from audits.forms.evidence import (
    AttachmentForm,
    FeedbackForm,
    NoteForm,
    ReopenForm,
    RiskForm,
    SharingForm,
)
from audits.forms.naming import NO_NAMES
from audits.models import Attachment, FeedbackSheet, ImmediateRisk, LooseNote, Visit
from audits.permissions import READ
from audits.views.bundle import whom_to_call
from audits.views.work import RECORD
from audits.workflow.visit import VISIT
from core import versions
from core.permissions import Request, require_permission
from documents import downloads
from govuk.file_forms import WITHDRAWN, WithdrawFileForm
from govuk.form_page import bind, form_page

TASK = "audits/single_form.html"


def _visit(visit_id: int) -> Visit:
    return get_object_or_404(
        Visit.objects.select_related("service", "template", "officer"), pk=visit_id
    )


def _page(visit: Visit) -> str:
    return reverse("audits:view-visit", args=[visit.pk])


def _saved(form: NoteForm | FeedbackForm, kept: evidence.Kept[Any]) -> Any:
    """What was saved.

    Raises `StaleVersion`: the form then shows what a colleague has written meanwhile.
    """
    if kept.conflict:
        # Also a sheet that was not there when the form was opened.
        form.of = kept.row
        every = versions.history(kept.row)
        number = form.cleaned_data["seen"]
        seen = next((version for version in every if version.number == number), None)
        raise versions.StaleVersion(seen, every[-1] if every else None)
    return kept.row


@require_permission(*RECORD)
def write_note(request: Request, visit_id: int, note_id: UUID | None = None) -> HttpResponse:
    visit = _visit(visit_id)
    note = get_object_or_404(visit.loose_notes, pk=note_id) if note_id else None
    shown = {"text": note.text, "question": note.question_id} if note else {}
    of = note or LooseNote(visit=visit, version=0)
    form = bind(request, NoteForm, initial=shown, of=of, template=visit.template)

    def act(given: evidence.NoteInput) -> Any:
        now, pk = timezone.now(), note.pk if note else uuid.uuid4()
        kept = evidence.save_note(
            visit_id, by=request.user, note_id=pk, given=given, written_at=now, now=now
        )
        return _saved(form, kept)

    return form_page(
        request,
        form,
        act,
        template=TASK,
        done="The note has been saved.",
        title="Change a note" if note else "Take a note",
        about=visit.service_and_kind,
        url=_page(visit),
        visit=visit,
    )


@require_permission(*RECORD)
def add_attachment(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)
    initial = {"question": request.GET.get("question")}
    return form_page(
        request,
        bind(request, AttachmentForm, initial=initial, template=visit.template),
        lambda given: evidence.attach(
            visit_id, by=request.user, attachment_id=uuid.uuid4(), given=given, now=timezone.now()
        ),
        template="audits/add_file.html",
        title="Add a photograph or document",
        about=visit.service_and_kind,
        done=lambda added: f"The {added.file.get_kind_display().lower()} has been added.",
        url=_page(visit),
        visit=visit,
    )


@require_permission(*READ)
def download_attachment(request: Request, attachment_id: UUID) -> HttpResponse:
    """The file itself, or a photograph as it came where the copy differs from it."""
    attachment = get_object_or_404(Attachment.objects.not_withdrawn(), pk=attachment_id)
    return downloads.asked(request, attachment.file)


@require_permission(*RECORD)
def withdraw_attachment(request: Request, attachment_id: UUID) -> HttpResponse:
    attachment = get_object_or_404(
        Attachment.objects.select_related("visit__service"), pk=attachment_id
    )
    return form_page(
        request,
        bind(request, WithdrawFileForm),
        lambda given: evidence.withdraw_attachment(
            attachment_id, by=request.user, given=given, now=timezone.now()
        ),
        template="audits/withdraw_file.html",
        done=WITHDRAWN,
        title=f"Withdraw “{attachment}”",
        about=attachment.visit.service_and_kind,
        url=_page(attachment.visit),
        visit=attachment.visit,
    )


@require_permission(*RECORD)
def give_feedback(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)
    sheet = FeedbackSheet.objects.filter(visit=visit).first()
    names = ("good", "change_now", "next_steps", "given_to")
    shown = {name: getattr(sheet, name) for name in names} if sheet else {}
    of = sheet or FeedbackSheet(visit=visit, version=0)
    form = bind(request, FeedbackForm, initial=shown, of=of)

    def act(given: evidence.FeedbackInput) -> Any:
        kept = evidence.save_feedback(visit_id, by=request.user, given=given, now=timezone.now())
        return _saved(form, kept)

    return form_page(
        request,
        form,
        act,
        template=TASK,
        done="The feedback sheet has been saved.",
        title="Feedback sheet for the manager",
        about=visit.service_and_kind,
        intro=[
            f"Write what you tell the manager before you leave. Do not mention a score. {NO_NAMES}"
        ],
        url=reverse("audits:view-feedback", args=[visit_id]),
        cancel_url=_page(visit),
        visit=visit,
    )


@require_permission(*READ)
def view_feedback(request: Request, visit_id: int) -> HttpResponse:
    """The sheet as it is handed over: it prints on one page and says nothing of a score."""
    visit = _visit(visit_id)
    sheet = FeedbackSheet.objects.filter(visit=visit).select_related("saved_by").first()
    parts = [
        (FeedbackForm.base_fields[name].label, getattr(sheet, name))
        for name in ("good", "change_now", "next_steps")
        if sheet is not None
    ]
    may_change = VISIT.refusal(visit, "give-feedback", request.user) is None
    label = f"{'Change' if sheet else 'Write'} the feedback sheet" if may_change else ""
    context = {"visit": visit, "sheet": sheet, "parts": parts, "change_label": label}
    return render(request, "audits/view_feedback.html", context)


@require_permission(*RECORD)
def raise_risk(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)

    def act(given: evidence.RiskInput) -> ImmediateRisk:
        now = timezone.now()
        # Sent twice, it is one concern.
        already = ImmediateRisk.objects.filter(pk=given.risk_id, visit=visit).first()
        return already or evidence.raise_risk(
            visit_id, by=request.user, given=given, seen_at=now, now=now
        )

    return form_page(
        request,
        bind(request, RiskForm, initial={"risk_id": uuid.uuid4()}),
        act,
        template="audits/raise_risk.html",
        done=lambda risk: f"The risk has been recorded as concern {risk.concern}. Call now.",
        title="Immediate risk",
        about=visit.service_and_kind,
        url=_page(visit),
        visit=visit,
        contacts=whom_to_call(visit),
    )


@require_permission(*RECORD)
def record_sharing(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)
    if not visit.has_partners:
        raise Http404
    names = ("who_came", "shared_before", "shared_after")
    initial = {name: getattr(visit, name) for name in names}
    return form_page(
        request,
        bind(request, SharingForm, initial=initial, kind=visit.kind),
        lambda given: evidence.record_sharing(visit_id, by=request.user, given=given),
        template=TASK,
        done="What was shared has been recorded.",
        title="Record what was shared",
        about=visit.service_and_kind,
        url=_page(visit),
        visit=visit,
    )


@require_permission("audits.reopen_visit", *READ)
def reopen_visit(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)
    return form_page(
        request,
        bind(request, ReopenForm),
        lambda given: corrections.reopen(
            visit_id, by=request.user, given=given, now=timezone.now()
        ),
        template=TASK,
        done="Visit reopened. Correct it, then complete it again to score it.",
        title="Reopen a completed visit",
        about=visit.service_and_kind,
        intro=_what_reopening_does(visit),
        url=_page(visit),
        visit=visit,
    )


def _what_reopening_does(visit: Visit) -> list[str]:
    said = [
        "You can then correct its answers. Completing it again scores it again.",
        "We keep what it says now, with your reason.",
    ]
    if visit.is_public:
        said.append("Its outcome is public. It becomes exempt until someone makes it public again.")
    return said
