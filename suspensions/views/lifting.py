from django.http import HttpResponse
from django.utils import timezone

from carequality.permits import Request, permit
from suspensions import actions, rules
from suspensions.forms import DecideLiftForm, ProposeLiftForm
from suspensions.models import Status
from suspensions.views.steps import SEE, find, take_step


@permit(*SEE, "suspensions.propose_suspension")
def propose_lift(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    computed = rules.computed_points(suspension, timezone.localdate())
    form = ProposeLiftForm(
        request.POST if request.method == "POST" else None,
        computed=computed,
        judged=rules.judged_for(suspension),
    )
    return take_step(
        request,
        "suspensions/propose_lift.html",
        suspension,
        form,
        lambda: actions.propose_lift(
            suspension.pk,
            by=request.user,
            reason=form.cleaned_data["reason"],
            answers=form.answers(),
            now=timezone.now(),
        ),
        "The lift has been proposed. Another manager decides it.",
        why_not=rules.why_not_propose_lift(suspension, request.user),
        computed=computed.items(),
    )


@permit(*SEE, "suspensions.decide_suspension")
def decide_lift(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    waits = suspension.status == Status.LIFT_PROPOSED
    points = rules.points_to_lift(suspension, timezone.localdate()) if waits else {}
    form = DecideLiftForm(
        request.POST if request.method == "POST" else None,
        unmet=rules.unmet(points),
        initial={"decided_at": timezone.now()},
    )

    def deed() -> None:
        given = form.cleaned_data
        same = {"by": request.user, "reason": given["reason"], "decided_at": given["decided_at"]}
        if given["decision"] == "refuse":
            actions.refuse_lift(suspension.pk, now=timezone.now(), **same)
        else:
            actions.lift(suspension.pk, overrides=form.overrides(), now=timezone.now(), **same)

    return take_step(
        request,
        "suspensions/decide_lift.html",
        suspension,
        form,
        deed,
        lambda: (
            "The lift has been refused. The suspension goes on."
            if form.cleaned_data["decision"] == "refuse"
            else "The suspension has been lifted. Those who were told of it are being told."
        ),
        why_not=rules.why_not_decide_lift(suspension, request.user),
        points=rules.recorded_points(suspension),
        unmet=rules.unmet(points),
    )
