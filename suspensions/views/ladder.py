"""Formal steps: the list, the ladder of one service, and each deed."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from core.models import User
from core.permissions import Request, permit
from core.workflow import refusal
from govuk.form_page import bind, form_page
from govuk.forms import GovForm
from govuk.lists import ListPage
from providers.models import Service
from suspensions.actions import ladder
from suspensions.filters import FORMAL_COLUMNS, FormalFilter, formal_for_list
from suspensions.forms.ladder import (
    CloseFormalForm,
    DecideFormalForm,
    MoreTimeForm,
    NoStepForm,
    ProposeFormalForm,
    ReviewFormalForm,
)
from suspensions.forms.pieces import ReasonForm, in_two_weeks
from suspensions.models import EVER_IN_FORCE, FormalStatus, FormalStep, Policy
from suspensions.rules import fairness, prompts
from suspensions.rules import ladder as ladder_rules
from suspensions.rules import steps as steps_rules
from suspensions.views.steps import SEE
from suspensions.workflow.formal_step import FORMAL_STEP

# What a deed is called on the page, and where it is done. Deciding is shown once, for both ways.
DEEDS = {
    "refuse": ("Decide this step", "suspensions:decide-formal-step"),
    "withdraw": ("Withdraw the proposal", "suspensions:withdraw-formal-step"),
    "review": ("Record a review", "suspensions:review-formal-step"),
    "extend": ("Give more time", "suspensions:give-more-time"),
    "close": ("Close this step", "suspensions:close-formal-step"),
}


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
    context = {
        "page": page,
        "today": today,
        "prompts": prompts.prompts_of_all(today, Policy.current()),
        "tab": "steps",
    }
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
        "prompt": ladder_rules.prompt_of(service, today, Policy.current()),
        "not_taken": service.steps_not_taken.select_related("by"),
        "ever": EVER_IN_FORCE,
        "tab": "steps",
    }
    return render(request, "suspensions/view_ladder.html", context)


@permit(*SEE, "suspensions.propose_suspension")
def propose_formal_step(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service.objects.select_related("provider"), pk=service_id)
    initial = {"lead_officer": service.lead_officer_id, "rung": request.GET.get("rung", "")}
    return form_page(
        request,
        bind(request, ProposeFormalForm, service=service, initial=initial),
        lambda given: ladder.propose_formal(service.pk, by=request.user, given=given, now=timezone.now()),
        template="suspensions/propose_formal_step.html",
        done="The step has been proposed. Another manager decides it.",
        url=reverse("suspensions:view-ladder", args=[service.pk]),
        service=service,
        prompt=ladder_rules.prompt_of(service, timezone.localdate(), Policy.current()),
    )


@permit(*SEE, "suspensions.decide_suspension")
def take_no_step(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service, pk=service_id)
    prompt = ladder_rules.prompt_of(service, timezone.localdate(), Policy.current())
    return form_page(
        request,
        bind(request, NoStepForm),
        lambda given: ladder.take_no_step(service.pk, by=request.user, given=given, now=timezone.now()),
        template="suspensions/take_no_step.html",
        done="Recorded: no further step follows now.",
        url=reverse("suspensions:view-ladder", args=[service.pk]),
        why_not=refusal(ladder_rules.check_prompt, prompt),
        service=service,
        prompt=prompt,
    )


@permit(*SEE)
def view_formal_step(request: Request, step_id: int) -> HttpResponse:
    step = _find(step_id)
    context = {
        "step": step,
        "today": timezone.localdate(),
        "tasks": _tasks(step, request.user),
        "who": FORMAL_STEP.who_can(step, "issue") if step.status == FormalStatus.PROPOSED else (),
        "entries": step.entries.select_related("by"),
        "reviews": step.reviews.select_related("by"),
        "concerns": step.concerns.all(),
        "hearings": step.hearings.select_related("considered_by"),
        "unfair": fairness.unfair(step),
        "reviews_asked": step.review_requests.select_related("reviewer"),
        "records": request.user.has_perm(steps_rules.RECORD),
        "letters": step.letters.defer("content"),
        "tab": "steps",
    }
    return render(request, "suspensions/view_formal_step.html", context)


def _tasks(step: FormalStep, by: User) -> list[dict[str, object]]:
    """What can be done with the step now, and why not by the person who looks."""
    tasks: list[dict[str, object]] = []
    for able in FORMAL_STEP.available(step, by):
        if able.name in DEEDS:
            label, name = DEEDS[able.name]
            tasks.append({"label": label, "url": reverse(name, args=[step.pk]), "why_not": able.not_allowed})
    if step.decided_at and step.status != FormalStatus.REFUSED:
        why_not = None if by.has_perm(steps_rules.RECORD) else "You do not have the right to record that."
        url = reverse("suspensions:ask-review", args=["step", step.pk])
        asks = "Record that the provider asks for a review"
        tasks.append({"label": asks, "url": url, "why_not": why_not})
    return tasks


@permit(*SEE, "suspensions.decide_suspension")
def decide_formal_step(request: Request, step_id: int) -> HttpResponse:
    today = timezone.localdate()
    initial = {"decided_at": timezone.now(), "starts_on": today, "review_on": in_two_weeks()}
    form = bind(request, DecideFormalForm, initial=initial)
    done = "The decision has been recorded."
    return _deed(request, _find(step_id), "refuse", form, ladder.decide_formal, "decide_formal_step", done)


@permit(*SEE, "suspensions.propose_suspension")
def withdraw_formal_step(request: Request, step_id: int) -> HttpResponse:
    form = bind(request, ReasonForm)
    done = "The proposal has been withdrawn."
    return _deed(
        request, _find(step_id), "withdraw", form, ladder.withdraw_formal, "withdraw_formal_step", done
    )


@permit(*SEE, "suspensions.decide_suspension")
def give_more_time(request: Request, step_id: int) -> HttpResponse:
    form = bind(request, MoreTimeForm)
    done = "The day has been moved."
    return _deed(request, _find(step_id), "extend", form, ladder.give_more_time, "give_more_time", done)


@permit(*SEE, "suspensions.record_progress")
def review_formal_step(request: Request, step_id: int) -> HttpResponse:
    initial = {"done_on": timezone.localdate(), "next_on": in_two_weeks()}
    form = bind(request, ReviewFormalForm, initial=initial)
    done = "The review has been recorded."
    return _deed(request, _find(step_id), "review", form, ladder.review_formal, "review_formal_step", done)


@permit(*SEE, "suspensions.decide_suspension")
def close_formal_step(request: Request, step_id: int) -> HttpResponse:
    step = _find(step_id)
    form = bind(request, CloseFormalForm, step=step, initial={"closed_on": timezone.localdate()})
    done = "The step has been closed."
    return _deed(request, step, "close", form, ladder.close_formal, "close_formal_step", done)


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


def _deed(
    request: Request,
    step: FormalStep,
    name: str,
    form: GovForm,
    action: Callable[..., Any],
    template: str,
    done: str,
) -> HttpResponse:
    """The page of a deed of that name in the table; on a good answer do it and go back to the step."""
    return form_page(
        request,
        form,
        lambda given: action(step.pk, by=request.user, given=given, now=timezone.now()),
        template=f"suspensions/{template}.html",
        done=done,
        url=reverse("suspensions:view-formal-step", args=[step.pk]),
        why_not=FORMAL_STEP.refusal(step, name, request.user),
        step=step,
    )
