"""What was put to the provider about a suspension, the reviews that it asked for, and the letters:
pages as of a formal step.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.permissions import Request, require_permission
from formal_steps.views import representations as pages
from govuk.form_page import post_action
from suspensions.actions import letters, representations
from suspensions.models import (
    Recipient,
    SuspensionLetter,
    SuspensionRepresentation,
    SuspensionReviewRequest,
)
from suspensions.views.steps import SEE, find, page_of
from suspensions.workflow.suspension import SUSPENSION


@require_permission(*SEE, "suspensions.record_progress")
def put_to_provider(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return pages.put_page(
        request,
        suspension,
        representations.put_to_provider,
        page_of(suspension),
        SUSPENSION.refusal(suspension, "put", request.user),
    )


@require_permission(*SEE, "suspensions.record_progress")
def record_answer(request: Request, representation_id: int) -> HttpResponse:
    """The provider's answer; or, when it stands, how it was considered."""
    found = get_object_or_404(
        SuspensionRepresentation.objects.select_related("suspension__service", "suspension__unit"),
        pk=representation_id,
    )
    actions = (representations.record_answer, representations.consider_answer)
    return pages.answer_page(request, found, *actions, page_of(found.suspension))


@require_permission(*SEE, "suspensions.record_progress")
def ask_review(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return pages.ask_review_page(
        request,
        suspension,
        representations.ask_review,
        page_of(suspension),
        SUSPENSION.refusal(suspension, "ask-review", request.user),
        SEE,
    )


@require_permission(*SEE)
def answer_review(request: Request, request_id: int) -> HttpResponse:
    found = SuspensionReviewRequest.objects.select_related(
        "reviewer", "suspension__service", "suspension__unit"
    )
    asked = get_object_or_404(found, pk=request_id)
    return pages.answer_review_page(
        request, asked, representations.answer_review, page_of(asked.suspension)
    )


@require_permission(*SEE, "suspensions.record_progress")
@require_POST
def write_letter(request: Request, recipient_id: int) -> HttpResponse:
    """Have a letter to that recipient made by the worker."""
    recipient = get_object_or_404(Recipient.objects.select_related("suspension"), pk=recipient_id)
    return post_action(
        request,
        lambda: letters.write_letter(recipient.pk, by=request.user, now=timezone.now()),
        done="We are making the letter.",
        url=f"{page_of(recipient.suspension)}#letters",
    )


@require_permission(*SEE)
def download_letter(request: Request, letter_id: int) -> HttpResponse:
    return pages.letter_file(get_object_or_404(SuspensionLetter, pk=letter_id))
