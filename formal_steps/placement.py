"""What formal steps say of placements. Every type of step has an answer here: one without would be
read as free to place.
"""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from core.dates import day_in_words
from formal_steps.models import (
    TERMINATIONS,
    FormalStep,
    FormalStepOutcome,
    FormalStepStatus,
    StepType,
)
from formal_steps.permissions import SEE
from providers.models import Contract
from providers.placement import (
    ASK_FIRST,
    NOWHERE,
    PlacementAnswer,
    Restriction,
    stands_against_placements,
)

# While a step is in force. Only an end of packages or of the contract forbids placements by itself;
# under the others the quality team says who can be placed. Source: the contract's clauses on
# default and termination, and the order of the steps in `StepType`.
ANSWERS = {
    StepType.IMPROVEMENT_PLAN: PlacementAnswer.ASK,
    StepType.DEFAULT_NOTICE: PlacementAnswer.ASK,
    StepType.SPECIAL_MEASURES: PlacementAnswer.ASK,
    StepType.END_PACKAGES: PlacementAnswer.NONE,
    StepType.END_CONTRACT: PlacementAnswer.NONE,
}
WORDS = {PlacementAnswer.ASK: ASK_FIRST, PlacementAnswer.NONE: NOWHERE}


@stands_against_placements(order=30)
def formal_steps(day: date, services: Collection[int] | None) -> Iterable[Restriction]:
    """The formal steps in force that day or decided to begin after it, and terminations that have
    taken effect.
    """
    steps = FormalStep.objects.select_related("service")
    if services is not None:
        steps = steps.filter(service__in=services)
    for step in steps.in_force_on(day):
        yield _restriction(step, ANSWERS[StepType(step.step_type)], step.days_in_words)
    for step in steps.in_force().filter(starts_on__gt=day):
        answer = ANSWERS[StepType(step.step_type)]
        yield _restriction(step, answer, step.days_in_words, from_on=step.starts_on)
    yield from _carried_out(steps, day)


def _carried_out(steps: QuerySet[FormalStep], day: date) -> Iterable[Restriction]:
    """Terminations that have taken effect: they stand until a contract begins after them.

    Where only one contract was ended and another runs on, the quality team is asked.
    """
    ended = list(
        steps.filter(
            status=FormalStepStatus.CLOSED,
            outcome=FormalStepOutcome.CARRIED_OUT,
            step_type__in=TERMINATIONS,
            closed_on__lte=day,
        )
    )
    held: dict[int, list[Contract]] = {}
    contracts = Contract.objects.in_force_on(day)
    for contract in contracts.filter(service__in={step.service_id for step in ended}):
        held.setdefault(contract.service_id, []).append(contract)
    for step in ended:
        running = held.get(step.service_id, [])
        if any(step.closed_on and contract.starts_on >= step.closed_on for contract in running):
            continue
        others = step.contract_id and any(each.pk != step.contract_id for each in running)
        note = f"Carried out on {day_in_words(step.closed_on)}" if step.closed_on else ""
        yield _restriction(step, PlacementAnswer.ASK if others else PlacementAnswer.NONE, note)


def _restriction(
    step: FormalStep, answer: PlacementAnswer, note: str, *, from_on: date | None = None
) -> Restriction:
    return Restriction(
        step.service_id,
        answer,
        WORDS[answer],
        step.get_step_type_display(),
        from_on=from_on,
        note=note,
        url=reverse("formal_steps:view-formal-step", args=[step.pk]),
        needs=SEE,
    )
