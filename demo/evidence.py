"""What stands around the audits: whom to ring, notes, feedback sheets, documents, a surgery for
relatives, Healthwatch's Enter and View.
"""

from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

from audits.actions import evidence, late, risk_contacts, stopping, visits
from audits.actions.evidence import AttachmentInput, FeedbackInput, NoteInput, SharingInput
from audits.actions.risk_contacts import RiskContactInput
from audits.actions.stopping import DayInput, StopInput
from audits.actions.visits import BeginInput, CompleteInput, NewVisitInput
from audits.models import LateKind, StoppedHow, Visit, VisitKind, VisitStatus
from core.events import happening_at
from demo.context import DemoContext
from demo.record import at
from demo.world import SEED
from providers.vocabulary import ServiceType

# Numbers that are kept for fiction.
RING = [
    ("Safeguarding adults, office hours", "01632 960141", "Monday to Friday, 9:00 to 17:00"),
    ("Emergency duty team", "01632 960142", "Evenings, weekends and bank holidays"),
    ("Duty manager, quality team", "01632 960143", "Before you leave the service"),
]
NOTES = [
    "Ask for the rota of the last two weekends.",
    "The lift is out of order since Tuesday; who was told?",
    "Person A says that evenings are quiet and she would like music.",
]


def load(context: DemoContext) -> None:
    rng = Random(f"{SEED}:evidence")
    senior = context.staff.seniors[0]
    with happening_at(at(context.day(400), 9)):
        for order, (name, phone, when) in enumerate(RING):
            contact = RiskContactInput(name=name, phone=phone, when=when, order=order)
            risk_contacts.save_risk_contact(None, by=senior, given=contact)
    begun = (
        Visit.objects.filter(status=VisitStatus.IN_PROGRESS)
        .select_related("officer")
        .order_by("pk")
    )
    for visit in begun[:6]:
        _around(visit, rng)
    _late(rng)
    _others(context)
    _stopped(context)


def _late(rng: Random) -> None:
    """A note and an answer that an officer's laptop still held when the audit was completed."""
    done = Visit.objects.completed().filter(kind=VisitKind.ANNUAL).select_related("officer")
    visit = done.order_by("-visited_on", "-pk").first()
    if visit is None:
        return
    written = at(visit.day, 15)
    reason = "This visit is completed, so its answers cannot be changed."
    said = [
        (LateKind.NOTE, "Note", "The rota on the wall is a week old."),
        (
            LateKind.ANSWER,
            "Question 12: Are medicines stored safely?",
            "Answer: Yes\nSeen: Fridge at 4 °C, log signed twice a day.",
        ),
    ]
    now = written + timedelta(hours=4)
    with happening_at(now):
        for kind, about, text in said:
            late.keep_late(
                visit.pk,
                by=visit.officer,
                late_id=UUID(int=rng.getrandbits(128)),
                given=late.LateInput(kind=kind, about=about, text=text, reason=reason),
                written_at=written,
                now=now,
            )


def _around(visit: Visit, rng: Random) -> None:
    now, by = at(visit.day, 14), visit.officer
    with happening_at(now):
        for text in rng.sample(NOTES, 2):
            evidence.save_note(
                visit.pk,
                by=by,
                note_id=UUID(int=rng.getrandbits(128)),
                given=NoteInput(text, question_id=None, seen=0),
                written_at=now,
                now=now,
            )
        evidence.save_feedback(
            visit.pk,
            by=by,
            given=FeedbackInput(
                good="A warm welcome; people were at ease with staff.",
                change_now="The gaps in the medicines records of the last week.",
                next_steps="The draft report comes when a senior officer has seen it.",
                given_to="Registered manager",
                seen=0,
            ),
            now=now,
        )
        evidence.attach(
            visit.pk,
            by=by,
            attachment_id=UUID(int=rng.getrandbits(128)),
            given=AttachmentInput(
                data=(
                    b"Training matrix: moving and handling 94%, medicines 88%, safeguarding 97%.\n"
                ),
                name="Training matrix.txt",
                caption="Training matrix",
                from_provider=True,
            ),
            now=now,
        )


def _stopped(context: DemoContext) -> None:
    """A monitoring visit that ended early: two officers had written its sheet, and its day was
    corrected.
    """
    homes = [
        service
        for service in context.register.services.values()
        if service.service_type == ServiceType.RESIDENTIAL_HOME and service.closed_on is None
    ]
    if not homes:
        return
    day, (officer, other, *_more) = context.day(20), context.staff.officers
    now = at(day, 11)
    with happening_at(now):
        plan = NewVisitInput(
            service_id=homes[0].pk,
            kind=VisitKind.MONITORING,
            planned_for=day,
            officer_id=officer.pk,
        )
        pk = visits.plan_visit(by=officer, given=plan, now=now).pk
        visits.begin(pk, by=officer, given=BeginInput(day), today=day)
        sheet = FeedbackInput(
            good="The dining room is calm.", change_now="", next_steps="", given_to="", seen=0
        )
        evidence.save_feedback(pk, by=officer, given=sheet, now=now)
        more = replace(sheet, good="The dining room is calm, and people chose their meals.", seen=1)
        evidence.save_feedback(pk, by=other, given=more, now=at(day, 12))
        stopping.stop(
            pk,
            by=officer,
            given=StopInput(
                how=StoppedHow.PART_COMPLETED,
                reason="Four people were unwell by noon, and the home closed to visitors.",
                again_on=None,
            ),
            now=at(day, 13),
        )
        earlier = DayInput(day - timedelta(days=1), "It was recorded on the day after.")
        stopping.correct_day(pk, by=officer, given=earlier, now=at(day, 14), today=day)


def _others(context: DemoContext) -> None:
    """Healthwatch's Enter and View to one home, and a surgery for relatives at another, some weeks
    ago.
    """
    homes = [
        service
        for service in context.register.services.values()
        if service.service_type == ServiceType.RESIDENTIAL_HOME and service.closed_on is None
    ]
    kinds = ((VisitKind.ENTER_AND_VIEW, 34), (VisitKind.SURGERY, 48))
    for home, (kind, days_ago) in zip(homes[-2:], kinds, strict=False):
        day, officer = context.day(days_ago), context.staff.officers[0]
        now = at(day, 16)
        with happening_at(now):
            plan = NewVisitInput(
                service_id=home.pk,
                kind=kind,
                planned_for=day,
                officer_id=officer.pk,
                announced=True,
            )
            visit = visits.plan_visit(by=officer, given=plan, now=at(day - timedelta(14), 10))
            visits.begin(visit.pk, by=officer, given=BeginInput(day), today=day)
            if kind == VisitKind.ENTER_AND_VIEW:
                evidence.record_sharing(
                    visit.pk,
                    by=officer,
                    given=SharingInput(
                        who_came="Healthwatch, two authorised representatives",
                        shared_before="The day of the last audit and its open actions.",
                        shared_after=(
                            "Healthwatch’s notes on mealtimes and activities; its report follows."
                        ),
                    ),
                )
            summary = (
                "Relatives were listened to; what they raised was told to the manager on the day."
            )
            visits.complete(visit.pk, by=officer, given=CompleteInput(summary), now=now)
