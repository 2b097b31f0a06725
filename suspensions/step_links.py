"""What a suspension is to the formal steps: it answers a prompt, stands among them, and a step can
stand beside it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from core.models import User
from core.workflow import NotAllowed
from formal_steps.models import FormalStep
from formal_steps.registration import (
    LINKS,
    HistoryEntry,
    Page,
    StepLink,
    answers_prompts,
    service_history,
    service_task,
)
from providers.models import Service
from suspensions.models import (
    EVER_IN_FORCE,
    NOW_IN_FORCE,
    Suspension,
    SuspensionStatus,
    SuspensionStep,
)
from suspensions.rules.steps import PROPOSE


@answers_prompts
def proposed_on(services: Collection[int]) -> Mapping[int, list[date]]:
    """The days on which a suspension of these services was proposed.

    What was refused or withdrawn answers nothing; what has ended since was an answer all the same.
    """
    found = Suspension.objects.filter(
        service__in=services, status__in=[SuspensionStatus.PROPOSED, *EVER_IN_FORCE]
    )
    days: dict[int, list[date]] = {}
    for service_id, at in found.values_list("service", "proposed_at"):
        days.setdefault(service_id, []).append(timezone.localdate(at))
    return days


@service_history
def suspensions_of(service: Service) -> Iterable[HistoryEntry]:
    for suspension in service.suspensions.select_related("service", "unit"):
        yield HistoryEntry(
            suspension.in_force_from or timezone.localdate(suspension.proposed_at),
            render_to_string("suspensions/history_entry.html", {"suspension": suspension}),
        )


def _field(service: Service) -> forms.ModelChoiceField | None:
    found = service.suspensions.filter(status__in=NOW_IN_FORCE)
    if not found.exists():
        return None
    return forms.ModelChoiceField(queryset=found, required=False, label="Related suspension")


def _join(step: FormalStep, suspension_id: int) -> None:
    """Keep which suspension a step was proposed beside.

    Raises `NotAllowed`: `other-suspension`.
    """
    suspension = step.service.suspensions.filter(pk=suspension_id).first()
    if suspension is None:
        raise NotAllowed(
            "other-suspension", f"Choose a suspension of {step.service}.", "suspension"
        )
    SuspensionStep.objects.create(step=step, suspension=suspension)


def _beside(step: FormalStep) -> Page | None:
    link = (
        SuspensionStep.objects.filter(step=step)
        .select_related("suspension__service", "suspension__unit")
        .first()
    )
    if link is None:
        return None
    url = reverse("suspensions:view-suspension", args=[link.suspension_id])
    return Page(str(link.suspension), url)


@service_task
def propose(service: Service, user: User) -> Page | None:
    if not user.has_perm(PROPOSE):
        return None
    return Page(
        "Propose a suspension", reverse("suspensions:propose-for-service", args=[service.pk])
    )


LINKS.add("suspension", StepLink("suspension", _field, _join, _beside))
