"""Good practice, nominations for awards, and the improvement programme."""

from datetime import timedelta
from random import Random

from audits.actions import practice
from audits.models import AwardCategory, Nomination, Support, Visit
from core.events import happening_at
from demo.context import DemoContext
from demo.monitoring_texts import AIMS, PRACTICE
from demo.record import at
from providers.models import Service


def load(context: DemoContext, rng: Random) -> None:
    _practice(context)
    _improvement(context, rng)


def _practice(context: DemoContext) -> None:
    services = list(
        Service.objects.filter(closed_on=None, bands__band__lte=3)
        .distinct()
        .order_by("name", "pk")[:14]
    )
    for number, ((title, text), service) in enumerate(zip(PRACTICE, services, strict=False)):
        officer = service.lead_officer or context.staff.officers[0]
        day = context.day(20 + number * 23)
        with happening_at(at(day, 15)):
            example = practice.record_good_practice(
                by=officer,
                given=practice.GoodPracticeInput(service_id=service.pk, title=title, text=text),
                now=at(day, 15),
            )
            if number % 4 != 3:
                practice.record_consent(
                    example.pk,
                    by=officer,
                    given=practice.ConsentInput(
                        consented_on=day, consented_post="Registered manager", named=number % 3 == 0
                    ),
                    today=day,
                )
            if number == 5:
                practice.withdraw_consent(example.pk, by=officer, today=day)
    for years_ago in (0, 1):
        year = context.today.year - years_ago
        day = context.day(15 + 365 * years_ago)
        for number, (category, service) in enumerate(zip(AwardCategory, services, strict=False)):
            with happening_at(at(day, 16)):
                nomination: Nomination = practice.nominate(
                    by=context.staff.officers[number % len(context.staff.officers)],
                    given=practice.NominationInput(
                        service_id=service.pk,
                        year=year,
                        category=category.value,
                        reason=PRACTICE[number % len(PRACTICE)][1],
                    ),
                    now=at(day, 16),
                )
                if years_ago:
                    result = practice.ResultInput("won" if number % 3 == 0 else "shortlisted")
                    practice.record_result(
                        nomination.pk, by=context.staff.managers[0], given=result
                    )


def _improvement(context: DemoContext, rng: Random) -> None:
    """Services whose last audit but one asked for it: half of them through with it, rated again
    since.
    """
    weak = Visit.objects.rated().filter(
        outcome__in=["requires_improvement", "poor"], service__closed_on=None
    )
    seen: set[int] = set()
    weak = weak.select_related("service", "officer")
    # The oldest, which are through with it, and the newest, which have it now.
    for visit in [
        *weak.order_by("visited_on", "pk")[:16],
        *weak.order_by("-visited_on", "-pk")[:8],
    ]:
        day = visit.day + timedelta(30)
        if visit.service_id in seen or day >= context.today:
            continue
        support = list(Support)[len(seen) % len(Support)].value
        seen.add(visit.service_id)
        with happening_at(at(day, 10)):
            enrolment = practice.enrol(
                by=visit.officer,
                given=practice.EnrolmentInput(
                    service_id=visit.service_id,
                    support=support,
                    enrolled_on=day,
                    lead_id=visit.officer_id,
                    rated_before=visit.outcome,
                    aim=AIMS[support],
                ),
                today=day,
            )
        after = (
            Visit.objects.rated()
            .for_service(visit.service)
            .completed_after(day)
            .order_by("visited_on")
            .first()
        )
        ended = after.day + timedelta(25) if after else day + timedelta(rng.randint(120, 300))
        if ended < context.today and (after or rng.random() < 0.4):
            with happening_at(at(ended, 10)):
                practice.end_enrolment(
                    enrolment.pk,
                    by=visit.officer,
                    given=practice.EndEnrolmentInput(
                        ended_on=ended,
                        rated_after=after.outcome if after else "",
                        result="Six sessions held; the manager goes on alone.",
                    ),
                    today=ended,
                )
