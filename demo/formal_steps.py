"""What stands beside the demonstration's suspensions: formal steps, fairness, welfare, meetings,
who pays, who is told, cover.
"""

from datetime import date, timedelta

from administration.actions import cover as cover_actions
from administration.actions.cover import CoverInput
from core import versions
from core.events import happening_at
from demo.context import DemoContext
from demo.record import at
from formal_steps.actions import policy, steps
from formal_steps.actions.policy import PolicyInput
from formal_steps.actions.representations import AnswerInput, RepresentationInput
from formal_steps.actions.steps import (
    CloseStepInput,
    DecideStepInput,
    ProposeStepInput,
    ReviewStepInput,
)
from formal_steps.models import FormalStepOutcome, StepType
from notifications.actions import registered_recipients as registered
from notifications.actions.registered_recipients import RegisteredRecipientInput
from notifications.models import RecipientKind
from providers.actions import funded_people
from providers.actions.funded_people import FundedPeopleInput
from providers.models import Funder, Service
from suspensions.actions import people as people_actions
from suspensions.actions import representations as suspension_representations
from suspensions.actions.people import MeetingInput, WelfareInput
from suspensions.models import NOW_IN_FORCE, MeetingKind, Suspension

CONTACTS = (
    (RecipientKind.CQC, "CQC", "cqc@example.test", ""),
    (RecipientKind.ICB, "Integrated care board", "icb@example.test", "01632 960200"),
    (RecipientKind.HEALTHWATCH, "Healthwatch", "healthwatch@example.test", ""),
    (RecipientKind.OWN_TEAM, "Out of hours", "outofhours@example.test", "01632 960201"),
    (RecipientKind.OWN_TEAM, "Brokerage", "brokerage@example.test", "01632 960202"),
    (RecipientKind.OWN_TEAM, "Hospital discharge", "discharge@example.test", "01632 960203"),
)
NOTICES = (
    (
        "Records of medicines had gaps on nine days.",
        "Complete records for every person, every day.",
    ),
    (
        "Two calls in a week were missed and nobody was told.",
        "Every missed call told to the council the same day.",
    ),
    (
        "Training in moving people had lapsed for six of the staff.",
        "Training done, with the register shown.",
    ),
    (
        "Care plans of four people had not been reviewed for a year.",
        "All plans reviewed with the people.",
    ),
    (
        "An incident was not told to the council for eleven days.",
        "Incidents told within one working day.",
    ),
)


def load(context: DemoContext, others: list[tuple[int, Service]]) -> None:
    """Tell it on the services that are suspended now, and formal steps on some of the others that
    are open.
    """
    _council_settings(context)
    for order, suspension in enumerate(
        Suspension.objects.filter(status__in=NOW_IN_FORCE).order_by("pk")
    ):
        if not suspension.is_unconfirmed:
            _beside(context, suspension, order)
        _people(context, suspension.service, order)
    open_ones = [service for _number, service in others if service.closed_on is None]
    if len(open_ones) > 20:
        _steps_of_each_type(context, open_ones[3::7])


def _council_settings(context: DemoContext) -> None:
    staff, day = context.staff, context.day(200)
    with happening_at(at(day, 9)):
        policy.set_policy(
            by=staff.managers[0],
            given=PolicyInput(
                default_notices=5,
                default_notice_days=365,
                days_to_answer=5,
                days_to_ask=10,
                days_to_review=20,
                again_days=365,
                deputy_id=staff.managers[1].pk,
                director_id=staff.director.pk,
            ),
        )
        for kind, name, email, phone in CONTACTS:
            registered.add_recipient(
                by=staff.seniors[0],
                given=RegisteredRecipientInput(kind=kind, name=name, email=email, phone=phone),
                now=at(day, 9),
            )
    with happening_at(at(context.day(3), 16)):
        cover_actions.set_cover(
            by=staff.managers[2],
            given=CoverInput(
                person_id=staff.managers[2].pk,
                deputy_id=staff.managers[1].pk,
                from_on=context.today + timedelta(5),
                until_on=context.today + timedelta(12),
            ),
            now=at(context.day(3), 16),
        )


def _people(context: DemoContext, service: Service, order: int) -> None:
    neighbour = context.neighbours[order % len(context.neighbours)]
    day = context.day(30)
    officer = context.staff.officers[order % 4]
    with happening_at(at(day, 10)):
        for funder, name, people in (
            (Funder.COUNCIL, "", 9 + order % 7),
            (Funder.AUTHORITY, neighbour, 1 + order % 3),
            (Funder.NHS, "Continuing healthcare", order % 4),
            (Funder.SELF, "", 3 + order % 5),
        ):
            if people:
                funded_people.count_people(
                    service.pk,
                    by=officer,
                    given=FundedPeopleInput(
                        funder=funder, name=name, people=people, counted_on=day
                    ),
                    now=at(day, 10),
                )


def _beside(context: DemoContext, suspension: Suspension, order: int) -> None:
    began = suspension.in_force_from
    if began is None:
        raise ValueError(f"{suspension} was never in force.")
    officer = context.staff.officers[order % 4]
    put_on = began - timedelta(1 if order % 3 == 0 else 9)
    short = order % 3 == 0
    with happening_at(at(put_on, 9, 30)):
        representation = suspension_representations.put_to_provider(
            suspension.pk,
            by=officer,
            given=RepresentationInput(
                clause="Clause 14.2, suspension of new placements",
                put="What the visit found, and that the council means to suspend new placements.",
                put_at=at(put_on, 9, 30),
                answer_by=put_on + timedelta(1 if short else 9),
                short_reason=(
                    "People were at risk, so that a longer time could not be given."
                    if short
                    else ""
                ),
            ),
            now=at(put_on, 10),
        )
    with happening_at(at(began, 9)):
        suspension_representations.record_answer(
            representation.pk,
            by=officer,
            given=AnswerInput(
                answer=(
                    "The provider accepts what was found, and asks that it be reviewed in four"
                    " weeks."
                ),
                answered_at=at(began, 8, 30),
                considered="Considered: what it proposes does not keep people safe tonight.",
            ),
            now=at(began, 9),
        )
    day = began + timedelta(2)
    if day >= context.today:
        return
    with happening_at(at(day, 16)):
        people_actions.check_welfare(
            suspension.pk,
            by=officer,
            given=WelfareInput(
                done_on=day,
                living_there=20 + order,
                seen=19 + order,
                found=(
                    "Everyone was comfortable; one person was in hospital. Drinks were within"
                    " reach."
                ),
                done="Four people are weighed each week until they gain.",
                next_on=day + timedelta(7),
            ),
            now=at(day, 16),
        )
        people_actions.hold_meeting(
            suspension.pk,
            by=officer,
            given=MeetingInput(
                kind=MeetingKind.STRATEGY if order % 2 else MeetingKind.FAMILIES,
                held_at=at(day, 14),
                place="At the service",
                chair=str(context.staff.seniors[order % 2]),
                attended=(
                    "CQC, one inspector\nIntegrated care board, one nurse\nSafeguarding, one social"
                    " worker"
                    if order % 2
                    else "14 relatives\nThe provider’s area manager"
                ),
                apologies="Healthwatch" if order % 2 else "",
                minutes=(
                    "What was found was gone through. The plan of the provider was read and two"
                    " points were added."
                ),
                agreed="The provider sends staffing for each week on Monday. Visits go on weekly.",
                next_on=day + timedelta(28),
            ),
            now=at(day, 16),
        )


def _steps_of_each_type(context: DemoContext, services: list[Service]) -> None:
    """One service with five default notices, one with a plan that was met, one in special measures,
    one whose contract ends.
    """
    for number in range(len(NOTICES)):
        _step(
            context, services[0], StepType.DEFAULT_NOTICE, 150 - 30 * number, number, met=number < 3
        )
    _step(context, services[1], StepType.IMPROVEMENT_PLAN, 120, 0, met=True)
    _step(context, services[2], StepType.IMPROVEMENT_PLAN, 40, 3)
    _step(context, services[2], StepType.DEFAULT_NOTICE, 16, 4)
    if len(services) > 4:
        _step(context, services[3], StepType.SPECIAL_MEASURES, 50, 1)
        _step(context, services[4], StepType.END_PACKAGES, 12, 2)


def _step(
    context: DemoContext,
    service: Service,
    step_type: StepType,
    days_ago: int,
    number: int,
    *,
    met: bool = False,
) -> None:
    managers, day = context.staff.managers, context.day(days_ago)
    found, required = NOTICES[number % len(NOTICES)]
    one, other = managers[number % 3], managers[(number + 1) % 3]
    with happening_at(at(day, 10)):
        step = steps.propose(
            service.pk,
            given=ProposeStepInput(
                step_type=step_type,
                summary=found,
                clause=f"Clause {12 + number}.1",
                reasons=f"{found} It was raised at the visit before and has not lasted.",
                evidence="The last two visits, and what the provider sent itself.",
                required=required,
                due_on=day + timedelta(84 if step_type == StepType.SPECIAL_MEASURES else 42),
                lead_officer_id=context.staff.officers[number % 4].pk,
            ),
            by=one,
            now=at(day, 10),
        )
    with happening_at(at(day, 14)):
        steps.decide(
            step.pk,
            by=other,
            given=DecideStepInput(
                decision="issue",
                reason="The clause is plain and the provider has been heard.",
                decided_at=at(day, 14),
                starts_on=day,
                review_on=day + timedelta(21),
                seen=versions.seen_of(step),
            ),
            now=at(day, 14),
        )
    reviewed = day + timedelta(21)
    if reviewed < context.today:
        _review(context, step.pk, reviewed, number)
    if met:
        closed = day + timedelta(24)
        with happening_at(at(closed, 11)):
            steps.close(
                step.pk,
                by=other,
                given=CloseStepInput(
                    outcome=FormalStepOutcome.MET,
                    closed_on=closed,
                    reason="Seen at a visit: it has been done.",
                ),
                now=at(closed, 11),
            )


def _review(context: DemoContext, step_id: int, day: date, number: int) -> None:
    with happening_at(at(day, 12)):
        steps.review(
            step_id,
            by=context.staff.officers[number % 4],
            given=ReviewStepInput(
                done_on=day,
                outcome="Most of it has been done; the rest is promised.",
                next_on=max(context.today + timedelta(6 + number), day + timedelta(28)),
            ),
            now=at(day, 12),
        )
