"""Concerns and contacts about services that no story tells of: two years of them, through the
actions.
"""

from datetime import datetime, time, timedelta
from random import Random

from concerns import actions
from concerns.actions import correcting
from concerns.models import Concern
from core import versions
from core.events import happening_at
from demo import texts
from demo.context import DemoContext
from demo.record import LONDON, at
from demo.world import SEED
from providers.models import Service
from ratings.vocabulary import RatingWord

DAYS = 730
HOW_MANY = {
    RatingWord.OUTSTANDING: (0, 0, 0, 1),
    RatingWord.GOOD: (0, 0, 0, 0, 1, 1),
    RatingWord.REQUIRES_IMPROVEMENT: (0, 1, 2, 2, 3),
    RatingWord.INADEQUATE: (2, 3, 4),
    None: (0, 0, 1),
}
RISKS = (("low", 45), ("medium", 38), ("high", 14), ("very_high", 3))
ABUSE_BY = ("staff", "person", "unknown", "staff", "family")
OUTCOMES = (("substantiated", 4), ("partly", 3), ("not_substantiated", 4), ("inconclusive", 1))


def load(context: DemoContext, others: list[tuple[int, Service]]) -> None:
    """Load the concerns in the order in which they came, so that their references run with the
    days.
    """
    rng = Random(f"{SEED}:concerns")
    due: list[tuple[datetime, Service, int]] = []
    for number, service in others:
        since = max(
            service.opened_on or context.today - timedelta(DAYS), context.today - timedelta(DAYS)
        )
        until = (service.closed_on or context.today) - timedelta(3)
        for _ in range(rng.choice(HOW_MANY[context.worst_rating(number)])):
            if since < until:
                day = since + timedelta(rng.randint(0, (until - since).days))
                moment = datetime.combine(day, time(rng.randint(8, 18), rng.randint(0, 59)), LONDON)
                due.append((moment, service, rng.randrange(len(texts.CONCERNS))))
    for received_at, service, which in sorted(due, key=lambda row: (row[0], row[1].pk)):
        _one(context, service, received_at, which, rng)
    _now(context, [service for _, service in others if service.closed_on is None], rng)


def _one(
    context: DemoContext, service: Service, received_at: datetime, which: int, rng: Random
) -> None:
    risk = rng.choices([name for name, _ in RISKS], [weight for _, weight in RISKS])[0]
    concern = _record(context, service, received_at, which, risk, rng)
    due = (
        concern.respond_by
        if rng.random() > 0.12
        else concern.respond_by + timedelta(days=rng.randint(1, 4))
    )
    answered_at = received_at + (due - received_at) * rng.uniform(0.2, 0.98)
    now = at(context.today, 0, 1)
    if answered_at > now:
        return
    by = concern.allocated_to or context.staff.officers[0]
    done = texts.CONCERNS[which][3]
    actions.respond(
        concern.pk,
        by=by,
        given=actions.RespondInput(
            at=answered_at, done="Spoke to the manager and asked for the records."
        ),
        now=answered_at,
    )
    closed_at = answered_at + timedelta(days=rng.randint(6, 75))
    if closed_at > now or rng.random() < 0.03:
        return
    outcome = rng.choices([name for name, _ in OUTCOMES], [weight for _, weight in OUTCOMES])[0]
    if concern.is_safeguarding:
        enquired = concern.section_42 == "open"
        with happening_at(closed_at):
            actions.record_enquiry(
                concern.pk,
                by=by,
                given=actions.EnquiryInput(
                    section_42="concluded" if enquired else "not_required",
                    outcome=outcome if enquired else "",
                ),
                now=closed_at,
            )
    actions.close(concern.pk, by=by, given=actions.CloseInput(outcome, done), now=closed_at)


def _record(
    context: DemoContext,
    service: Service,
    received_at: datetime,
    which: int,
    risk: str,
    rng: Random,
) -> Concern:
    kind, source, summary, _ = texts.CONCERNS[which]
    safeguarding = kind == "safeguarding"
    officer = service.lead_officer or rng.choice(context.staff.officers)
    return actions.record_concern(
        by=officer,
        given=actions.ConcernInput(
            service_id=service.pk,
            kind=kind,
            source=source,
            risk=risk,
            received_at=received_at,
            summary=summary,
            abuse=rng.choice(texts.ABUSE) if safeguarding else "",
            abuse_by=ABUSE_BY[received_at.day % len(ABUSE_BY)] if safeguarding else "",
            section_42=rng.choice(("undecided", "open")) if safeguarding else "",
            allocated_to_id=officer.pk,
        ),
        now=received_at + timedelta(minutes=rng.randint(5, 90)),
    )


def _now(context: DemoContext, services: list[Service], rng: Random) -> None:
    """What lies on the desk today: one of each risk, unanswered, one of them past its time; and
    calls of the week.
    """
    for risk, days_ago, which in (
        ("very_high", 0, 10),
        ("high", 1, 4),
        ("medium", 8, 1),
        ("low", 3, 0),
    ):
        received_at = at(context.day(days_ago), 8, 40) if days_ago else at(context.today, 0, 5)
        concern = _record(context, rng.choice(services), received_at, which, risk, rng)
        if risk == "medium":
            rang = received_at + timedelta(minutes=20)
            actions.log_contact(
                by=concern.recorded_by,
                given=actions.LogContactInput(
                    service_id=concern.service_id,
                    concern_id=concern.pk,
                    kind="call",
                    with_whom="service",
                    happened_at=rang,
                    note="Rang the manager, who was out; asked to be rung back.",
                ),
                now=rang,
            )
    for days_ago in range(1, 15):
        service = rng.choice(services)
        happened_at = at(context.day(days_ago), 9 + days_ago % 8, 15)
        actions.log_contact(
            by=service.lead_officer or context.staff.officers[0],
            given=actions.LogContactInput(
                service_id=service.pk,
                kind=("call", "email", "meeting")[days_ago % 3],
                with_whom=("service", "provider", "family", "social_work", "cqc")[days_ago % 5],
                happened_at=happened_at,
                note=CONTACTS[days_ago % len(CONTACTS)],
            ),
            now=happened_at + timedelta(minutes=30),
        )

    _put_right(context, services, rng)

    # Each kind stands in the lists, also in a small demonstration.
    seen = set(Concern.objects.values_list("kind", flat=True))
    for which, (kind, *_) in enumerate(texts.CONCERNS):
        if kind not in seen:
            seen.add(kind)
            _one(context, rng.choice(services), at(context.day(20 + which), 10), which, rng)


def _put_right(context: DemoContext, services: list[Service], rng: Random) -> None:
    """A complaint that is safeguarding too, recorded twice, corrected; and one opened again."""
    service = rng.choice(services)
    first = _record(context, service, at(context.day(9), 10), 0, "medium", rng)
    again = _record(context, service, at(context.day(8), 11), 0, "low", rng)
    by, now = first.recorded_by, at(context.day(7), 12)
    corrected = correcting.CorrectInput(
        service_id=service.pk,
        kind="complaint",
        received_at=first.received_at,
        source="family",
        summary=f"{first.summary} The family asks for a written answer.",
        seen=versions.seen_of(first),
    )
    safeguarding = correcting.SafeguardingInput("neglect", "staff", "undecided")
    with happening_at(now):
        correcting.correct(first.pk, by=by, given=corrected, now=now)
        correcting.add_safeguarding(first.pk, by=by, given=safeguarding, now=now)
    correcting.merge(again.pk, by=by, given=correcting.MergeInput(first.pk), now=now)
    closed = Concern.objects.filter(status="closed").order_by("closed_at").last()
    if closed:
        correcting.reopen(
            closed.pk,
            by=closed.closed_by or by,
            given=correcting.ReopenInput("The family wrote again: it has happened since."),
            now=at(context.today, 0, 1),
        )


CONTACTS = (
    "The manager asked for advice on the new induction; sent the checklist.",
    "Vacancies and agency hours of the month received.",
    "A relative wished to know who may come to the surgery for relatives.",
    "CQC's inspector asked whether we plan a visit; told when.",
    "The social work team reports three reviews done, nothing of concern.",
)
