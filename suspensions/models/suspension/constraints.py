"""What the database itself holds of every suspension, whichever code writes it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Least

from suspensions.models.suspension.vocabulary import SuspensionStatus


def suspension_constraints() -> list[models.BaseConstraint]:
    """Two people stand behind each beginning and end, and no scope is suspended twice on one
    day.
    """
    return [
        # `choices` binds forms alone; this binds whoever writes SQL.
        models.CheckConstraint(
            condition=Q(status__in=[choice.value for choice in SuspensionStatus]),
            name="suspension_status_known",
        ),
        models.CheckConstraint(
            condition=~Q(kind="partial") | ~Q(limit=""),
            name="suspension_partial_says_its_limit",
        ),
        # Nobody decides, confirms or lifts what they proposed (decision 6). The workflow says it
        # first, in a sentence; these three hold for any script and any race.
        models.CheckConstraint(
            condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
            name="suspension_decided_by_another",
        ),
        models.CheckConstraint(
            condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
            name="suspension_confirmed_by_another",
        ),
        models.CheckConstraint(
            condition=Q(lift_decided_by=None)
            | Q(lift_proposed_by=None)
            | ~Q(lift_decided_by=F("lift_proposed_by")),
            name="suspension_lift_decided_by_another",
        ),
        # Nor does whoever wrote the reasons or the evidence that are decided on (decision 48).
        models.CheckConstraint(
            condition=~Q(reasons_by__contains=[F("decided_by")]),
            name="suspension_decided_by_no_author",
        ),
        models.CheckConstraint(
            condition=~Q(reasons_by__contains=[F("confirmed_by")]),
            name="suspension_confirmed_by_no_author",
        ),
        # A lift has reasons of its own, written by whoever proposed it. What ends an urgent
        # suspension that nobody confirms decides on the reasons for that; that a service has closed
        # is no reason that anybody wrote.
        models.CheckConstraint(
            condition=Q(lift_proposed_by__isnull=False)
            | Q(is_ended_by_closure=True)
            | Q(is_urgent=False)
            | Q(confirmed_by__isnull=False)
            | ~Q(reasons_by__contains=[F("lift_decided_by")]),
            name="suspension_ended_by_no_author",
        ),
        # An urgent one has no decider: the proposer put it in force, so `decided_at` is theirs, and
        # the second person is `confirmed_by`.
        models.CheckConstraint(
            condition=~Q(status__in=["in_force", "lift_proposed", "lifted"])
            | Q(
                in_force_from__isnull=False,
                decided_at__isnull=False,
                decision_recorded_at__isnull=False,
            )
            & (Q(decided_by__isnull=False, is_urgent=False) | Q(decided_by=None, is_urgent=True)),
            name="suspension_in_force_is_decided",
        ),
        models.CheckConstraint(
            condition=~Q(status="refused") | Q(decided_by__isnull=False, decided_at__isnull=False),
            name="suspension_refused_is_decided",
        ),
        # Only an urgent one is confirmed; of any other two people decided before it began.
        models.CheckConstraint(
            condition=Q(confirmed_by=None, confirmed_at=None)
            | Q(is_urgent=True, confirmed_by__isnull=False, confirmed_at__isnull=False),
            name="suspension_confirmed_whole",
        ),
        # Who is alerted, and when, follows from this day.
        models.CheckConstraint(
            condition=Q(is_urgent=False) | Q(confirm_due_on__isnull=False),
            name="suspension_urgent_has_a_deadline",
        ),
        models.CheckConstraint(
            condition=~Q(status="lift_proposed")
            | Q(lift_proposed_by__isnull=False, lift_proposed_at__isnull=False),
            name="suspension_lift_has_a_proposer",
        ),
        # Nobody proposes the end of an urgent suspension that the second manager does not
        # confirm: that manager ends it.
        models.CheckConstraint(
            condition=Q(lifted_on=None) & ~Q(status="lifted")
            | Q(
                status="lifted",
                lifted_on__isnull=False,
                lift_decided_by__isnull=False,
                lift_decided_at__isnull=False,
                lift_recorded_at__isnull=False,
            )
            & (
                Q(lift_proposed_by__isnull=False)
                | Q(is_urgent=True, confirmed_by=None) & ~Q(lift_decided_by=F("proposed_by"))
                | Q(is_ended_by_closure=True) & ~Q(lift_decided_by=F("proposed_by"))
            ),
            name="suspension_lifted_is_decided",
        ),
        models.CheckConstraint(
            condition=Q(is_ended_by_closure=False) | Q(status="lifted"),
            name="suspension_ended_by_closure_is_over",
        ),
        # Two people change one in force; one alone may only put another over it, at once.
        models.CheckConstraint(
            condition=Q(layer=0) | Q(is_urgent=True),
            name="suspension_over_others_is_urgent",
        ),
        # The same day is allowed: what is lifted on its first day was in force on none, and its
        # empty range overlaps nothing.
        models.CheckConstraint(
            condition=Q(lifted_on=None) | Q(lifted_on__gte=F("in_force_from")),
            name="suspension_lifted_after_start",
        ),
        # A name is exempt unless a named person weighed the public interest (Local Government Act
        # 1972, Schedule 12A, paragraph 10).
        models.CheckConstraint(
            condition=Q(is_public_name=False)
            | Q(public_name_by__isnull=False) & ~Q(public_name_reason=""),
            name="suspension_public_name_has_a_reason",
        ),
        # Ranges hold their first day and not their last: a new one may begin on the day of a lift.
        # Lifted ones count, so that no past day has two either; without a lift the range has no
        # end. The service is not suspended twice whichever way two requests race, but for an urgent
        # one that was put over lighter ones: each layer has one. A scope counts from the day on
        # which it became that: what the suspension covered before was free of others then.
        ExclusionConstraint(
            name="suspension_one_in_force_per_scope",
            expressions=[
                *_scope(),
                (
                    Func(F("layer"), F("layer"), Value("[]"), function="int4range"),
                    RangeOperators.OVERLAPS,
                ),
                (
                    Func(
                        # A lift by telephone may have been decided before a change that was
                        # written down first.
                        Least(Coalesce("scope_from", "in_force_from"), F("lifted_on")),
                        F("lifted_on"),
                        function="daterange",
                    ),
                    RangeOperators.OVERLAPS,
                ),
            ],
            condition=Q(status__in=["in_force", "lift_proposed", "lifted"]),
        ),
        # A proposal has no days yet, so its scope alone counts. Refused and withdrawn ones are
        # free.
        ExclusionConstraint(
            name="suspension_one_proposal_per_scope",
            expressions=_scope(),
            condition=Q(status="proposed"),
        ),
    ]


def _scope() -> list[tuple[Func, str]]:
    # No btree_gist here: a range of one id overlaps another exactly when the ids are equal. A unit
    # is a range of its own id; the whole service is the range of all units.
    return [
        (
            Func(F("service_id"), F("service_id"), Value("[]"), function="int8range"),
            RangeOperators.OVERLAPS,
        ),
        (
            Func(Coalesce(F("unit_id"), 0), F("unit_id"), Value("[]"), function="int8range"),
            RangeOperators.OVERLAPS,
        ),
    ]
