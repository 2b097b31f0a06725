"""The people who live there: who pays for them, welfare checks, and the meetings held about
them.
"""

from django.http import HttpResponse
from django.utils import timezone

from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from suspensions.actions import people
from suspensions.forms.people import MeetingForm, WelfareForm
from suspensions.views.steps import SEE, find, page_of
from suspensions.views.tasks import HEADINGS
from suspensions.workflow.suspension import SUSPENSION


@require_permission(*SEE, "suspensions.record_progress")
def check_welfare(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    form = bind(request, WelfareForm, initial={"done_on": timezone.localdate()})
    return form_page(
        request,
        form,
        lambda given: people.check_welfare(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/task.html",
        done="The welfare check has been added.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "welfare", request.user),
        heading=HEADINGS["welfare"],
        suspension=suspension,
    )


@require_permission(*SEE, "suspensions.record_progress")
def hold_meeting(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, MeetingForm),
        lambda given: people.hold_meeting(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/task.html",
        done="The meeting has been added.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "meeting", request.user),
        heading=HEADINGS["meeting"],
        suspension=suspension,
    )
