"""Which services' default notices ask for the next formal step, for all of them at once, in as many
queries however many there are.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone

from formal_steps.models import (
    FormalStep,
    FormalStepOutcome,
    FormalStepStatus,
    Policy,
    StepNotTaken,
)
from formal_steps.registration import ANSWERS
from formal_steps.rules.steps import HEAVIER, Prompt
from providers.models import Service


def prompts_of_all(today: date, policy: Policy) -> list[tuple[Service, Prompt]]:
    """Every service whose default notices ask for the next step, by name; `prompt_of` says the rule
    for one.
    """
    since = today - timedelta(days=policy.default_notice_days)
    by_service: dict[int, list[FormalStep]] = {}
    for notice in (
        FormalStep.objects.defaults_between(since, today)
        .select_related("service")
        .order_by("service__name_key", "service", "starts_on", "pk")
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
        .order_by("on")
        .values_list("service", "on")
    )
    answers = _answers(by_service)
    found = []
    for pk, held in by_service.items():
        # As `prompt_of` does: a reason answers the notices up to its own day, and only later ones
        # count.
        first = max(since, said_no[pk] + timedelta(days=1)) if pk in said_no else since
        notices = tuple(notice for notice in held if notice.starts_on and notice.starts_on >= first)
        if len(notices) < policy.default_notices:
            continue
        latest = max(notice.starts_on for notice in notices if notice.starts_on)
        if any(day >= latest for day in answers.get(pk, ())):
            continue
        found.append((notices[0].service, Prompt(notices, first)))
    return found


def _answers(services: Iterable[int]) -> dict[int, list[date]]:
    """The days on which a heavier step of each service was proposed, or something registered, that
    answers its notices.
    """
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
