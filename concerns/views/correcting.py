"""Putting right what a concern says and what it is: corrected, of two kinds, merged, open again."""

from django.http import HttpResponse
from django.utils import timezone

from concerns.actions import correcting
from concerns.forms.correcting import CorrectForm, MergeForm, ReopenForm, SafeguardingForm
from concerns.views.shared import CHANGE, find, page_of
from concerns.workflow import CONCERN
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page


@require_permission(*CHANGE)
def correct_concern(request: Request, concern_id: int) -> HttpResponse:
    concern, now = find(concern_id), timezone.now()
    return form_page(
        request,
        bind(request, CorrectForm, of=concern, instance=concern, now=now),
        lambda given: correcting.correct(concern_id, by=request.user, given=given, now=now),
        template="concerns/correct_concern.html",
        heading="Correct the concern",
        done="Concern corrected.",
        url=page_of(concern),
        why_not=CONCERN.refusal(concern, "correct", request.user, now),
        concern=concern,
    )


@require_permission(*CHANGE)
def add_safeguarding(request: Request, concern_id: int) -> HttpResponse:
    concern, now = find(concern_id), timezone.now()
    return form_page(
        request,
        bind(request, SafeguardingForm, initial={"decided_on": timezone.localdate(now)}),
        lambda given: correcting.add_safeguarding(
            concern_id, by=request.user, given=given, now=now
        ),
        template="concerns/add_safeguarding.html",
        heading="Record as safeguarding too",
        done=lambda changed: f"{changed.reference} is a safeguarding concern too.",
        url=page_of(concern),
        why_not=CONCERN.refusal(concern, "add-safeguarding", request.user, now),
        concern=concern,
    )


@require_permission(*CHANGE)
def merge_concern(request: Request, concern_id: int) -> HttpResponse:
    concern, now = find(concern_id), timezone.now()
    return form_page(
        request,
        bind(request, MergeForm, concern=concern),
        lambda given: correcting.merge(concern_id, by=request.user, given=given, now=now),
        template="concerns/merge_concern.html",
        heading="Merge into another concern",
        done=lambda kept: f"{concern.reference} has been merged into {kept.reference}.",
        url=page_of,
        cancel_url=page_of(concern),
        why_not=CONCERN.refusal(concern, "merge", request.user, now),
        concern=concern,
    )


@require_permission(*CHANGE)
def reopen_concern(request: Request, concern_id: int) -> HttpResponse:
    concern, now = find(concern_id), timezone.now()
    return form_page(
        request,
        bind(request, ReopenForm),
        lambda given: correcting.reopen(concern_id, by=request.user, given=given, now=now),
        template="concerns/form_page.html",
        heading="Open the concern again",
        done="Concern opened again.",
        url=page_of(concern),
        why_not=CONCERN.refusal(concern, "reopen", request.user, now),
        concern=concern,
    )
