"""Changes of a suspension in force, and corrections of its record."""

from datetime import date
from typing import Any

from core.dates import day_in_words
from core.workflow import NotAllowed
from formal_steps.rules.steps import NEW_DAY_TO_COME
from suspensions.models import (
    NOW_IN_FORCE,
    Change,
    ChangeStatus,
    CorrectableField,
    Suspension,
    SuspensionStatus,
)
from suspensions.rules.steps import (
    NOT_FROM,
    check_kind,
    check_scope,
    check_service_open,
    foreign_unit,
)

# Guards of the tables.


def check_no_change_waits(suspension: Suspension, _by: object = None, _now: object = None) -> None:
    """One change waits at a time: two would each be decided on what the other changes.

    Raises `NotAllowed`: `change-waits`.
    """
    if suspension.changes.filter(status=ChangeStatus.PROPOSED).exists():
        raise NotAllowed(
            "change-waits",
            "Another change is waiting for a decision. It must be decided or withdrawn first.",
        )


def check_still_in_force(change: Change, _by: object = None, _now: Any = None) -> None:
    """Only a suspension in force is changed, and only of a service that is open.

    Raises `NotAllowed`: `not-in-force`, `service-closed`.
    """
    status = SuspensionStatus(change.suspension.status)
    if status not in NOW_IN_FORCE:
        raise NotAllowed("not-in-force", NOT_FROM[status])
    check_service_open(change.suspension, _by, _now)


# What depends on the answer.


def check_extension(suspension: Suspension, until: date, today: date) -> None:
    """Whether it can be planned to last until that day.

    Raises `NotAllowed`: `not-after-today`, `not-after-planned`.
    """
    if until <= today:
        raise NotAllowed("not-after-today", f"{NEW_DAY_TO_COME}.", "until")
    if suspension.planned_until and until <= suspension.planned_until:
        raise NotAllowed(
            "not-after-planned",
            f"The new date must be after {day_in_words(suspension.planned_until)}.",
            "until",
        )


def check_new_scope(
    suspension: Suspension, unit_id: int | None, kind: str, limit: str, from_on: date
) -> None:
    """Whether it can have that scope, kind and limit from that day on. What another covered before
    does not hinder it: the scope counts from its own day.

    Raises `NotAllowed`: `no-change`, `limit-missing`, `foreign-unit`, `already-suspended`,
    `was-suspended`.
    """
    if (unit_id, kind, limit) == (suspension.unit_id, suspension.kind, suspension.limit):
        raise NotAllowed(
            "no-change", "Choose another scope, kind or limit. These are the same as now."
        )
    check_kind(kind, limit)
    if unit_id != suspension.unit_id and suspension.in_force_from:
        if unit_id and not suspension.service.units.filter(pk=unit_id).exists():
            raise foreign_unit(suspension.service)
        check_scope(
            suspension.service_id,
            unit_id,
            max(from_on, suspension.in_force_from),
            without=suspension.pk,
            # What was put over it at once stands over its new scope as well.
            layer=suspension.layer,
        )


def check_effective(suspension: Suspension, effective_on: date) -> None:
    """Whether a change can take effect that day.

    Raises `NotAllowed`: `before-start`.
    """
    if suspension.in_force_from and effective_on < suspension.in_force_from:
        raise NotAllowed(
            "before-start",
            "A change takes effect on the day of its decision, and this suspension begins later."
            f" Decide the change on or after {day_in_words(suspension.in_force_from)}.",
            "decided_at",
        )


def check_correctable(about: str) -> None:
    """Whether that part of a record can be corrected.

    Raises `NotAllowed`: `not-correctable`.
    """
    if about not in CorrectableField.values:
        raise NotAllowed(
            "not-correctable", "Choose a part of the record that can be corrected.", "about"
        )
