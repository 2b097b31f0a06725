"""Formal steps: the list, those of one service, and each task."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from core import cover
from core.models import User
from core.permissions import Request, require_permission
from core.workflow import refusal
from formal_steps.actions import steps
from formal_steps.filters import COLUMNS, FormalStepFilter, for_list
from formal_steps.forms.steps import (
    CloseStepForm,
    DecideStepForm,
    MoreTimeForm,
    NoStepForm,
    ProposeStepForm,
    ReviewStepForm,
    StepForm,
    StepRecordForm,
)
from formal_steps.models import FormalStep, FormalStepStatus, Policy
from formal_steps.permissions import DECIDE, PROPOSE, RECORD, SEE
from formal_steps.registration import HISTORY, LINKS, HistoryEntry
from formal_steps.registration import TASKS as TASKS_BESIDE
from formal_steps.rules import prompts, record, representations, versions
from formal_steps.rules.deciding import decide_by
from formal_steps.rules.involved import parts_taken
from formal_steps.views.representations import ASK_REVIEW
from formal_steps.workflow import FORMAL_STEP
from govuk.form_fields import ReasonForm, in_two_weeks
from govuk.form_page import bind, form_page
from govuk.forms import GovForm
from govuk.lists import ListPage
from providers.models import Service

# What a step of the table is called on the page, as the heading of its own page repeats, and where
# it is done. Deciding is shown once, for both ways.
TASKS = {
    "refuse": ("Decide this step", "formal_steps:decide-formal-step"),
    "complete": ("Change this proposal", "formal_steps:complete-formal-step"),
    "withdraw": ("Withdraw this proposal", "formal_steps:withdraw-formal-step"),
    "review": ("Record a review", "formal_steps:review-formal-step"),
    "extend": ("Give more time", "formal_steps:give-more-time"),
    "close": ("Close this step", "formal_steps:close-formal-step"),
    "put": ("Add what was put to the provider", "formal_steps:put-to-provider"),
    "add-file": ("Add a photograph or document", "formal_steps:add-file"),
    "ask-review": (ASK_REVIEW, "formal_steps:ask-review"),
}
EXEMPT = "Exempt: not for publication"


@require_permission(*SEE)
def list_formal_steps(request: Request) -> HttpResponseBase:
    today = timezone.localdate()
    page = ListPage(
        request,
        FormalStepFilter(request.GET, queryset=for_list()),
        COLUMNS,
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
    return page.export() or render(request, "formal_steps/list_formal_steps.html", context)


@require_permission(*SEE)
def view_service_steps(request: Request, service_id: int) -> HttpResponse:
    """Every formal step of a service, and what else stands among them, in the order of time; and
    whether the next is asked for.
    """
    service = get_object_or_404(
        Service.objects.select_related("provider", "district"), pk=service_id
    )
    today = timezone.localdate()
    history = [
        HistoryEntry(
            step.starts_on or timezone.localdate(step.proposed_at),
            render_to_string("formal_steps/history_entry.html", {"step": step, "today": today}),
        )
        for step in service.formal_steps.select_related("proposed_by")
    ]
    history += [entry for entries in HISTORY for entry in entries(service)]
    context = {
        "service": service,
        "caption": f"{service}, {service.district}. {EXEMPT}",
        "today": today,
        "history": sorted(history, key=lambda entry: entry.day, reverse=True),
        "more_tasks": [page for task in TASKS_BESIDE if (page := task(service, request.user))],
        "prompt": prompts.prompt_of(service, today, Policy.current()),
        "not_taken": service.steps_not_taken.select_related("by"),
        "tab": "steps",
    }
    return render(request, "formal_steps/view_service_steps.html", context)


@require_permission(*SEE, PROPOSE)
def propose_formal_step(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service.objects.select_related("provider"), pk=service_id)
    initial = {
        "lead_officer": service.lead_officer_id,
        "step_type": request.GET.get("step_type", ""),
    }
    return form_page(
        request,
        bind(request, ProposeStepForm, service=service, initial=initial),
        lambda given: steps.propose(service.pk, by=request.user, given=given, now=timezone.now()),
        template="formal_steps/propose_formal_step.html",
        done="The step has been proposed. Another manager must decide it.",
        url=reverse("formal_steps:view-service-steps", args=[service.pk]),
        heading="Propose a formal step",
        service=service,
        prompt=prompts.prompt_of(service, timezone.localdate(), Policy.current()),
    )


@require_permission(*SEE, DECIDE)
def take_no_step(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service, pk=service_id)
    prompt = prompts.prompt_of(service, timezone.localdate(), Policy.current())
    return form_page(
        request,
        bind(request, NoStepForm),
        lambda given: steps.take_no_step(
            service.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="formal_steps/take_no_step.html",
        done="Your reason for taking no further step has been recorded.",
        url=reverse("formal_steps:view-service-steps", args=[service.pk]),
        why_not=refusal(prompts.check_prompt, prompt),
        heading="Record why no further step follows",
        service=service,
        prompt=prompt,
    )


@require_permission(*SEE)
def view_formal_step(request: Request, step_id: int) -> HttpResponse:
    step = _find(step_id)
    context = {
        "step": step,
        "caption": f"{step.service}. {EXEMPT}",
        "today": timezone.localdate(),
        "tasks": _tasks(step, request.user),
        "told": versions.told(step, record.in_words),
        "labels": record.LABELS,
        **_decision(step, timezone.localdate()),
        "events": step.events.select_related("by"),
        "reviews": step.reviews.select_related("by"),
        "concerns": step.concerns.all(),
        "representations": step.representations.select_related("considered_by"),
        "unfair": representations.unfair(step),
        "reviews_asked": step.review_requests.select_related("reviewer"),
        "records": request.user.has_perm(RECORD),
        "letters": step.letters.defer("content"),
        "files": step.files.select_related("withdrawn_by"),
        "beside": [beside for link in LINKS if (beside := link.beside(step))],
        "tab": "steps",
    }
    return render(request, "formal_steps/view_formal_step.html", context)


def _decision(step: FormalStep, today: date) -> dict[str, object]:
    """By when a proposed step is to be decided; nothing of one that is decided."""
    if step.status != FormalStepStatus.PROPOSED:
        return {}
    last = decide_by(step.proposed_at)
    return {"decide_by": last, "decision_is_late": last < today}


def _tasks(step: FormalStep, by: User) -> list[dict[str, object]]:
    """What can be done with the step now, and why not by the person who looks."""
    tasks: list[dict[str, object]] = []
    for able in FORMAL_STEP.available(step, by):
        if able.name in TASKS:
            label, name = TASKS[able.name]
            task = {"label": label, "url": reverse(name, args=[step.pk])}
            tasks.append(task | {"why_not": able.not_allowed, "who": _who_can(step, able.name)})
    return tasks


def _who_can(step: FormalStep, name: str) -> list[str]:
    """Who can decide, of a step that waits for somebody; else nobody is waited for."""
    if name != "refuse":
        return []
    able = FORMAL_STEP.who_can(step, "issue")
    able = tuple(person for person in able if person.pk not in step.reasons_by)
    return cover.names_with_cover(able, timezone.localdate())


@require_permission(*SEE)
def complete_formal_step(request: Request, step_id: int) -> HttpResponse:
    """Change what a proposed step says, before another manager decides on it."""
    step = _find(step_id)
    names = [name for name in StepForm.base_fields if name != "concerns"]
    initial = {name: getattr(step, name) for name in names}
    initial["concerns"] = step.concerns.all()
    form = bind(request, StepRecordForm, of=step, service=step.service, initial=initial)

    def act(step_id: int, **given: Any) -> FormalStep:
        return steps.complete(step_id, seen=form.cleaned_data["seen"], **given)

    done = "The proposal has been saved."
    return _task_page(request, step, "complete", form, act, "complete_formal_step", done)


@require_permission(*SEE, DECIDE)
def decide_formal_step(request: Request, step_id: int) -> HttpResponse:
    today = timezone.localdate()
    step = _find(step_id)
    initial = {
        "decided_at": timezone.now(),
        "starts_on": today,
        "review_on": in_two_weeks(),
    }
    form = bind(request, DecideStepForm, of=step, initial=initial)
    done = "The decision has been recorded."
    read = versions.rows(record.parts_of(step), record.LABELS, record.in_words)
    return _task_page(
        request,
        step,
        "refuse",
        form,
        steps.decide,
        "decide_formal_step",
        done,
        read=read,
        took_part=parts_taken(step, request.user),
    )


@require_permission(*SEE, PROPOSE)
def withdraw_formal_step(request: Request, step_id: int) -> HttpResponse:
    form = bind(request, ReasonForm)
    done = "The proposal has been withdrawn."
    return _task_page(
        request, _find(step_id), "withdraw", form, steps.withdraw, "withdraw_formal_step", done
    )


@require_permission(*SEE, DECIDE)
def give_more_time(request: Request, step_id: int) -> HttpResponse:
    form = bind(request, MoreTimeForm)
    done = "The new date has been saved."
    return _task_page(
        request, _find(step_id), "extend", form, steps.give_more_time, "give_more_time", done
    )


@require_permission(*SEE, RECORD)
def review_formal_step(request: Request, step_id: int) -> HttpResponse:
    initial = {"done_on": timezone.localdate(), "next_on": in_two_weeks()}
    form = bind(request, ReviewStepForm, initial=initial)
    done = "The review has been recorded."
    return _task_page(
        request, _find(step_id), "review", form, steps.review, "review_formal_step", done
    )


@require_permission(*SEE, DECIDE)
def close_formal_step(request: Request, step_id: int) -> HttpResponse:
    step = _find(step_id)
    form = bind(request, CloseStepForm, step=step, initial={"closed_on": timezone.localdate()})
    done = "The step has been closed."
    return _task_page(request, step, "close", form, steps.close, "close_formal_step", done)


def _find(step_id: int) -> FormalStep:
    found = FormalStep.objects.select_related(
        "service__provider",
        "contract",
        "lead_officer",
        "proposed_by",
    )
    return get_object_or_404(found, pk=step_id)


def _task_page(
    request: Request,
    step: FormalStep,
    name: str,
    form: GovForm,
    action: Callable[..., Any],
    template: str,
    done: str,
    **context: Any,
) -> HttpResponse:
    """The page of a step of that name in the table; on a good answer do it and go back to the
    step.
    """
    return form_page(
        request,
        form,
        lambda given: action(step.pk, by=request.user, given=given, now=timezone.now()),
        template=f"formal_steps/{template}.html",
        done=done,
        url=reverse("formal_steps:view-formal-step", args=[step.pk]),
        why_not=FORMAL_STEP.refusal(step, name, request.user),
        heading=TASKS[name][0],
        step=step,
        today=timezone.localdate(),
        **context,
    )
