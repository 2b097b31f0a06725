from django.http import HttpResponse
from django.utils import timezone

from core.permissions import Request, require_permission
from formal_steps.rules.involved import parts_taken
from govuk.form_page import bind, form_page
from suspensions.actions import lifting
from suspensions.actions.lifting import DecideLiftInput
from suspensions.forms.lifting import DecideLiftForm, ProposeLiftForm, WithdrawLiftForm
from suspensions.models import Suspension, SuspensionStatus
from suspensions.rules import lifting as lifting_rules
from suspensions.rules import record
from suspensions.views.steps import NOTIFYING, SEE, find, page_of, read_of
from suspensions.views.tasks import HEADINGS
from suspensions.workflow.suspension import SUSPENSION


@require_permission(*SEE, "suspensions.propose_suspension")
def propose_lift(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    computed = lifting_rules.computed_criteria(suspension, timezone.localdate())
    return form_page(
        request,
        bind(
            request, ProposeLiftForm, computed=computed, judged=lifting_rules.judged_for(suspension)
        ),
        lambda given: lifting.propose_lift(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/propose_lift.html",
        done="The lift has been proposed. Another manager must decide it.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "propose-lift", request.user),
        heading=HEADINGS["propose-lift"],
        suspension=suspension,
        computed=computed.items(),
    )


@require_permission(*SEE, "suspensions.propose_suspension")
def withdraw_lift(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, WithdrawLiftForm),
        lambda given: lifting.withdraw_lift(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/withdraw_proposal.html",
        done="The proposed lift has been withdrawn. The suspension stays in force.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "withdraw-lift", request.user),
        heading=HEADINGS["withdraw-lift"],
        suspension=suspension,
    )


@require_permission(*SEE, "suspensions.decide_suspension")
def decide_lift(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    waits = suspension.status == SuspensionStatus.LIFT_PROPOSED
    criteria = lifting_rules.criteria_to_lift(suspension, timezone.localdate()) if waits else {}
    unmet = lifting_rules.unmet(criteria)
    initial = {"decided_at": timezone.now()}

    def act(given: DecideLiftInput) -> Suspension:
        now = timezone.now()
        if given.decision == "refuse":
            return lifting.refuse_lift(suspension.pk, by=request.user, given=given, now=now)
        return lifting.lift(suspension.pk, by=request.user, given=given, now=now)

    return form_page(
        request,
        bind(request, DecideLiftForm, of=suspension, unmet=unmet, initial=initial),
        act,
        template="suspensions/decide_lift.html",
        done=lambda decided: (
            f"The suspension has been lifted. {NOTIFYING}"
            if decided.status == SuspensionStatus.LIFTED
            else "The lift has been refused. The suspension stays in force."
        ),
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "lift", request.user),
        heading=HEADINGS["lift"],
        suspension=suspension,
        criteria=lifting_rules.recorded_criteria(suspension),
        took_part=parts_taken(suspension, request.user),
        read=read_of(suspension, but=record.OF_A_LIFT),
        unmet=unmet,
    )
