"""Good practice and the consent to its use, nominations for the awards, the improvement programme.

Source: the council's own policy. Without consent an example is the provider's business and exempt
(Local Government Act 1972, Schedule 12A, paragraph 3).
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from audits.models import Enrolment, GoodPractice, Nomination, Visit
from audits.permissions import READ
from audits.rules import practice as practice_rules
from core import events
from core.locking import lock
from core.models import User
from core.workflow import requires
from providers.models import Service

RECORD = ("audits.record_visit", *READ)


@dataclass(frozen=True)
class GoodPracticeInput:
    """An example of good practice at a service."""

    service_id: int
    title: str
    text: str


@dataclass(frozen=True)
class ConsentInput:
    """The provider's consent: when, by which post, and whether the service is named."""

    consented_on: date
    consented_post: str
    named: bool


@dataclass(frozen=True)
class NominationInput:
    """A service put forward in a category of a year's awards."""

    service_id: int
    year: int
    category: str
    reason: str


@dataclass(frozen=True)
class ResultInput:
    """How far a nomination came."""

    result: str


@dataclass(frozen=True)
class EnrolmentInput:
    """A service's support, who leads it, and how the service was rated before it."""

    service_id: int
    support: str
    enrolled_on: date
    lead_id: int
    rated_before: str
    aim: str


@dataclass(frozen=True)
class EndEnrolmentInput:
    """The end of the support; `rated_after` is empty while no audit followed it."""

    ended_on: date
    rated_after: str
    result: str


@requires(*RECORD)
@transaction.atomic
def record_good_practice(
    *, by: User, given: GoodPracticeInput, now: datetime, visit: Visit | None = None
) -> GoodPractice:
    """Record an example of good practice; no paper uses it before the provider has consented.

    Raises `NotAllowed`: `permission-missing`.
    """
    made = GoodPractice.objects.create(
        visit=visit, recorded_at=now, recorded_by=by, **asdict(given)
    )
    events.record("good_practice.recorded", by=by, about=made, after={"visit": visit and visit.pk})
    return made


@requires(*RECORD)
@transaction.atomic
def record_consent(practice_id: int, *, by: User, given: ConsentInput, today: date) -> GoodPractice:
    """Record the provider's consent to the use of an example, by its name or without. It may be
    given again after it was withdrawn.

    Raises `NotAllowed`: `permission-missing`, `in-future`, `before-withdrawal`.
    """
    # Held: a consent and a withdrawal at once come one after the other.
    practice = GoodPractice.objects.select_for_update().get(pk=practice_id)
    practice_rules.check_consent(practice, given.consented_on, today)
    practice.consented_on, practice.consented_post = given.consented_on, given.consented_post
    # A new consent stands in the place of a withdrawn one; the events keep both.
    practice.named, practice.withdrawn_on = given.named, None
    practice.save()
    events.record(
        "good_practice.consent_given", by=by, about=practice, after={"named": given.named}
    )
    return practice


@requires(*RECORD)
@transaction.atomic
def withdraw_consent(practice_id: int, *, by: User, today: date) -> GoodPractice:
    """Record that the provider withdrew its consent: no new paper uses the example. Papers already
    sealed keep it.

    Raises `NotAllowed`: `permission-missing`, `no-consent`.
    """
    practice = GoodPractice.objects.select_for_update().get(pk=practice_id)
    practice_rules.check_withdraw_consent(practice)
    # The day and post of the consent stay: they answer for papers that used the example meanwhile.
    practice.withdrawn_on = today
    practice.save()
    events.record("good_practice.consent_withdrawn", by=by, about=practice)
    return practice


@requires(*RECORD)
@transaction.atomic
def nominate(
    *, by: User, given: NominationInput, now: datetime, good_practice: GoodPractice | None = None
) -> Nomination:
    """Nominate a service for the awards.

    Raises `NotAllowed`: `permission-missing`, `already-nominated`.
    """
    service = _held(given.service_id)
    same = Nomination.objects.filter(service=service, year=given.year, category=given.category)
    practice_rules.check_nominate(service, given.year, same.exists())
    made = Nomination.objects.create(
        good_practice=good_practice, nominated_at=now, nominated_by=by, **asdict(given)
    )
    after = {"year": given.year, "category": given.category}
    events.record("nomination.made", by=by, about=made, after=after)
    return made


@requires(*RECORD)
@transaction.atomic
def record_result(nomination_id: int, *, by: User, given: ResultInput) -> Nomination:
    """Record the result of a nomination.

    Raises `NotAllowed`: `permission-missing`.
    """
    nomination = Nomination.objects.select_for_update().get(pk=nomination_id)
    before = nomination.result
    nomination.result = given.result
    nomination.save()
    events.record(
        "nomination.result_recorded",
        by=by,
        about=nomination,
        before={"result": before},
        after={"result": given.result},
    )
    return nomination


@requires(*RECORD)
@transaction.atomic
def enrol(*, by: User, given: EnrolmentInput, today: date) -> Enrolment:
    """Take a service into the improvement programme.

    Raises `NotAllowed`: `permission-missing`, `in-future`, `already-enrolled`.
    """
    service = _held(given.service_id)
    same = Enrolment.objects.running().filter(service=service, support=given.support)
    practice_rules.check_enrol(service, given.enrolled_on, same.exists(), today)
    made = Enrolment.objects.create(enrolled_by=by, **asdict(given))
    after = {"support": given.support, "rated_before": given.rated_before}
    events.record("improvement.enrolled", by=by, about=made, after=after)
    return made


@requires(*RECORD)
@transaction.atomic
def end_enrolment(
    enrolment_id: int, *, by: User, given: EndEnrolmentInput, today: date
) -> Enrolment:
    """End the support, with the rating afterwards if there is one already.

    Raises `NotAllowed`: `permission-missing`, `already-ended`, `outside-support`.
    """
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment_id)
    practice_rules.check_end_enrolment(enrolment, given.ended_on, today)
    enrolment.ended_on, enrolment.rated_after = given.ended_on, given.rated_after
    enrolment.result = given.result
    enrolment.save()
    events.record(
        "improvement.ended", by=by, about=enrolment, after={"rated_after": given.rated_after}
    )
    return enrolment


def _held(service_id: int) -> Service:
    # Of two who nominate or enrol a service at once, the second waits here and is refused with a
    # sentence, not by the constraint.
    return lock(Service, service_id)
