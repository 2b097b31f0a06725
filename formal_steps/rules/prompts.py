"""When the default notices of a service ask for the next formal step: one rule, asked of one
service or of all of them in as many queries.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from core.dates import day_in_words
from core.workflow import NotAllowed
from formal_steps.models import (
    TERMINATIONS,
    FormalStep,
    FormalStepOutcome,
    FormalStepStatus,
    Policy,
    StepNotTaken,
    StepType,
    default_notices_in_words,
)
from formal_steps.registration import ANSWERS
from providers.models import Service

# An improvement plan is no answer: it weighs less than the notices that ask for more.
HEAVIER = (StepType.SPECIAL_MEASURES, *TERMINATIONS)


@dataclass(frozen=True)
class Prompt:
    """So many default notices within the days that the council has set: a person considers the next
    step. It never takes one by itself.
    """

    notices: tuple[FormalStep, ...]
    since: date

    def __str__(self) -> str:
        number = default_notices_in_words(len(self.notices))
        return f"{number} since {day_in_words(self.since)}"


def prompt_of(service: Service, today: date, policy: Policy) -> Prompt | None:
    """Whether the default notices of a service ask for the next formal step; None when a person has
    answered since.

    Answered by a heavier step that was proposed after the latest notice, also once it has ended, by
    what the apps above register as an answer (a suspension), or by a reason not to take one.
    """
    found = _prompts(today, policy, [service.pk])
    return found[0][1] if found else None


def prompts_of_all(today: date, policy: Policy) -> list[tuple[Service, Prompt]]:
    """Every service whose default notices ask for the next step, by name."""
    return _prompts(today, policy, None)


def check_prompt(prompt: Prompt | None) -> Prompt:
    """The prompt that a person answers. Raises `NotAllowed`: `nothing-asks`."""
    if prompt is None:
        raise NotAllowed(
            "nothing-asks", "The default notices of this service do not prompt a further step now."
        )
    return prompt


def _prompts(
    today: date, policy: Policy, services: Collection[int] | None
) -> list[tuple[Service, Prompt]]:
    """The prompts of these services, or of all where none are named."""
    since = today - timedelta(days=policy.default_notice_days)
    notices = FormalStep.objects.defaults_between(since, today)
    if services is not None:
        notices = notices.filter(service__in=services)
    by_service: dict[int, list[FormalStep]] = {}
    for notice in notices.select_related("service").order_by(
        "service__name_key", "service", "starts_on", "pk"
    ):
        by_service.setdefault(notice.service_id, []).append(notice)
    # Few services have so many notices, so all that follows is asked for these alone.
    by_service = {
        pk: held for pk, held in by_service.items() if len(held) >= policy.default_notices
    }
    if not by_service:
        return []
    # In order of the day, so that of several answers for a service the latest is kept.
    said_no = dict(
        StepNotTaken.objects.filter(service__in=by_service)
        .order_by("on", "pk")
        .values_list("service", "on")
    )
    answers = _answers(by_service)
    found = []
    for pk, held in by_service.items():
        # Notices up to the day on which a reason was given are answered by it; only later ones
        # count.
        first = max(since, said_no[pk] + timedelta(days=1)) if pk in said_no else since
        counted = tuple(notice for notice in held if notice.starts_on and notice.starts_on >= first)
        if len(counted) < policy.default_notices:
            continue
        latest = max(notice.starts_on for notice in counted if notice.starts_on)
        if any(day >= latest for day in answers.get(pk, ())):
            continue
        found.append((counted[0].service, Prompt(counted, first)))
    return found


def _answers(services: Iterable[int]) -> dict[int, list[date]]:
    """The days on which a heavier step of each service was proposed, or something registered, that
    answers its notices.
    """
    # Also one that is only proposed: a person has considered the next step, which is all that a
    # prompt asks. One that was refused, withdrawn or taken back answers nothing.
    heavier = FormalStep.objects.filter(
        service__in=services,
        step_type__in=HEAVIER,
        status__in=[FormalStepStatus.PROPOSED, FormalStepStatus.ISSUED, FormalStepStatus.CLOSED],
    ).exclude(outcome=FormalStepOutcome.TAKEN_BACK)
    days: dict[int, list[date]] = {}
    for pk, at in heavier.values_list("service", "proposed_at"):
        days.setdefault(pk, []).append(timezone.localdate(at))
    for answers in ANSWERS:
        for pk, found in answers(list(services)).items():
            days.setdefault(pk, []).extend(found)
    return days
