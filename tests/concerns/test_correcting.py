"""A concern is put right: corrected, of two kinds, merged, opened again, with its files."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns import actions, figures, identifiers, rules
from concerns.actions import correcting
from concerns.models import Concern, Targets
from core import versions
from core.models import User
from formal_steps.models import FormalStep, StepType
from providers.models import Service
from tests.refusals import not_allowed

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


NOW = at("2026-03-02T12:00")
Record = Callable[..., Concern]


def corrected(concern: Concern, by: User, **also: object) -> Concern:
    names = ("service_id", "kind", "received_at", "source", "summary")
    values = {name: getattr(concern, name) for name in names} | {"seen": versions.seen_of(concern)}
    given = correcting.CorrectInput(**(values | also))
    return correcting.correct(concern.pk, by=by, given=given, now=NOW)


def closed(concern: Concern, by: User, when: datetime = NOW) -> Concern:
    if not concern.is_answered:
        actions.respond(concern.pk, by=by, given=actions.RespondInput(when, "Rang"), now=when)
    given = actions.CloseInput("substantiated", "Done")
    return actions.close(concern.pk, by=by, given=given, now=when)


def test_contact_about_a_concern_of_another_service_is_refused(
    record: Record, officer: User, service: Callable[..., Service]
) -> None:
    given = actions.LogContactInput(
        service_id=service("Beech House").pk,
        concern_id=record().pk,
        kind="call",
        with_whom="family",
        note="Late",
        happened_at=NOW,
    )
    with not_allowed("other-service", "service"):
        actions.log_contact(by=officer, given=given, now=NOW)


def test_steps_show_only_to_those_who_may_see_them(
    record: Record, officer: User, person: Callable[..., User], service: Callable[..., Service]
) -> None:
    from concerns.views.concerns import _steps

    concern, manager = record(), person("Manager")
    step = FormalStep.objects.create(
        service=concern.service,
        step_type=StepType.DEFAULT_NOTICE,
        summary="Two visits missed.",
        clause="7",
        reasons="Two visits missed.",
        evidence="The log.",
        required="Cover each visit.",
        due_on=date(2026, 4, 1),
        proposed_by=manager,
        proposed_at=NOW,
    )
    step.concerns.add(concern)
    assert len(_steps(concern, officer)) == 1
    nobody = User.objects.create(username="reads-concerns-alone")
    assert _steps(concern, nobody) == []


def test_correction_keeps_what_was_said_and_moves_the_clock(
    record: Record, officer: User, person: Callable[..., User], service: Callable[..., Service]
) -> None:
    concern, senior = record(), person("Senior officer")
    other = service("Beech House")
    changed = corrected(
        concern,
        senior,
        service_id=other.pk,
        kind="quality",
        source="cqc",
        summary="Calls were missed.",
        received_at=at("2026-02-27T10:00"),
    )
    assert (changed.service, changed.kind, changed.source) == (other, "quality", "cqc")
    assert changed.respond_by == rules.respond_by(
        "medium", at("2026-02-27T10:00"), Targets.current()
    )
    first, second = versions.history(concern)
    assert first.fields["summary"] == "Calls were late."
    assert (second.fields["summary"], second.by) == ("Calls were missed.", senior)


def test_correction_over_a_colleagues_is_refused(record: Record, officer: User) -> None:
    concern = record()
    seen = versions.seen_of(concern)
    corrected(concern, officer, summary="Theirs")
    with not_allowed("stale-version"):
        corrected(concern, officer, summary="Mine", seen=seen)
    concern.refresh_from_db()
    assert concern.summary == "Theirs"


def test_receipt_is_corrected_to_before_the_response_and_now(record: Record, officer: User) -> None:
    concern = record()
    with not_allowed("in-future", "received_at"):
        corrected(concern, officer, received_at=NOW + timedelta(minutes=1))
    actions.respond(
        concern.pk, by=officer, given=actions.RespondInput(at("2026-03-02T11:00"), ""), now=NOW
    )
    with not_allowed("after-response", "received_at"):
        corrected(concern, officer, received_at=at("2026-03-02T11:30"))


def test_service_stays_where_a_contact_rests_on_the_concern(
    record: Record, officer: User, service: Callable[..., Service]
) -> None:
    concern = record()
    given = actions.LogContactInput(
        service_id=concern.service_id,
        concern_id=concern.pk,
        kind="call",
        with_whom="family",
        note="Late",
        happened_at=NOW,
    )
    actions.log_contact(by=officer, given=given, now=NOW)
    with not_allowed("tied-to-service", "service"):
        corrected(concern, officer, service_id=service("Beech House").pk)


def test_complaint_becomes_safeguarding_too_and_its_clock_runs_on(
    record: Record, officer: User
) -> None:
    concern = record()
    due = concern.respond_by
    with not_allowed("safeguarding-incomplete", "kind"):
        corrected(concern, officer, kind="safeguarding")
    given = correcting.SafeguardingInput("neglect", "staff", "open", date(2026, 3, 2))
    both = correcting.add_safeguarding(concern.pk, by=officer, given=given, now=NOW)
    assert (both.kind, both.is_safeguarding, both.respond_by) == ("complaint", True, due)
    assert (both.section_42_decided_on, both.section_42_decided_by) == (date(2026, 3, 2), officer)
    assert both.kind_in_words == "Complaint and safeguarding concern"
    with not_allowed("is-safeguarding"):
        correcting.add_safeguarding(concern.pk, by=officer, given=given, now=NOW)
    actions.respond(concern.pk, by=officer, given=actions.RespondInput(NOW, ""), now=NOW)
    with not_allowed("enquiry-open"):
        actions.close(concern.pk, by=officer, given=actions.CloseInput("partly", ""), now=NOW)
    # That the enquiry ends is no new decision.
    ended = actions.record_enquiry(
        concern.pk,
        by=officer,
        given=actions.EnquiryInput("concluded", "partly"),
        now=NOW + timedelta(days=9),
    )
    assert ended.section_42_decided_on == date(2026, 3, 2)


def test_safeguarding_is_never_lost_by_a_correction(record: Record, officer: User) -> None:
    concern = record(kind="safeguarding", abuse="neglect", section_42="open")
    assert concern.section_42_decided_by == officer
    changed = corrected(concern, officer, kind="complaint")
    assert (changed.kind, changed.also_safeguarding, changed.section_42) == (
        "complaint",
        True,
        "open",
    )
    assert not corrected(changed, officer, kind="safeguarding").also_safeguarding


def test_day_of_the_decision_lies_between_receipt_and_today(record: Record, officer: User) -> None:
    concern = record(kind="safeguarding", abuse="neglect", section_42="undecided")
    for day, why in ((date(2026, 3, 1), "before-received"), (date(2026, 3, 3), "in-future")):
        with not_allowed(why, "decided_on"):
            actions.record_enquiry(
                concern.pk, by=officer, given=actions.EnquiryInput("open", "", day), now=NOW
            )


def test_database_holds_what_is_safeguarding(record: Record) -> None:
    concern = record()
    for wrong in ({"also_safeguarding": True}, {"status": "merged"}, {"merged_into": concern}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Concern.objects.filter(pk=concern.pk).update(**wrong)


def test_concern_of_two_kinds_counts_in_each_and_once_in_all(record: Record, officer: User) -> None:
    both, duplicate = record(), record()
    record(kind="safeguarding", abuse="neglect", section_42="undecided")
    given = correcting.SafeguardingInput("neglect", "staff", "undecided")
    correcting.add_safeguarding(both.pk, by=officer, given=given, now=NOW)
    correcting.merge(duplicate.pk, by=officer, given=correcting.MergeInput(both.pk), now=NOW)
    figure = figures.received_concerns(date(2026, 3, 2))
    keys = [column.key for column in figure.columns]
    last = dict(zip(keys, figure.rows[-1].cells, strict=True))
    assert (last["all"], last["kind-complaint"], last["kind-safeguarding"]) == (2, 1, 2)
    (chart,) = figures.bars_of_kinds(figure)
    assert sum(chart.bars[-1].counts.values()) == 2
    assert Concern.objects.counted().of_kind("safeguarding").count() == 2
    open_then = figures.open_concerns(date(2026, 3, 2))
    assert open_then.rows[-1].cells[-1] == 2


def test_merging_keeps_the_words_of_both_and_references_lead_on(
    record: Record, officer: User, client_as: Callable[..., Client]
) -> None:
    kept = record()
    duplicate = record(
        summary="The lift is broken.", risk="high", received_at=at("2026-02-26T10:00")
    )
    earlier = record(summary="The lift stuck.")
    correcting.merge(earlier.pk, by=officer, given=correcting.MergeInput(duplicate.pk), now=NOW)
    whole = correcting.merge(
        duplicate.pk, by=officer, given=correcting.MergeInput(kept.pk), now=NOW
    )
    assert (whole.risk, whole.respond_by) == ("high", duplicate.respond_by)
    assert set(whole.merged.all()) == {duplicate, earlier}
    client = client_as("Officer", "reader")
    page = client.get(reverse("concerns:view-concern", args=[kept.pk])).content.decode()
    for words in ("Calls were late.", "The lift is broken.", "The lift stuck."):
        assert words in page
    old = client.get(reverse("concerns:view-concern", args=[earlier.pk])).content.decode()
    assert reverse("concerns:view-concern", args=[kept.pk]) in old
    found = client.get(reverse("concerns:list-concerns") + f"?q={earlier.reference}")
    assert [one.pk for one in found.context["page"]] == [kept.pk]


def test_merging_is_refused_where_something_would_be_lost(record: Record, officer: User) -> None:
    complaint, other = record(), record("Beech House")
    safeguarding = record(kind="safeguarding", abuse="neglect", section_42="undecided")

    def merge(one: Concern, into: Concern) -> None:
        given = correcting.MergeInput(into.pk)
        correcting.merge(one.pk, by=officer, given=given, now=NOW)

    for one, into, why in (
        (complaint, complaint, "same-concern"),
        (complaint, other, "other-service"),
        (safeguarding, complaint, "safeguarding-lost"),
        (complaint, closed(record(), officer), "not-open"),
    ):
        with not_allowed(why, "into"):
            merge(one, into)


def test_concern_is_opened_again_with_a_reason_and_past_days_stay(
    record: Record, officer: User
) -> None:
    concern = closed(record(), officer)
    later = at("2026-04-10T12:00")
    given = correcting.ReopenInput("The family rang again.")
    again = correcting.reopen(concern.pk, by=officer, given=given, now=later)
    assert again.is_open
    assert "Opened again on 10 April 2026 at midday: The family rang again." in again.done
    assert "Closed: substantiated, 2 March 2026" in again.done
    days = (date(2026, 3, 20), date(2026, 4, 10))
    assert [Concern.objects.open_on(day).count() for day in days] == [0, 1]
    march, april = (row.cells[-1] for row in figures.open_concerns(days[1]).rows[-2:])
    assert (march, april) == (0, 1)
    with not_allowed("wrong-state"):
        correcting.reopen(concern.pk, by=officer, given=given, now=later)


def test_what_was_merged_by_mistake_is_opened_again(record: Record, officer: User) -> None:
    kept, other = record(), record()
    correcting.merge(other.pk, by=officer, given=correcting.MergeInput(kept.pk), now=NOW)
    given = correcting.ReopenInput("Another matter.")
    again = correcting.reopen(other.pk, by=officer, given=given, now=NOW)
    assert again.is_open
    assert again.merged_into is None
    assert Concern.objects.counted().count() == 2


def test_closed_concern_takes_a_log_line(record: Record, officer: User) -> None:
    concern = closed(record(), officer)
    given = actions.LogInput("The coroner wrote.")
    assert actions.add_to_log(concern.pk, by=officer, given=given, now=NOW).pk


def test_danger_outside_of_office_hours_says_whom_to_call(
    record: Record, officer: User, client_as: Callable[..., Client]
) -> None:
    concern, targets = record(risk="very_high"), Targets.current()
    friday_evening, monday = at("2026-03-06T20:08"), at("2026-03-09T10:00")
    assert rules.is_danger_out_of_hours(concern, friday_evening, targets)
    assert not rules.is_danger_out_of_hours(concern, monday, targets)
    assert not rules.is_danger_out_of_hours(record(risk="high"), friday_evening, targets)
    Targets.objects.create(pk=1, day_starts="00:00", day_ends="00:01", out_of_hours_phone="01 234")
    page = client_as("Officer", "reader").get(reverse("concerns:view-concern", args=[concern.pk]))
    assert "call 999" in page.content.decode()
    assert "<strong>01 234</strong>" in page.content.decode()
    actions.respond(concern.pk, by=officer, given=actions.RespondInput(NOW, "Rang"), now=NOW)
    concern.refresh_from_db()
    assert not rules.is_danger_out_of_hours(concern, friday_evening, targets)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NHS 943 476 5919", ["943 476 5919"]),
        ("9434765919 and 943-476-5919", ["9434765919", "943-476-5919"]),
        # As word processors and spreadsheets give them.
        ("943\u2011476\u20115919", ["943\u2011476\u20115919"]),
        ("943\u2013476\u20135919", ["943\u2013476\u20135919"]),
        ("943  476 \u00a05919", ["943  476 \u00a05919"]),
        ("NHS 943 476 5918 fails its check", []),
        ("Rang 01632 960 001 and 07700 900123", []),
        ("", []),
    ],
)
def test_nhs_numbers_are_told_by_their_check_digit(text: str, found: list[str]) -> None:
    assert identifiers.nhs_numbers_in(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DOB 03/04/41", ["03/04/41"]),
        ("born on 3rd March 1941", ["3rd March 1941"]),
        ("She (12.5.1938) fell", ["12.5.1938"]),
        ("1941-03-03", ["1941-03-03"]),
        ("born March 3rd, 1941", ["March 3rd, 1941"]),
        ("DOB 03\u201104\u20111941", ["03\u201104\u20111941"]),
        ("date of birth: 1 May 2015", ["1 May 2015"]),
        ("Visited on 3 March 2025, called on 03/02/26", []),
        ("31 February 1941", []),
    ],
)
def test_dates_of_birth_are_asked_about_and_days_of_visits_are_not(
    text: str, found: list[str]
) -> None:
    assert identifiers.dates_of_birth_in(text, date(2026, 3, 2)) == found


def test_concern_is_put_right_through_its_pages(
    record: Record, client_as: Callable[..., Client]
) -> None:
    client, concern = client_as("Officer", "reader"), record()

    def post(page: str, **data: object) -> str:
        url = reverse(f"concerns:{page}", args=[concern.pk])
        assert client.get(url).status_code == 200
        return client.post(url, data, follow=True).content.decode()

    said = post(
        "correct-concern",
        service=concern.service_id,
        kind="quality",
        received_at="2026-03-02T10:00",
        source="cqc",
        summary="Calls were missed.",
        seen=versions.seen_of(concern),
    )
    assert "Concern corrected." in said
    assert "Corrections" in said
    said = post("add-safeguarding", abuse="neglect", abuse_by="staff", section_42="undecided")
    assert "is a safeguarding concern too" in said
    other = record(kind="safeguarding", abuse="neglect", section_42="undecided")
    assert "has been merged into" in post("merge-concern", into=other.pk)
    assert "Concern opened again." in post("reopen-concern", reason="Another matter.")
    file = SimpleUploadedFile("letter.txt", b"The lift is broken.")
    assert "has been added" in post("add-file", file=file, caption="The letter")
    stored = concern.files.get()
    got = client.get(reverse("concerns:download-file", args=[stored.pk]))
    assert got.getvalue() == b"The lift is broken."
