from django.http import HttpResponse
from django.utils import timezone

from core.inputs import ReasonInput
from core.permissions import Request, require_permission
from govuk.form_fields import in_two_weeks
from govuk.form_page import bind, form_page
from suspensions.actions import monitoring, record
from suspensions.forms.monitoring import (
    ExemptNameForm,
    LeadForm,
    NameForm,
    ProgressForm,
    ReviewForm,
)
from suspensions.models import Suspension
from suspensions.views.steps import SEE, find, page_of
from suspensions.views.tasks import HEADINGS
from suspensions.workflow.suspension import SUSPENSION


@require_permission(*SEE, "suspensions.record_progress")
def record_review(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    initial = {
        "done_on": timezone.localdate(),
        "next_on": in_two_weeks() if suspension.is_now_in_force else None,
    }
    return form_page(
        request,
        bind(request, ReviewForm, initial=initial),
        lambda given: monitoring.record_review(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/record_review.html",
        done="The review has been recorded.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "review", request.user),
        heading=HEADINGS["review"],
        suspension=suspension,
    )


@require_permission(*SEE, "suspensions.record_progress")
def add_progress(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, ProgressForm, initial={"happened_on": timezone.localdate()}),
        lambda given: monitoring.add_progress(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/add_progress.html",
        done="Your entry has been added to the record.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "record-progress", request.user),
        heading=HEADINGS["record-progress"],
        suspension=suspension,
    )


@require_permission(*SEE, "suspensions.propose_suspension")
def hand_over(request: Request, suspension_id: int) -> HttpResponse:
    """Another officer leads."""
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, LeadForm, leads_now=suspension.lead_officer_id),
        lambda given: monitoring.hand_over(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/hand_over.html",
        done=lambda handed: f"{handed.lead_officer} is now the lead officer.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "hand-over", request.user),
        heading="Hand over the lead",
        suspension=suspension,
    )


@require_permission(*SEE, "suspensions.decide_suspension")
def mark_name(request: Request, suspension_id: int) -> HttpResponse:
    """Mark the name as public with a reason, or take that back."""
    suspension = find(suspension_id)
    back = suspension.is_public_name

    def act(given: ReasonInput | None) -> Suspension:
        if given is None:
            return record.mark_exempt(suspension.pk, by=request.user)
        return record.mark_public(suspension.pk, by=request.user, given=given)

    return form_page(
        request,
        bind(request, ExemptNameForm if back else NameForm),
        act,
        template="suspensions/mark_name.html",
        done="The name is exempt again." if back else "The name is now public.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "mark-public", request.user),
        heading="Make the name exempt again" if back else "Make the name public",
        suspension=suspension,
    )
