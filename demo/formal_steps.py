"""What stands beside the demonstration's suspensions: formal steps, fairness, welfare, meetings, who pays, who is told, cover."""

from datetime import date, timedelta

from core.events import happening_at
from demo.record import at
from demo.stage import Stage
from providers.models import Service
from suspensions.actions import fairness, ladder, standing
from suspensions.actions import people as people_actions
from suspensions.actions.fairness import AnswerInput, HearingInput
from suspensions.actions.ladder import CloseFormalInput, FormalDecisionInput, FormalReviewInput, NoticeInput
from suspensions.actions.people import MeetingInput, PeopleInput, WelfareInput
from suspensions.actions.standing import ContactInput, CoverInput, PolicyInput
from suspensions.models import NOW_IN_FORCE, Funder, MeetingKind, Outcome, PartyKind, Rung, Suspension

CONTACTS = (
    (PartyKind.CQC, "CQC", "cqc@example.test", ""),
    (PartyKind.ICB, "Integrated care board", "icb@example.test", "01632 960200"),
    (PartyKind.HEALTHWATCH, "Healthwatch", "healthwatch@example.test", ""),
    (PartyKind.OWN_TEAM, "Out of hours", "outofhours@example.test", "01632 960201"),
    (PartyKind.OWN_TEAM, "Brokerage", "brokerage@example.test", "01632 960202"),
    (PartyKind.OWN_TEAM, "Hospital discharge", "discharge@example.test", "01632 960203"),
)
NOTICES = (
    ("Records of medicines had gaps on nine days.", "Complete records for every person, every day."),
    (
        "Two calls in a week were missed and nobody was told.",
        "Every missed call told to the council the same day.",
    ),
    ("Training in moving people had lapsed for six of the staff.", "Training done, with the register shown."),
    ("Care plans of four people had not been reviewed for a year.", "All plans reviewed with the people."),
    ("An incident was not told to the council for eleven days.", "Incidents told within one working day."),
)


def load(stage: Stage, others: list[tuple[int, Service]]) -> None:
    """Tell it on the services that are suspended now, and formal steps on some of the others that are open."""
    _standing(stage)
    for order, suspension in enumerate(Suspension.objects.filter(status__in=NOW_IN_FORCE).order_by("pk")):
        if not suspension.is_unconfirmed:
            _beside(stage, suspension, order)
        _people(stage, suspension.service, order)
    open_ones = [service for _number, service in others if service.closed_on is None]
    if len(open_ones) > 20:
        _ladder(stage, open_ones[3::7])


def _standing(stage: Stage) -> None:
    staff, day = stage.staff, stage.day(200)
    with happening_at(at(day, 9)):
        standing.set_policy(
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
            standing.add_contact(
                by=staff.seniors[0],
                given=ContactInput(kind=kind, name=name, email=email, phone=phone),
                now=at(day, 9),
            )
    with happening_at(at(stage.day(3), 16)):
        standing.set_cover(
            by=staff.managers[2],
            given=CoverInput(
                person_id=staff.managers[2].pk,
                deputy_id=staff.managers[1].pk,
                from_on=stage.today + timedelta(5),
                until_on=stage.today + timedelta(12),
            ),
            now=at(stage.day(3), 16),
        )


def _people(stage: Stage, service: Service, order: int) -> None:
    neighbour = stage.neighbours[order % len(stage.neighbours)]
    day = stage.day(30)
    officer = stage.staff.officers[order % 4]
    with happening_at(at(day, 10)):
        for funder, name, people in (
            (Funder.COUNCIL, "", 9 + order % 7),
            (Funder.AUTHORITY, neighbour, 1 + order % 3),
            (Funder.NHS, "Continuing healthcare", order % 4),
            (Funder.SELF, "", 3 + order % 5),
        ):
            if people:
                people_actions.count_people(
                    service.pk,
                    by=officer,
                    given=PeopleInput(funder=funder, name=name, people=people, counted_on=day),
                    now=at(day, 10),
                )


def _beside(stage: Stage, suspension: Suspension, order: int) -> None:
    began = suspension.in_force_from
    if began is None:
        raise ValueError(f"{suspension} was never in force.")
    officer = stage.staff.officers[order % 4]
    put_on = began - timedelta(1 if order % 3 == 0 else 9)
    short = order % 3 == 0
    with happening_at(at(put_on, 9, 30)):
        hearing = fairness.put_to_provider(
            suspension_id=suspension.pk,
            by=officer,
            given=HearingInput(
                clause="Clause 14.2, suspension of new placements",
                put="What the visit found, and that the council means to suspend new placements.",
                put_at=at(put_on, 9, 30),
                answer_by=put_on + timedelta(1 if short else 9),
                short_reason="People were at risk, so that a longer time could not be given."
                if short
                else "",
            ),
            now=at(put_on, 10),
        )
    with happening_at(at(began, 9)):
        fairness.record_answer(
            hearing.pk,
            by=officer,
            given=AnswerInput(
                answer="The provider accepts what was found, and asks that it be reviewed in four weeks.",
                answered_at=at(began, 8, 30),
                considered="Considered: what it proposes does not keep people safe tonight.",
            ),
            now=at(began, 9),
        )
    day = began + timedelta(2)
    if day >= stage.today:
        return
    with happening_at(at(day, 16)):
        people_actions.check_welfare(
            suspension.pk,
            by=officer,
            given=WelfareInput(
                done_on=day,
                living_there=20 + order,
                seen=19 + order,
                found="Everyone was comfortable; one person was in hospital. Drinks were within reach.",
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
                chair=str(stage.staff.seniors[order % 2]),
                attended="CQC, one inspector\nIntegrated care board, one nurse\nSafeguarding, one social worker"
                if order % 2
                else "14 relatives\nThe provider’s area manager",
                apologies="Healthwatch" if order % 2 else "",
                minutes="What was found was gone through. The plan of the provider was read and two points were added.",
                agreed="The provider sends staffing for each week on Monday. Visits go on weekly.",
                next_on=day + timedelta(28),
            ),
            now=at(day, 16),
        )


def _ladder(stage: Stage, services: list[Service]) -> None:
    """One service with five default notices, one with a plan that was met, one in special measures, one whose contract ends."""
    for number in range(len(NOTICES)):
        _step(stage, services[0], Rung.DEFAULT_NOTICE, 150 - 30 * number, number, met=number < 3)
    _step(stage, services[1], Rung.IMPROVEMENT_PLAN, 120, 0, met=True)
    _step(stage, services[2], Rung.IMPROVEMENT_PLAN, 40, 3)
    _step(stage, services[2], Rung.DEFAULT_NOTICE, 16, 4)
    if len(services) > 4:
        _step(stage, services[3], Rung.SPECIAL_MEASURES, 50, 1)
        _step(stage, services[4], Rung.END_PACKAGES, 12, 2)


def _step(
    stage: Stage, service: Service, rung: Rung, days_ago: int, number: int, *, met: bool = False
) -> None:
    managers, day = stage.staff.managers, stage.day(days_ago)
    found, required = NOTICES[number % len(NOTICES)]
    one, other = managers[number % 3], managers[(number + 1) % 3]
    with happening_at(at(day, 10)):
        step = ladder.propose_formal(
            service.pk,
            given=NoticeInput(
                rung=rung,
                summary=found,
                clause=f"Clause {12 + number}.1",
                reasons=f"{found} It was raised at the visit before and has not lasted.",
                evidence="The last two visits, and what the provider sent itself.",
                required=required,
                due_on=day + timedelta(84 if rung == Rung.SPECIAL_MEASURES else 42),
                lead_officer_id=stage.staff.officers[number % 4].pk,
            ),
            by=one,
            now=at(day, 10),
        )
    with happening_at(at(day, 14)):
        ladder.decide_formal(
            step.pk,
            by=other,
            given=FormalDecisionInput(
                decision="issue",
                reason="The clause is plain and the provider has been heard.",
                decided_at=at(day, 14),
                starts_on=day,
                review_on=day + timedelta(21),
            ),
            now=at(day, 14),
        )
    reviewed = day + timedelta(21)
    if reviewed < stage.today:
        _review(stage, step.pk, reviewed, number)
    if met:
        closed = day + timedelta(24)
        with happening_at(at(closed, 11)):
            ladder.close_formal(
                step.pk,
                by=other,
                given=CloseFormalInput(
                    outcome=Outcome.MET, closed_on=closed, reason="Seen at a visit: it has been done."
                ),
                now=at(closed, 11),
            )


def _review(stage: Stage, step_id: int, day: date, number: int) -> None:
    with happening_at(at(day, 12)):
        ladder.review_formal(
            step_id,
            by=stage.staff.officers[number % 4],
            given=FormalReviewInput(
                done_on=day,
                outcome="Most of it has been done; the rest is promised.",
                next_on=max(stage.today + timedelta(6 + number), day + timedelta(28)),
            ),
            now=at(day, 12),
        )
