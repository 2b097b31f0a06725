from datetime import date

from django.urls import reverse

from core.dates import day_in_words
from core.models import User
from core.today import TodayCard, TodayItem, today_card
from formal_steps.models import FormalStep, Policy, StepReviewRequest
from formal_steps.permissions import DECIDE, RECORD, SEE
from formal_steps.rules.deciding import decide_by
from formal_steps.rules.prompts import prompts_of_all

MOST = 8


@today_card(order=26)
def reviews_asked(user: User, today: date) -> TodayCard | None:
    """Reviews of formal steps that were asked of this person; None where there is none."""
    if not user.has_perms(SEE):
        return None
    asked = StepReviewRequest.objects.filter(outcome="", reviewer=user).select_related(
        "step__service"
    )
    items = [
        TodayItem(
            label=str(request.step),
            url=reverse("formal_steps:answer-review", args=[request.pk]),
            note=request.note,
            late=request.due_on < today,
        )
        for request in asked
    ]
    if not items:
        return None
    return TodayCard(title="Reviews of formal steps", items=tuple(items[:MOST]), count=len(items))


@today_card(order=20)
def formal_steps(user: User, today: date) -> TodayCard | None:
    """Formal steps: to decide and prompts for managers, reviews and days reached for the lead
    officer and managers.
    """
    if not user.has_perms([RECORD, *SEE]):
        return None
    decides = user.has_perm(DECIDE)
    steps = FormalStep.objects.select_related("service")
    due = steps.to_review(today).order_by("due_on")
    items = []
    if decides:
        for service, prompt in prompts_of_all(today, Policy.current()):
            url = reverse("formal_steps:view-service-steps", args=[service.pk])
            items.append(
                TodayItem(label=str(service), url=url, note=f"Consider the next step: {prompt}")
            )
        # What they proposed or wrote themselves is not theirs to decide, so it does not wait for
        # them.
        waiting = (
            steps.awaiting_decision()
            .exclude(proposed_by=user)
            .exclude(reasons_by__contains=[user.pk])
            .order_by("proposed_at")
        )
        items += [
            _item(
                step,
                f"Proposed by {step.proposed_by}, decide by"
                f" {day_in_words(decide_by(step.proposed_at))}",
                late=decide_by(step.proposed_at) < today,
            )
            for step in waiting
        ]
    else:
        due = due.filter(lead_officer=user)
    items += [
        _item(
            step,
            f"Due {day_in_words(step.due_on)}"
            if step.due_on <= today or step.review_on is None
            else f"Review due {day_in_words(step.review_on)}",
            late=step.due_on < today or bool(step.review_on and step.review_on < today),
        )
        for step in due
    ]
    return TodayCard(
        title="Formal steps",
        items=tuple(items[:MOST]),
        count=len(items),
        more_url=reverse("formal_steps:list-formal-steps"),
        empty="No formal steps are waiting for you.",
    )


def _item(step: FormalStep, note: str, *, late: bool = False) -> TodayItem:
    url = reverse("formal_steps:view-formal-step", args=[step.pk])
    return TodayItem(label=str(step), url=url, note=note, late=late)
