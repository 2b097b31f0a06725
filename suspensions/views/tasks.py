"""What can be done with a suspension now, by whom, and why not by the person who looks: the list of
tasks on its page.
"""

from dataclasses import dataclass

from django.utils import timezone

from core.models import User
from core.workflow import NotAllowed
from formal_steps.rules.steps import check_no_author
from formal_steps.views.representations import ASK_REVIEW
from suspensions.models import EVER_IN_FORCE, Suspension, SuspensionStatus
from suspensions.workflow.suspension import SUSPENSION

# What a step of the table is called on the page, as the heading of its own page repeats, and where
# it is taken, in the order of the page. A
# page on which a person decides one way or the other stands under the step that asks less: the
# other may still want a whole record.
TASKS: dict[str, tuple[str, str]] = {
    "refuse": ("Decide this proposal", "suspensions:decide-suspension"),
    "end-unconfirmed": ("Confirm or end this suspension", "suspensions:confirm-suspension"),
    "end-closed": ("End because the service closed", "suspensions:end-closed-service"),
    "lift": ("Decide this lift", "suspensions:decide-lift"),
    "complete": ("Complete the record", "suspensions:complete-record"),
    "notify-rest": ("Notify everyone else", "suspensions:notify-rest"),
    "propose-lift": ("Propose to lift this suspension", "suspensions:propose-lift"),
    "review": ("Record a review", "suspensions:record-review"),
    "extend": ("Propose an extension", "suspensions:propose-extension"),
    "scope": ("Propose another scope, kind or limit", "suspensions:propose-scope"),
    "record-progress": ("Add progress or evidence", "suspensions:add-progress"),
    "add-file": ("Add a photograph or document", "suspensions:add-file"),
    "welfare": ("Add a welfare check", "suspensions:check-welfare"),
    "meeting": ("Add a meeting", "suspensions:hold-meeting"),
    "put": ("Add what was put to the provider", "suspensions:put-to-provider"),
    "withdraw": ("Withdraw this proposal", "suspensions:withdraw-proposal"),
    "withdraw-lift": ("Withdraw this proposed lift", "suspensions:withdraw-lift"),
    "add-recipient": ("Add a recipient", "suspensions:add-recipient"),
    "ask-review": (ASK_REVIEW, "suspensions:ask-review"),
    "correct": ("Correct the record", "suspensions:add-correction"),
}
HEADINGS = {name: label for name, (label, _url_name) in TASKS.items()}
# Tasks that wait for somebody: the page says who can do them.
WAITING = ("refuse", "end-unconfirmed", "end-closed", "lift")
# Of a closed service nothing is lifted, confirmed or changed: the suspension ends.
OF_AN_OPEN_SERVICE = ("end-unconfirmed", "propose-lift", "lift", "extend", "scope")
OF_AN_UNCONFIRMED = ("end-unconfirmed", "notify-rest")
ONCE_CONFIRMED = ("propose-lift", "extend", "scope", "correct")


@dataclass(frozen=True)
class Task:
    """`why_not` is None when the person who asked can do it; `who` names those who can, for tasks
    that wait for somebody.
    """

    name: str
    why_not: NotAllowed | None
    who: tuple[User, ...] = ()


def what_can_be_done(suspension: Suspension, by: User) -> list[Task]:
    """The tasks of this state, those that wait for a decision first."""
    steps = {step.name: step for step in SUSPENSION.available(suspension, by)}
    hidden = _out_of_place(suspension)
    return [
        Task(name, steps[name].not_allowed, who_can(suspension, name) if name in WAITING else ())
        for name in TASKS
        if name in steps and name not in hidden
    ]


def who_can(suspension: Suspension, name: str) -> tuple[User, ...]:
    """The people who may take that step with this suspension, in order of name."""
    guards = SUSPENSION[name].guards
    wrote = suspension.reasons_by if check_no_author in guards else ()
    return tuple(
        person for person in SUSPENSION.who_can(suspension, name) if person.pk not in wrote
    )


def _out_of_place(suspension: Suspension) -> set[str]:
    """Steps that start from this state and that nobody looks for on the page of this suspension."""
    hidden = set(ONCE_CONFIRMED if suspension.is_unconfirmed else OF_AN_UNCONFIRMED)
    if suspension.status in EVER_IN_FORCE and not suspension.is_unconfirmed:
        hidden.add("complete")
    is_closed = suspension.service.is_closed_on(timezone.localdate())
    hidden.update(OF_AN_OPEN_SERVICE if is_closed else ("end-closed",))
    if suspension.status == SuspensionStatus.LIFT_PROPOSED:
        # The suspension may be over tomorrow.
        hidden.update(("extend", "scope"))
    if suspension.status == SuspensionStatus.LIFTED and suspension.review_on is None:
        hidden.add("review")
    if suspension.status in (SuspensionStatus.REFUSED, SuspensionStatus.WITHDRAWN):
        hidden.add("correct")
    return hidden
