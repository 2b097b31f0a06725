from datetime import date, datetime

from django.db import transaction

from audits.models import Enrolment, GoodPractice, Nomination, Visit
from carequality import events
from carequality.models import User
from carequality.refusals import Refused
from providers.models import Service


@transaction.atomic
def record_good_practice(
    *, by: User, service: Service, title: str, text: str, now: datetime, visit: Visit | None = None
) -> GoodPractice:
    made = GoodPractice.objects.create(
        service=service, visit=visit, title=title, text=text, recorded_at=now, recorded_by=by
    )
    events.record("good_practice.recorded", by=by, about=made, after={"visit": visit and visit.pk})
    return made


@transaction.atomic
def record_consent(
    practice_id: int, *, by: User, consented_on: date, consented_post: str, named: bool, today: date
) -> GoodPractice:
    """Record the provider's consent to the use of an example, by its name or without. It may be given anew after being taken back."""
    practice = GoodPractice.objects.select_for_update().get(pk=practice_id)
    if consented_on > today:
        raise Refused("Consent cannot have been given in the future.")
    if practice.withdrawn_on is not None and consented_on < practice.withdrawn_on:
        raise Refused("The consent was taken back after that day.")
    practice.consented_on, practice.consented_post, practice.named = consented_on, consented_post, named
    practice.withdrawn_on = None
    practice.save()
    events.record("good_practice.consent_given", by=by, about=practice, after={"named": named})
    return practice


@transaction.atomic
def withdraw_consent(practice_id: int, *, by: User, today: date) -> GoodPractice:
    practice = GoodPractice.objects.select_for_update().get(pk=practice_id)
    if not practice.is_usable:
        raise Refused("There is no consent to take back.")
    practice.withdrawn_on = today
    practice.save()
    events.record("good_practice.consent_withdrawn", by=by, about=practice)
    return practice


@transaction.atomic
def nominate(
    *,
    by: User,
    service: Service,
    year: int,
    category: str,
    reason: str,
    now: datetime,
    good_practice: GoodPractice | None = None,
) -> Nomination:
    if Nomination.objects.filter(service=service, year=year, category=category).exists():
        raise Refused(f"{service} is nominated in this category of {year} already.")
    made = Nomination.objects.create(
        service=service,
        year=year,
        category=category,
        reason=reason,
        good_practice=good_practice,
        nominated_at=now,
        nominated_by=by,
    )
    events.record("nomination.made", by=by, about=made, after={"year": year, "category": category})
    return made


@transaction.atomic
def record_result(nomination_id: int, *, by: User, result: str) -> Nomination:
    nomination = Nomination.objects.select_for_update().get(pk=nomination_id)
    before = nomination.result
    nomination.result = result
    nomination.save()
    events.record(
        "nomination.result_recorded",
        by=by,
        about=nomination,
        before={"result": before},
        after={"result": result},
    )
    return nomination


@transaction.atomic
def enrol(
    *,
    by: User,
    service: Service,
    support: str,
    enrolled_on: date,
    lead: User,
    aim: str,
    rated_before: str,
    today: date,
) -> Enrolment:
    """Take a service into the improvement programme."""
    if enrolled_on > today:
        raise Refused("It cannot have been enrolled in the future.")
    if Enrolment.objects.running().filter(service=service, support=support).exists():
        raise Refused(f"{service} has this support already.")
    made = Enrolment.objects.create(
        service=service,
        support=support,
        enrolled_on=enrolled_on,
        enrolled_by=by,
        lead=lead,
        aim=aim,
        rated_before=rated_before,
    )
    after = {"support": support, "rated_before": rated_before}
    events.record("improvement.enrolled", by=by, about=made, after=after)
    return made


@transaction.atomic
def end_enrolment(
    enrolment_id: int, *, by: User, ended_on: date, rated_after: str, result: str, today: date
) -> Enrolment:
    """End the support, with the rating afterwards if there is one yet."""
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment_id)
    if enrolment.ended_on is not None:
        raise Refused("This support has ended already.")
    if not enrolment.enrolled_on <= ended_on <= today:
        raise Refused("It ended between the day on which the service was enrolled and today.")
    enrolment.ended_on, enrolment.rated_after, enrolment.result = ended_on, rated_after, result
    enrolment.save()
    events.record("improvement.ended", by=by, about=enrolment, after={"rated_after": rated_after})
    return enrolment
