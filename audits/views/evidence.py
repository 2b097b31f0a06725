"""A visit's notes, files, feedback, risks and sharing as plain pages, which need no script."""

import uuid
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from audits import actions, rules
from audits.forms.evidence import (
    AttachmentForm,
    FeedbackForm,
    NoteForm,
    ReopenForm,
    RiskForm,
    SharingForm,
    WithdrawForm,
)
from audits.models import Attachment, FeedbackSheet, ImmediateRisk, LooseNote, Visit
from audits.views.bundle import whom_to_ring
from audits.views.work import READ, RECORD
from carequality.permits import Request, permit
from carequality.refusals import Refused

CHANGED_MEANWHILE = "{who} changed this meanwhile to: “{text}”. Yours is shown and not saved yet; save again to put it in its place."


def _visit(visit_id: int) -> Visit:
    return get_object_or_404(Visit.objects.select_related("service", "template", "officer"), pk=visit_id)


@permit(*RECORD)
def write_note(request: Request, visit_id: int, note_id: UUID | None = None) -> HttpResponse:
    visit = _visit(visit_id)
    note = get_object_or_404(visit.loose_notes, pk=note_id) if note_id else None
    shown = {"text": note.text, "question": note.question_id, "seen": note.version} if note else {}
    form = NoteForm(request.POST or None, initial=shown, template=visit.template)
    form.cancel_url = reverse("audits:view-visit", args=[visit_id])
    if request.method == "POST" and form.is_valid():
        question = form.cleaned_data.get("question")
        try:
            kept = actions.save_note(
                visit_id,
                by=request.user,
                note_id=note.pk if note else uuid.uuid4(),
                text=form.cleaned_data["text"],
                question_id=question and question.pk,
                seen=form.cleaned_data["seen"] or 0,
                written_at=timezone.now(),
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if not kept.overtaken:
                messages.success(request, "The note is saved.")
                return redirect("audits:view-visit", visit_id)
            form = NoteForm(_seen_now(request, kept.row), template=visit.template)
            form.cancel_url = reverse("audits:view-visit", args=[visit_id])
            form.add_error("text", CHANGED_MEANWHILE.format(who=kept.row.saved_by, text=kept.row.text))
    return render(request, "audits/write_note.html", {"form": form, "visit": visit, "note": note})


def _seen_now(request: Request, row: LooseNote | FeedbackSheet) -> dict[str, object]:
    """What was typed, over the version that stands now: saving again is meant."""
    return {**request.POST.dict(), "seen": row.version}


@permit(*RECORD)
def add_attachment(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)
    form = AttachmentForm(
        request.POST or None,
        request.FILES or None,
        initial={"question": request.GET.get("question")},
        template=visit.template,
    )
    form.cancel_url = reverse("audits:view-visit", args=[visit_id])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            added = actions.attach(
                visit_id,
                by=request.user,
                attachment_id=uuid.uuid4(),
                data=data["file"].read(),
                name=data["file"].name,
                caption=data["caption"],
                question_id=data["question"].pk if data.get("question") else None,
                from_provider=data["from_provider"],
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, f"The {added.get_kind_display().lower()} has been added.")
            return redirect("audits:view-visit", visit_id)
    return render(request, "audits/add_attachment.html", {"form": form, "visit": visit})


@permit(*READ)
def download_attachment(request: Request, attachment_id: UUID) -> HttpResponse:
    """The file itself, always as a download: a browser must never run what somebody has added."""
    attachment = get_object_or_404(Attachment.objects.standing().select_related("content"), pk=attachment_id)
    response = HttpResponse(bytes(attachment.content.data), content_type=attachment.content_type)
    name = attachment.name.encode("ascii", "replace").decode().replace('"', "_").replace("?", "_")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response


@permit(*RECORD)
def withdraw_attachment(request: Request, attachment_id: UUID) -> HttpResponse:
    attachment = get_object_or_404(Attachment.objects.select_related("visit__service"), pk=attachment_id)
    form = WithdrawForm(request.POST or None)
    form.cancel_url = reverse("audits:view-visit", args=[attachment.visit_id])
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_attachment(
                attachment_id, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It is withdrawn, and what it held is destroyed.")
            return redirect("audits:view-visit", attachment.visit_id)
    context = {"form": form, "visit": attachment.visit, "attachment": attachment}
    return render(request, "audits/withdraw_attachment.html", context)


@permit(*RECORD)
def give_feedback(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)
    sheet = FeedbackSheet.objects.filter(visit=visit).first()
    names = ("good", "change_now", "next_steps", "given_to")
    shown = {**{name: getattr(sheet, name) for name in names}, "seen": sheet.version} if sheet else {}
    form = FeedbackForm(request.POST or None, initial=shown)
    form.cancel_url = reverse("audits:view-visit", args=[visit_id])
    if request.method == "POST" and form.is_valid():
        texts = {name: form.cleaned_data[name] for name in names}
        try:
            kept = actions.save_feedback(
                visit_id,
                by=request.user,
                seen=form.cleaned_data["seen"] or 0,
                now=timezone.now(),
                **texts,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if not kept.overtaken:
                messages.success(request, "The feedback sheet is saved.")
                return redirect("audits:view-feedback", visit_id)
            form = FeedbackForm(_seen_now(request, kept.row))
            form.cancel_url = reverse("audits:view-visit", args=[visit_id])
            said = " / ".join(getattr(kept.row, name) for name in names if getattr(kept.row, name))
            form.add_error("good", CHANGED_MEANWHILE.format(who=kept.row.saved_by, text=said))
    return render(request, "audits/give_feedback.html", {"form": form, "visit": visit})


@permit(*READ)
def view_feedback(request: Request, visit_id: int) -> HttpResponse:
    """The sheet as it is handed over: it prints on one page and says nothing of a score."""
    visit = _visit(visit_id)
    sheet = FeedbackSheet.objects.filter(visit=visit).select_related("saved_by").first()
    may_change = rules.why_not_give_feedback(visit) is None
    context = {"visit": visit, "sheet": sheet, "may_change": may_change}
    return render(request, "audits/view_feedback.html", context)


@permit(*RECORD)
def raise_risk(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)
    form = RiskForm(request.POST or None, initial={"risk_id": uuid.uuid4()})
    form.cancel_url = reverse("audits:view-visit", args=[visit_id])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        now = timezone.now()
        try:
            already = ImmediateRisk.objects.filter(pk=data["risk_id"], visit=visit).first()
            risk = already or actions.raise_risk(visit_id, by=request.user, seen_at=now, now=now, **data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The risk is recorded as concern {risk.concern}. Ring now.")
            return redirect("audits:view-visit", visit_id)
    context = {"form": form, "visit": visit, "ring": whom_to_ring(visit)}
    return render(request, "audits/raise_risk.html", context)


@permit(*RECORD)
def record_sharing(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)
    if visit.kind not in rules.SHARED_KINDS:
        raise Http404
    names = ("who_came", "shared_before", "shared_after")
    initial = {name: getattr(visit, name) for name in names}
    form = SharingForm(request.POST or None, initial=initial, kind=visit.kind)
    form.cancel_url = reverse("audits:view-visit", args=[visit_id])
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_sharing(visit_id, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "What was shared is recorded.")
            return redirect("audits:view-visit", visit_id)
    return render(request, "audits/record_sharing.html", {"form": form, "visit": visit})


@permit("audits.reopen_visit", *READ)
def reopen_visit(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)
    form = ReopenForm(request.POST or None)
    form.cancel_url = reverse("audits:view-visit", args=[visit_id])
    if request.method == "POST" and form.is_valid():
        try:
            actions.reopen(visit_id, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "The visit is open again. Correct it, then complete it: it is scored anew."
            )
            return redirect("audits:view-visit", visit_id)
    return render(request, "audits/reopen_visit.html", {"form": form, "visit": visit})
