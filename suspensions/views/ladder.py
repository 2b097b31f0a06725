"""Formal steps: the list, the ladder of one service, and each deed."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from carequality.govuk.forms import GovForm
from carequality.govuk.lists import ListPage
from carequality.permits import Request, permit
from providers.models import Service
from suspensions import actions, rules
from suspensions.filters import FORMAL_COLUMNS, FormalFilter, formal_for_list
from suspensions.forms import (
    CloseFormalForm,
    DecideFormalForm,
    MoreTimeForm,
    NoStepForm,
    ProposeFormalForm,
    ReasonForm,
    ReviewFormalForm,
    in_two_weeks,
)
from suspensions.models import EVER_IN_FORCE, FormalStatus, FormalStep
from suspensions.views.steps import SEE, carry_out

# What a deed is called on the page, where it is done, and what is asked of the person and the step.
DEEDS = [
    ("Decide this step", "suspensions:decide-formal-step", "refuse"),
    ("Withdraw the proposal", "suspensions:withdraw-formal-step", "withdraw"),
    ("Give more time", "suspensions:give-more-time", "extend"),
    ("Close this step", "suspensions:close-formal-step", "close"),
]


@permit(*SEE)
def list_formal_steps(request: Request) -> HttpResponseBase:
    today = timezone.localdate()
    page = ListPage(
        request,
        FormalFilter(request.GET, queryset=formal_for_list()),
        FORMAL_COLUMNS,
        default_sort="status",
        export_name="formal-steps",
        noun=("formal step", "formal steps"),
    )
    context = {"page": page, "today": today, "prompts": rules.prompts(today), "tab": "steps"}
    return page.export() or render(request, "suspensions/list_formal_steps.html", context)


@permit(*SEE)
def view_ladder(request: Request, service_id: int) -> HttpResponse:
    """Every formal step and suspension of a service in the order of time, and whether the next is asked for."""
    service = get_object_or_404(Service.objects.select_related("provider", "district"), pk=service_id)
    today = timezone.localdate()
    steps = [
        (step.starts_on or timezone.localdate(step.proposed_at), step)
        for step in service.formal_steps.select_related("proposed_by")
    ]
    suspended = [
        (s.in_force_from or timezone.localdate(s.proposed_at), s)
        for s in service.suspensions.select_related("service", "unit")
    ]
    context = {
        "service": service,
        "today": today,
        "ladder": sorted([*steps, *suspended], key=lambda each: each[0], reverse=True),
        "prompt": rules.prompt_of(service, today),
        "not_taken": service.steps_not_taken.select_related("by"),
        "ever": EVER_IN_FORCE,
        "tab": "steps",
    }
    return render(request, "suspensions/view_ladder.html", context)


@permit(*SEE, "suspensions.propose_suspension")
def propose_formal_step(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service.objects.select_related("provider"), pk=service_id)
    form = ProposeFormalForm(
        request.POST if request.method == "POST" else None,
        service=service,
        initial={"lead_officer": service.lead_officer_id, "rung": request.GET.get("rung", "")},
    )
    return carry_out(
        request,
        "suspensions/propose_formal_step.html",
        form,
        lambda: actions.propose_formal(
            service.pk,
            rung=form.cleaned_data["rung"],
            notice=form.notice(),
            by=request.user,
            now=timezone.now(),
        ),
        "The step has been proposed. Another manager decides it.",
        reverse("suspensions:view-ladder", args=[service.pk]),
        service=service,
        prompt=rules.prompt_of(service, timezone.localdate()),
    )


@permit(*SEE, "suspensions.decide_suspension")
def take_no_step(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service, pk=service_id)
    form = NoStepForm(request.POST if request.method == "POST" else None)
    prompt = rules.prompt_of(service, timezone.localdate())
    return carry_out(
        request,
        "suspensions/take_no_step.html",
        form,
        lambda: actions.take_no_step(
            service.pk, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
        "Recorded: no further step follows now.",
        reverse("suspensions:view-ladder", args=[service.pk]),
        why_not=None if prompt else "Nothing asks for a further step now.",
        service=service,
        prompt=prompt,
    )


@permit(*SEE)
def view_formal_step(request: Request, step_id: int) -> HttpResponse:
    step = _find(step_id)
    tasks = [
        {
            "label": label,
            "url": reverse(name, args=[step.pk]),
            "why_not": rules.why_not_formal(action, step, request.user),
        }
        for label, name, action in DEEDS
        if rules.FORMAL_TRANSITIONS[action].before == step.status
    ]
    if step.status == FormalStatus.ISSUED:
        why_not = rules.why_not_record_formal(step, request.user)
        url = reverse("suspensions:review-formal-step", args=[step.pk])
        tasks.insert(0, {"label": "Record a review", "url": url, "why_not": why_not})
    if step.decided_at and step.status != FormalStatus.REFUSED:
        why_not = None if request.user.has_perm(rules.RECORD) else "You do not have the right to record that."
        url = reverse("suspensions:ask-review", args=["step", step.pk])
        asks = "Record that the provider asks for a review"
        tasks.append({"label": asks, "url": url, "why_not": why_not})
    context = {
        "step": step,
        "today": timezone.localdate(),
        "tasks": tasks,
        "who": rules.who_can_decide(step) if step.status == FormalStatus.PROPOSED else (),
        "entries": step.entries.select_related("by"),
        "reviews": step.reviews.select_related("by"),
        "concerns": step.concerns.all(),
        "hearings": step.hearings.select_related("considered_by"),
        "unfair": rules.unfair(step),
        "reviews_asked": step.review_requests.select_related("reviewer"),
        "records": request.user.has_perm(rules.RECORD),
        "letters": step.letters.defer("content"),
        "tab": "steps",
    }
    return render(request, "suspensions/view_formal_step.html", context)


@permit(*SEE, "suspensions.decide_suspension")
def decide_formal_step(request: Request, step_id: int) -> HttpResponse:
    initial = {
        "decided_at": timezone.now(),
        "starts_on": timezone.localdate(),
        "review_on": in_two_weeks(),
    }
    form = DecideFormalForm(request.POST if request.method == "POST" else None, initial=initial)

    def deed(step: FormalStep) -> None:
        given = form.cleaned_data
        same = {"by": request.user, "reason": given["reason"], "decided_at": given["decided_at"]}
        if given["decision"] == "refuse":
            actions.refuse_formal(step.pk, now=timezone.now(), **same)
        else:
            days = {name: given[name] for name in ("starts_on", "review_on")}
            actions.issue(step.pk, now=timezone.now(), **days, **same)

    return _do(
        request, step_id, "decide_formal_step", form, deed, "The decision has been recorded.", "refuse"
    )


@permit(*SEE, "suspensions.propose_suspension")
def withdraw_formal_step(request: Request, step_id: int) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def deed(step: FormalStep) -> None:
        actions.withdraw_formal(
            step.pk, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        )

    done = "The proposal has been withdrawn."
    return _do(request, step_id, "withdraw_formal_step", form, deed, done, "withdraw")


@permit(*SEE, "suspensions.decide_suspension")
def give_more_time(request: Request, step_id: int) -> HttpResponse:
    form = MoreTimeForm(request.POST if request.method == "POST" else None)

    def deed(step: FormalStep) -> None:
        actions.give_more_time(step.pk, by=request.user, now=timezone.now(), **form.cleaned_data)

    return _do(request, step_id, "give_more_time", form, deed, "The day has been moved.", "extend")


@permit(*SEE, "suspensions.record_progress")
def review_formal_step(request: Request, step_id: int) -> HttpResponse:
    initial = {"done_on": timezone.localdate(), "next_on": in_two_weeks()}
    form = ReviewFormalForm(request.POST if request.method == "POST" else None, initial=initial)

    def deed(step: FormalStep) -> None:
        actions.review_formal(step.pk, by=request.user, now=timezone.now(), **form.cleaned_data)

    return _do(request, step_id, "review_formal_step", form, deed, "The review has been recorded.", "")


@permit(*SEE, "suspensions.decide_suspension")
def close_formal_step(request: Request, step_id: int) -> HttpResponse:
    step = _find(step_id)
    form = CloseFormalForm(
        request.POST if request.method == "POST" else None,
        step=step,
        initial={"closed_on": timezone.localdate()},
    )

    def deed(step: FormalStep) -> None:
        actions.close_formal(step.pk, by=request.user, now=timezone.now(), **form.cleaned_data)

    return _do(request, step_id, "close_formal_step", form, deed, "The step has been closed.", "close")


def _find(step_id: int) -> FormalStep:
    found = FormalStep.objects.select_related(
        "service__provider",
        "contract",
        "suspension__service",
        "suspension__unit",
        "lead_officer",
        "proposed_by",
    )
    return get_object_or_404(found, pk=step_id)


def _do(
    request: Request,
    step_id: int,
    template: str,
    form: GovForm,
    deed: Callable[[FormalStep], Any],
    done: str,
    action: str,
) -> HttpResponse:
    step = _find(step_id)
    asked = rules.why_not_formal(action, step, request.user) if action else None
    return carry_out(
        request,
        f"suspensions/{template}.html",
        form,
        lambda: deed(step),
        done,
        reverse("suspensions:view-formal-step", args=[step.pk]),
        why_not=asked if action else rules.why_not_record_formal(step, request.user),
        step=step,
    )
