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
    WithdrawForm,
)
from audits.models import Attachment, FeedbackSheet, ImmediateRisk, Visit
from audits.permissions import READ
from audits.rules import evidence as evidence_rules
from audits.views.bundle import whom_to_ring
from audits.views.work import RECORD
from audits.workflow.visit import VISIT
from core.permissions import Request, require_permission
from core.workflow import NotAllowed
from govuk.form_page import bind, form_page

CHANGED_MEANWHILE = (
    "{who} changed this meanwhile to: “{text}”. Yours is shown and not saved yet; save again to put"
    " it in its place."
)


def _visit(visit_id: int) -> Visit:
    return get_object_or_404(
        Visit.objects.select_related("service", "template", "officer"), pk=visit_id
    )


def _page(visit: Visit) -> str:
    return reverse("audits:view-visit", args=[visit.pk])


def _conflicting(
    form: NoteForm | FeedbackForm, kept: evidence.Kept[Any], field: str, text: str
) -> Any:
    """What was saved.

    Raises `NotAllowed`: `conflict`, the form then shown over what a colleague has written.
    """
    if kept.conflict:
        form.see(kept.row.version)
        raise NotAllowed(
            "conflict", CHANGED_MEANWHILE.format(who=kept.row.saved_by, text=text), field
        )
    return kept.row


@require_permission(*RECORD)
def write_note(request: Request, visit_id: int, note_id: UUID | None = None) -> HttpResponse:
    visit = _visit(visit_id)
    note = get_object_or_404(visit.loose_notes, pk=note_id) if note_id else None
    shown = {"text": note.text, "question": note.question_id, "seen": note.version} if note else {}
    form = bind(request, NoteForm, initial=shown, template=visit.template)

    def act(given: evidence.NoteInput) -> Any:
        now, pk = timezone.now(), note.pk if note else uuid.uuid4()
        kept = evidence.save_note(
            visit_id, by=request.user, note_id=pk, given=given, written_at=now, now=now
        )
        return _conflicting(form, kept, "text", kept.row.text)

    return form_page(
        request,
        form,
        act,
        template="audits/write_note.html",
        done="The note is saved.",
        url=_page(visit),
        visit=visit,
        note=note,
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
        template="audits/add_attachment.html",
        done=lambda added: f"The {added.get_kind_display().lower()} has been added.",
        url=_page(visit),
        visit=visit,
    )


@require_permission(*READ)
def download_attachment(request: Request, attachment_id: UUID) -> HttpResponse:
    """The file itself, always as a download: a browser must never run what somebody has added."""
    attachment = get_object_or_404(
        Attachment.objects.not_withdrawn().select_related("content"), pk=attachment_id
    )
    response = HttpResponse(bytes(attachment.content.data), content_type=attachment.content_type)
    name = attachment.name.encode("ascii", "replace").decode().replace('"', "_").replace("?", "_")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response


@require_permission(*RECORD)
def withdraw_attachment(request: Request, attachment_id: UUID) -> HttpResponse:
    attachment = get_object_or_404(
        Attachment.objects.select_related("visit__service"), pk=attachment_id
    )
    return form_page(
        request,
        bind(request, WithdrawForm),
        lambda given: evidence.withdraw_attachment(
            attachment_id, by=request.user, given=given, now=timezone.now()
        ),
        template="audits/withdraw_attachment.html",
        done="It is withdrawn, and what it held is destroyed.",
        url=_page(attachment.visit),
        visit=attachment.visit,
        attachment=attachment,
    )


@require_permission(*RECORD)
def give_feedback(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)
    sheet = FeedbackSheet.objects.filter(visit=visit).first()
    names = ("good", "change_now", "next_steps", "given_to")
    shown = (
        {**{name: getattr(sheet, name) for name in names}, "seen": sheet.version} if sheet else {}
    )
    form = bind(request, FeedbackForm, initial=shown)

    def act(given: evidence.FeedbackInput) -> Any:
        kept = evidence.save_feedback(visit_id, by=request.user, given=given, now=timezone.now())
        said = " / ".join(getattr(kept.row, name) for name in names if getattr(kept.row, name))
        return _conflicting(form, kept, "good", said)

    return form_page(
        request,
        form,
        act,
        template="audits/give_feedback.html",
        done="The feedback sheet is saved.",
        url=reverse("audits:view-feedback", args=[visit_id]),
        cancel_url=_page(visit),
        visit=visit,
    )


@require_permission(*READ)
def view_feedback(request: Request, visit_id: int) -> HttpResponse:
    """The sheet as it is handed over: it prints on one page and says nothing of a score."""
    visit = _visit(visit_id)
    sheet = FeedbackSheet.objects.filter(visit=visit).select_related("saved_by").first()
    may_change = VISIT.refusal(visit, "give-feedback", request.user) is None
    context = {"visit": visit, "sheet": sheet, "may_change": may_change}
    return render(request, "audits/view_feedback.html", context)


@require_permission(*RECORD)
def raise_risk(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)

    def act(given: evidence.RiskInput) -> ImmediateRisk:
        now = timezone.now()
        # Pressed twice, it is one concern.
        already = ImmediateRisk.objects.filter(pk=given.risk_id, visit=visit).first()
        return already or evidence.raise_risk(
            visit_id, by=request.user, given=given, seen_at=now, now=now
        )

    return form_page(
        request,
        bind(request, RiskForm, initial={"risk_id": uuid.uuid4()}),
        act,
        template="audits/raise_risk.html",
        done=lambda risk: f"The risk is recorded as concern {risk.concern}. Ring now.",
        url=_page(visit),
        visit=visit,
        ring=whom_to_ring(visit),
    )


@require_permission(*RECORD)
def record_sharing(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)
    if visit.kind not in evidence_rules.SHARED_KINDS:
        raise Http404
    names = ("who_came", "shared_before", "shared_after")
    initial = {name: getattr(visit, name) for name in names}
    return form_page(
        request,
        bind(request, SharingForm, initial=initial, kind=visit.kind),
        lambda given: evidence.record_sharing(visit_id, by=request.user, given=given),
        template="audits/record_sharing.html",
        done="What was shared is recorded.",
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
        template="audits/reopen_visit.html",
        done="The visit is open again. Correct it, then complete it: it is scored anew.",
        url=_page(visit),
        visit=visit,
    )
