from datetime import date

from django.urls import reverse

from core.dates import day_in_words
from core.models import User
from core.today import TodayCard, TodayItem, first_of, today_card
from formal_steps.models import Policy
from formal_steps.rules.deciding import decide_by
from suspensions.models import (
    NOW_IN_FORCE,
    Change,
    ChangeStatus,
    Suspension,
    SuspensionReviewRequest,
    SuspensionStatus,
)
from suspensions.rules import steps as steps_rules
from suspensions.rules.notification import not_listed

MOST = 8


@today_card(order=10)
def to_decide(user: User, today: date) -> TodayCard | None:
    """What waits for this manager's decision; urgent suspensions that nobody has confirmed come
    first, overdue ones alert everyone.
    """
    sees = user.has_perms(["suspensions.view_suspension", "core.read_exempt"])
    decides = user.has_perm("suspensions.decide_suspension")
    # The director decides none, and is alerted when the day for confirming has passed.
    if not sees or not (decides or Policy.current().director_id == user.pk):
        return None
    found = Suspension.objects.all() if decides else Suspension.objects.overdue_confirmation(today)
    waiting = sorted(
        found.awaiting_decision().select_related("service", "unit", "proposed_by"),
        key=lambda s: (
            not s.is_unconfirmed,
            s.confirm_due_on or today,
            s.lift_proposed_at or s.proposed_at,
        ),
    )
    # An overdue confirmation stays before everyone, also before the manager who cannot confirm it.
    mine = [s for s in waiting if steps_rules.is_overdue(s, today) or not _is_own(s, user)]
    return TodayCard(
        title="Suspensions to decide",
        items=tuple(_item(suspension, today) for suspension in mine[:MOST]),
        count=len(mine),
        more_url=f"{reverse('suspensions:list-suspensions')}?waiting=true",
        empty="No suspensions are waiting for your decision.",
        urgent=any(suspension.is_unconfirmed for suspension in mine),
    )


@today_card(order=15)
def to_review(user: User, today: date) -> TodayCard | None:
    """Reviews that are due: the lead officer's own, and all of them for managers."""
    if not user.has_perms(
        ["suspensions.record_progress", "suspensions.view_suspension", "core.read_exempt"]
    ):
        return None
    due = (
        Suspension.objects.to_review(today).select_related("service", "unit").order_by("review_on")
    )
    if not user.has_perm("suspensions.decide_suspension"):
        due = due.filter(lead_officer=user)
    shown, count = first_of(due, MOST)
    items = tuple(
        TodayItem(
            label=suspension.scope,
            url=reverse("suspensions:view-suspension", args=[suspension.pk]),
            note=f"Review due {day_in_words(suspension.review_on)}",
            late=suspension.review_on < today,
        )
        for suspension in shown
        if suspension.review_on
    )
    return TodayCard(
        title="Suspensions to review",
        items=items,
        count=count,
        more_url=f"{reverse('suspensions:list-suspensions')}?review=true",
        empty="No reviews of suspensions are due.",
    )


@today_card(order=25)
def still_open(user: User, today: date) -> TodayCard | None:
    """What a suspension still needs: recipients to notify, a planned end that has come, a change to
    decide, a review asked of this person, an end because its service closed.
    """
    if not user.has_perms(["suspensions.view_suspension", "core.read_exempt"]):
        return None
    items: list[TodayItem] = []
    for asked in SuspensionReviewRequest.objects.filter(outcome="", reviewer=user).select_related(
        "suspension__service", "suspension__unit"
    ):
        url = reverse("suspensions:answer-review", args=[asked.pk])
        label = str(asked.suspension)
        late = asked.due_on < today
        items.append(TodayItem(label=label, url=url, note=asked.note, late=late))
    if user.has_perm("suspensions.decide_suspension"):
        gone = Suspension.objects.of_closed_services(today).select_related("service", "unit")
        items += [_open_item(s, "The service has closed: end the suspension") for s in gone]
        for change in (
            Change.objects.filter(status=ChangeStatus.PROPOSED, suspension__status__in=NOW_IN_FORCE)
            # Nobody decides their own.
            .exclude(proposed_by=user)
            .select_related("suspension__service", "suspension__unit", "unit")
        ):
            url = reverse("suspensions:decide-change", args=[change.pk])
            items.append(
                TodayItem(
                    label=change.suspension.scope,
                    url=url,
                    note=(
                        f"Change to decide by {day_in_words(decide_by(change.proposed_at))}:"
                        f" {change.after}"
                    ),
                    late=decide_by(change.proposed_at) < today,
                )
            )
    if user.has_perm("suspensions.record_progress"):
        mine = Suspension.objects.select_related("service", "unit")
        if not user.has_perm("suspensions.decide_suspension"):
            mine = mine.filter(lead_officer=user)
        in_force = {s.pk: s for s in mine.in_force_on(today)}
        items += [
            _open_item(
                in_force[pk], f"Not on the list of recipients: {', '.join(map(str, authorities))}"
            )
            for pk, authorities in not_listed(in_force.values()).items()
        ]
        items += [
            _open_item(s, "Ended: not everyone has been notified") for s in mine.open_records()
        ]
        items += [
            _open_item(
                s, f"Planned to end by {day_in_words(s.planned_until)}, still in force", late=True
            )
            for s in mine.planned_to_end_by(today)
            if s.planned_until
        ]
    return TodayCard(
        title="Suspensions still open",
        items=tuple(items[:MOST]),
        count=len(items),
        more_url=reverse("suspensions:list-suspensions"),
        empty="No suspensions need anything more from you.",
    )


def _open_item(suspension: Suspension, note: str, *, late: bool = False) -> TodayItem:
    url = reverse("suspensions:view-suspension", args=[suspension.pk])
    return TodayItem(label=suspension.scope, url=url, note=note, late=late)


def _is_own(suspension: Suspension, user: User) -> bool:
    lift = suspension.status == SuspensionStatus.LIFT_PROPOSED
    if lift:
        return suspension.lift_proposed_by_id == user.pk
    return suspension.proposed_by_id == user.pk or user.pk in suspension.reasons_by


def _item(suspension: Suspension, today: date) -> TodayItem:
    overdue = steps_rules.is_overdue(suspension, today)
    if suspension.is_unconfirmed:
        due = day_in_words(suspension.confirm_due_on) if suspension.confirm_due_on else ""
        note = f"Not confirmed by {due}, still in force" if overdue else f"Confirm by {due}"
    elif suspension.status == SuspensionStatus.LIFT_PROPOSED:
        proposed_at = suspension.lift_proposed_at or suspension.proposed_at
        note = f"Lift proposed, decide by {day_in_words(decide_by(proposed_at))}"
        overdue = decide_by(proposed_at) < today
    else:
        overdue = decide_by(suspension.proposed_at) < today
        by = day_in_words(decide_by(suspension.proposed_at))
        note = f"Proposed by {suspension.proposed_by}, decide by {by}"
    return TodayItem(
        label=suspension.scope,
        url=reverse("suspensions:view-suspension", args=[suspension.pk]),
        note=note,
        late=overdue,
    )
