"""What no merging and no correction may lose: the section 42 duty, the clock that was given."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns import actions
from concerns.actions import correcting
from concerns.models import Concern, Targets
from core import versions
from core.models import User
from providers.models import Service
from tests.refusals import not_allowed

pytestmark = pytest.mark.django_db

Record = Callable[..., Concern]


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


NOW = at("2026-03-02T12:00")


def safeguarding(record: Record, by: User, stands: str, **also: object) -> Concern:
    begun = stands if stands != "concluded" else "open"
    concern = record(kind="safeguarding", abuse="neglect", section_42=begun, **also)
    if stands == "concluded":
        given = actions.EnquiryInput(stands, "substantiated")
        concern = actions.record_enquiry(concern.pk, by=by, given=given, now=NOW)
    return concern


def merged(one: Concern, into: Concern, by: User) -> Concern:
    return correcting.merge(one.pk, by=by, given=correcting.MergeInput(into.pk), now=NOW)


def received(concern: Concern, moment: datetime, by: User) -> Concern:
    names = ("service_id", "kind", "source", "summary")
    values = {name: getattr(concern, name) for name in names}
    seen = versions.seen_of(concern)
    given = correcting.CorrectInput(**values, received_at=moment, seen=seen)
    return correcting.correct(concern.pk, by=by, given=given, now=at("2026-03-20T12:00"))


@pytest.mark.parametrize(
    ("duplicate", "kept"),
    [
        ("open", "undecided"),
        ("open", "not_required"),
        ("open", "concluded"),
        ("undecided", "not_required"),
        ("undecided", "concluded"),
    ],
)
def test_merging_never_ends_an_enquiry(
    record: Record, officer: User, duplicate: str, kept: str
) -> None:
    one, other = (safeguarding(record, officer, stands) for stands in (duplicate, kept))
    with not_allowed("enquiry-lost", "into"):
        merged(one, other, officer)
    # The other way round nothing is lost.
    assert merged(other, one, officer) == one


def test_merging_tells_what_the_duplicate_said_of_the_abuse(record: Record, officer: User) -> None:
    one = safeguarding(record, officer, "concluded", abuse_by="staff")
    kept = merged(one, safeguarding(record, officer, "open"), officer)
    (line,) = kept.log.all()
    for words in (
        one.get_abuse_display().lower(),
        one.get_abuse_by_display().lower(),
        f"enquiry concluded: substantiated, decided on 2 March 2026 by {officer}",
    ):
        assert words in line.text


def test_receipt_is_never_corrected_to_after_the_section_42_decision(
    record: Record, officer: User
) -> None:
    concern = safeguarding(record, officer, "open")
    with not_allowed("after-decision", "received_at"):
        received(concern, at("2026-03-03T09:00"), officer)


def test_corrected_receipt_keeps_the_hours_that_the_clock_was_given(
    record: Record, officer: User
) -> None:
    """Later targets change no clock, and a correction under them neither stops nor shortens it."""
    concern = record()
    targets = Targets.current()
    hours = targets.hours_for("medium")
    targets.hours_medium = hours + 8
    targets.save()
    corrected = received(concern, concern.received_at - timedelta(days=7), officer)
    # A week of working days earlier, as it was given.
    assert corrected.respond_by == concern.respond_by - timedelta(days=7)


def test_corrected_receipt_gives_no_time_back_after_a_raised_risk(
    record: Record, officer: User
) -> None:
    concern = record()
    given = actions.ChangeRiskInput("high", "Two more were found.")
    raised = actions.change_risk(concern.pk, by=officer, given=given, now=NOW)
    corrected = received(raised, at("2026-03-02T11:00"), officer)
    assert corrected.respond_by == raised.respond_by


def test_corrected_receipt_gives_no_time_back_after_a_merging(
    record: Record, officer: User
) -> None:
    earlier = record(received_at=at("2026-02-26T10:00"))
    kept = merged(earlier, record(), officer)
    corrected = received(kept, at("2026-03-02T11:00"), officer)
    assert corrected.respond_by == earlier.respond_by


def test_concern_of_two_kinds_is_offered_as_a_duplicate_of_each(
    service: Callable[..., Service], officer: User, client_as: Callable[..., Client]
) -> None:
    now = timezone.now()
    complaint = actions.ConcernInput(
        service_id=service().pk,
        kind="complaint",
        summary="Calls were late.",
        risk="medium",
        source="family",
        received_at=now - timedelta(hours=3),
    )
    both = actions.record_concern(by=officer, given=complaint, now=now)
    given = correcting.SafeguardingInput("neglect", "staff", "undecided")
    correcting.add_safeguarding(both.pk, by=officer, given=given, now=now)
    data = {
        "service": str(both.service_id),
        "kind": "safeguarding",
        "abuse": "neglect",
        "abuse_by": "staff",
        "section_42": "undecided",
        "summary": "Calls were missed.",
        "risk": "medium",
        "source": "family",
        "received_at": f"{timezone.localtime(now):%Y-%m-%dT%H:%M}",
    }
    answer = client_as("Officer", "reader").post(reverse("concerns:add-concern"), data)
    assert answer.context["form"].duplicates == [both]
    assert Concern.objects.count() == 1
