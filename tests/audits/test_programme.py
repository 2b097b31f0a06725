"""The programme of a year: order, capacity, what is done, planned and late; portfolios; the
calendar; good practice.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audits import calendar, figures, files
from audits.actions import practice, programme, templates, visits
from audits.actions import practice as practice_actions
from audits.actions import programme as programme_actions
from audits.actions.visits import BeginInput, CompleteInput
from audits.audit_states import AuditState, state_of
from audits.models import (
    CalendarFeed,
    Enrolment,
    GoodPractice,
    LeadRole,
    Nomination,
    ProgrammeEntry,
    ProgrammeEntryStatus,
    Visit,
    year_days,
    year_of,
)
from audits.rules import programme as programme_rules
from core.calendar import is_working_day
from core.models import User
from core.workflow import NotAllowed
from figures.figure import Share
from providers.models import Service
from tests.audits.codes import codes
from tests.audits.factories import plan_of
from tests.refusals import not_allowed

TODAY = date(2026, 6, 1)
NOW = timezone.make_aware(timezone.datetime(2026, 6, 1, 12))
KNOWN = programme_rules.Known


def test_risk_is_worked_by_hand() -> None:
    poor = KNOWN(1, "Poor", date(2025, 9, 10), "poor", None, "inadequate", 3, 1)
    found = programme_rules.risk_of(poor, TODAY)
    assert found.points == 9 + 40 + 30 + 30 + 5
    assert found.why[1] == "last audit Poor: 40"
    assert programme_rules.risk_of(KNOWN(2, "New"), TODAY).points == 20
    assert (
        programme_rules.risk_of(
            KNOWN(3, "Fine", date(2026, 5, 2), "excellent", None, "good"), TODAY
        ).points
        == 1
    )


def test_one_sign_of_risk_is_said_in_the_singular() -> None:
    known = KNOWN(1, "A", date(2026, 5, 2), high_concerns=1, overdue_actions=1)
    assert programme_rules.risk_of(known, TODAY).why == (
        "1 month since the last audit: 1",
        "1 open concern of high risk: 15",
        "1 overdue action: 5",
    )


def test_riskiest_first_then_the_one_audited_longest_ago() -> None:
    known = [
        KNOWN(1, "A", date(2026, 3, 1), "good"),
        KNOWN(2, "B", date(2026, 3, 15), "poor"),
        KNOWN(3, "C", date(2026, 3, 2), "good"),
    ]
    drawn = programme_rules.draw_up(known, 2026, TODAY, {7: 9})
    assert [one.known.name for one in drawn] == ["B", "A", "C"]


def test_due_day_is_what_the_last_audit_gave_within_the_year() -> None:
    first, last = year_days(2026)
    assert programme_rules.due_in(KNOWN(1, "A", next_due_on=date(2026, 9, 4)), 2026, TODAY) == date(
        2026, 9, 4
    )
    assert programme_rules.due_in(
        KNOWN(1, "A", last_audit_on=date(2025, 12, 1)), 2026, TODAY
    ) == date(2026, 12, 1)
    assert (
        programme_rules.due_in(KNOWN(1, "A", last_audit_on=date(2024, 1, 1)), 2026, TODAY) == TODAY
    ), "not in the past"
    assert programme_rules.due_in(KNOWN(1, "A", next_due_on=date(2027, 9, 1)), 2026, TODAY) == last
    assert programme_rules.due_in(KNOWN(1, "A"), 2027, TODAY) == first.replace(year=2027)


def test_lead_officer_first_then_whoever_has_room_then_a_later_month() -> None:
    known = [KNOWN(n, f"S{n}", date(2025, 6, 10), "good", lead_officer_id=1) for n in range(5)]
    drawn = programme_rules.draw_up(known, 2026, TODAY, {1: 1, 2: 1})
    assert [(one.officer_id, one.due_on.month) for one in drawn] == [
        (1, 6),
        (2, 6),
        (1, 7),
        (2, 7),
        (1, 8),
    ]


@given(
    st.lists(
        st.builds(
            KNOWN,
            service_id=st.integers(1, 10_000),
            name=st.just("S"),
            last_audit_on=st.none() | st.dates(date(2023, 1, 1), TODAY),
            last_outcome=st.sampled_from(["", "poor", "good", "excellent"]),
            lead_officer_id=st.none() | st.integers(1, 4),
        ),
        max_size=60,
        unique_by=lambda known: known.service_id,
    ),
    st.dictionaries(st.integers(1, 4), st.integers(0, 3), max_size=4),
)
def test_everyone_has_a_place_and_nobody_more_than_they_can_do(
    known: list[programme_rules.Known], capacity: dict[int, int]
) -> None:
    drawn = programme_rules.draw_up(known, 2026, TODAY, capacity)
    first, last = year_days(2026)
    assert sorted(one.known.service_id for one in drawn) == sorted(one.service_id for one in known)
    assert all(max(first, TODAY) <= one.due_on <= last for one in drawn)
    assert [one.risk.points for one in drawn] == sorted(
        (one.risk.points for one in drawn), reverse=True
    )
    load = Counter((one.officer_id, one.due_on.month) for one in drawn if one.officer_id)
    assert all(count <= capacity[officer] for (officer, _), count in load.items())


def test_the_year_runs_from_april() -> None:
    assert (year_of(date(2026, 3, 31)), year_of(date(2026, 4, 1))) == (2025, 2026)


# In the database

pytestmark = pytest.mark.django_db
SMALL = """
key = "small"
name = "Small"
service_types = ["home_care"]
[[sections]]
title = "One"
[[sections.standards]]
title = "One"
questions = [ { code = "a", text = "A?", kind = "rating" } ]
"""


@pytest.fixture
def homes(service: Callable[..., Service], person: Callable[..., User]) -> list[Service]:
    draft = templates.load_template(files.parse(SMALL), by=None, now=NOW)
    templates.publish(draft.pk, by=None, now=NOW)
    senior = person("Senior officer")
    for name in ("one", "two"):
        programme_actions.set_capacity(person("Officer", name), by=senior, audits_a_month=2)
    return [service(f"Home {n}", "home_care") for n in range(6)]


def draw_up(senior: User, today: date = TODAY) -> int:
    return programme_actions.draw_up_programme(2026, "home_care", by=senior, today=today, now=NOW)


def test_programme_is_drawn_up_once_and_takes_in_what_is_new(
    homes: list[Service], service: Callable[..., Service], person: Callable[..., User]
) -> None:
    senior = person("Senior officer")
    assert draw_up(senior) == 6
    assert draw_up(senior) == 0
    service("Home 7", "home_care")
    assert draw_up(senior) == 1
    by_month = Counter(ProgrammeEntry.objects.values_list("due_on__month", "officer"))
    assert max(by_month.values()) <= 2
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgrammeEntry.objects.create(
            year=2026, service=homes[0], due_on=TODAY, placed_at=NOW, placed_by=senior
        )


def test_what_is_done_planned_slipped_and_left_out_is_counted(
    homes: list[Service], person: Callable[..., User]
) -> None:
    senior, officer = person("Senior officer"), person("Officer", "one")
    draw_up(senior)
    june = programme.BookInput(date(2026, 6, 30))
    booked = programme_actions.book_audits(
        2026, "home_care", by=senior, given=june, today=TODAY, now=NOW
    )
    assert len(booked) == 4, "two officers with room for two each in June"
    assert all(is_working_day(visit.planned_for) for visit in booked)
    assert (
        programme_actions.book_audits(
            2026, "home_care", by=senior, given=june, today=TODAY, now=NOW
        )
        == []
    )
    visit = booked[0]
    visits.begin(visit.pk, by=officer, given=BeginInput(TODAY), today=TODAY)
    question = visit.template.sections.first().standards.first().questions.first()
    visits.save_answers(visit.pk, by=officer, entries=[visits.Entry(question.pk, "good")], now=NOW)
    visits.complete(visit.pk, by=officer, given=CompleteInput(""), now=NOW)
    left = ProgrammeEntry.objects.filter(due_on__gt=date(2026, 6, 30)).first()
    out = programme.ProgrammeEntryInput(left.due_on, None, "It closes in May.")
    programme_actions.change_programme_entry(left.pk, by=senior, given=out)
    figure = figures.programme_progress(date(2026, 6, 20))
    row = dict(zip([column.key for column in figure.columns], figure.rows[0].cells, strict=True))
    assert (row["services"], row["done"], row["slipped"], row["left_out"]) == (5, 1, 3, 1)
    assert row["kept"] == Share(1, 4)
    assert len(dict(figure.rows[0].behind)["slipped"]) == 3


def test_entry_moves_within_its_year_and_to_who_may_record_visits(
    homes: list[Service], person: Callable[..., User]
) -> None:
    senior, officer = person("Senior officer"), person("Officer", "one")
    draw_up(senior)
    entry = ProgrammeEntry.objects.first()
    with not_allowed("outside-year", "due_on"):
        programme_actions.change_programme_entry(
            entry.pk, by=senior, given=programme.ProgrammeEntryInput(date(2027, 4, 1), None, "")
        )
    signatory = programme.ProgrammeEntryInput(TODAY, person("Signatory").pk, "")
    with not_allowed("officer-without-right", "officer"):
        programme_actions.change_programme_entry(entry.pk, by=senior, given=signatory)
    with not_allowed("permission-missing"):
        programme_actions.change_programme_entry(
            entry.pk, by=officer, given=programme.ProgrammeEntryInput(TODAY, officer.pk, "")
        )
    out = programme_actions.change_programme_entry(
        entry.pk, by=senior, given=programme.ProgrammeEntryInput(TODAY, None, "It closes.")
    )
    assert out.status == ProgrammeEntryStatus.LEFT_OUT
    back = programme_actions.change_programme_entry(
        entry.pk, by=senior, given=programme.ProgrammeEntryInput(TODAY, officer.pk, "")
    )
    assert (back.status, back.officer) == (ProgrammeEntryStatus.IN_PROGRAMME, officer)


def test_programme_of_a_year_that_is_over_is_not_drawn_up(
    homes: list[Service], person: Callable[..., User]
) -> None:
    with not_allowed("year-over"):
        draw_up(person("Senior officer"), date(2027, 4, 1))
    with not_allowed("permission-missing"):
        draw_up(person("Officer", "one"))
    june = programme.BookInput(date(2026, 6, 30))
    with not_allowed("no-template"):
        programme_actions.book_audits(
            2026, "day_care", by=person("Senior officer"), given=june, today=TODAY, now=NOW
        )


def test_consent_is_withdrawn_once_and_given_anew_only_after_that(
    homes: list[Service], person: Callable[..., User]
) -> None:
    officer = person("Officer", "one")
    shop = practice.GoodPracticeInput(homes[0].pk, "A shop", "People run it.")
    example = practice_actions.record_good_practice(by=officer, given=shop, now=NOW)

    def consent(day: date) -> GoodPractice:
        given = practice.ConsentInput(day, "Owner", named=False)
        return practice_actions.record_consent(example.pk, by=officer, given=given, today=TODAY)

    with not_allowed("no-consent"):
        practice_actions.withdraw_consent(example.pk, by=officer, today=TODAY)
    with not_allowed("in-future", "consented_on"):
        consent(TODAY + timedelta(days=1))
    assert consent(TODAY).is_usable
    assert not practice_actions.withdraw_consent(example.pk, by=officer, today=TODAY).is_usable
    with not_allowed("before-withdrawal", "consented_on"):
        consent(TODAY - timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_nominate_a_service_at_once_all_but_one_are_refused(
    service: Callable[..., Service], person: Callable[..., User]
) -> None:
    officer, home = person("Officer"), service()
    wanted = practice.NominationInput(home.pk, 2026, "team", "The whole team.")

    def nominate(number: int) -> str:
        try:
            practice.nominate(by=officer, given=wanted, now=NOW)
        except NotAllowed as refused:
            return refused.code
        finally:
            connections.close_all()
        return "nominated"

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(nominate, range(16)))
    assert answers == {"nominated": 1, "already-nominated": 15}


def test_pages_of_the_programme(
    client_as: Callable[..., Client], homes: list[Service], person: Callable[..., User]
) -> None:
    year = year_of(timezone.localdate())
    senior, officer = client_as("Senior officer"), client_as("Officer")
    url = reverse("audits:view-programme", args=[year, "home_care"])
    assert "No programme has been drawn up" in officer.get(url).text
    drawing = reverse("audits:draw-up-programme", args=[year, "home_care"])
    assert officer.post(drawing).status_code == 403
    assert senior.post(drawing, follow=True).status_code == 200
    page = officer.get(url).text
    assert "Home 3" in page
    assert "never audited: 20" in page
    assert "Show all services" in officer.get(url, {"state": "slipped"}).text
    assert officer.get(reverse("audits:list-programme")).status_code == 200
    assert officer.get(reverse("audits:view-programme", args=[year, "nothing"])).status_code == 404
    booking = reverse("audits:book-audits", args=[year, "home_care"])
    until = year_days(year)[1]
    assert senior.post(booking, {"until": until.isoformat()}).status_code == 302
    assert Visit.objects.filter(kind="annual").exists()
    entry = ProgrammeEntry.objects.first()
    before = year_days(year)[0] - timedelta(days=1)
    changed = {"due_on": before.isoformat(), "officer": "", "left_out_reason": ""}
    change = reverse("audits:change-programme-entry", args=[entry.pk])
    assert codes(senior.post(change, changed)) == {"due_on": ["outside-year"]}
    assert senior.post(change, {**changed, "due_on": until.isoformat()}).status_code == 302


def test_lead_roles_and_capacity_keep_their_history(
    client_as: Callable[..., Client], person: Callable[..., User]
) -> None:
    officer = person("Officer", "one")
    senior = client_as("Senior officer")
    url = reverse("audits:change-portfolio", args=[officer.pk])
    assert (
        senior.post(url, {"audits_a_month": 5, "topics": ["safeguarding", "training"]}).status_code
        == 302
    )
    assert senior.post(url, {"audits_a_month": 4, "topics": ["training"]}).status_code == 302
    page = senior.get(reverse("audits:list-portfolios")).text
    assert "Training" in page
    assert LeadRole.objects.get(topic="safeguarding").until_on == timezone.localdate()


def test_calendar_behind_a_secret_address_until_it_is_ended(
    client_as: Callable[..., Client], homes: list[Service], person: Callable[..., User]
) -> None:
    client, officer = client_as("Officer", "one"), person("Officer", "one")
    visits.plan_visit(
        by=officer,
        given=plan_of(
            service=homes[0],
            template=None,
            kind="monitoring",
            planned_for=timezone.localdate(),
            officer=officer,
        ),
        now=timezone.now(),
    )
    page = client.post(reverse("audits:make-calendar"))
    url = page.context["url"]
    outside = Client()
    response = outside.get(url)
    assert response["Content-Type"].startswith("text/calendar")
    text = response.content.decode()
    assert "SUMMARY:Monitoring visit: Home 0 (not announced)\r\n" in text
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert url.rsplit("/", 1)[1].removesuffix(".ics") not in str(CalendarFeed.objects.values())
    assert outside.get(reverse("audits:calendar-feed", args=["guess"])).status_code == 404
    client.post(reverse("audits:make-calendar"))
    assert outside.get(url).status_code == 404, "a new address ends the old"
    newer = client.post(reverse("audits:make-calendar")).context["url"]
    officer.is_active = False
    officer.save()
    assert outside.get(newer).status_code == 404
    officer.is_active = True
    officer.save()
    assert outside.get(newer).status_code == 200
    client.post(reverse("audits:revoke-calendar"))
    assert outside.get(newer).status_code == 404


@given(st.text(max_size=200))
def test_calendar_lines_are_short_and_come_back_whole(text: str) -> None:
    folded = list(calendar._folded(text))
    assert all(len(line.encode()) <= 75 for line in folded)
    assert folded[0] + "".join(line[1:] for line in folded[1:]) == text


def test_example_is_usable_only_with_the_providers_consent(
    client_as: Callable[..., Client], homes: list[Service]
) -> None:
    client = client_as("Officer")
    added = {
        "service": homes[0].pk,
        "title": "A shop in the hall",
        "text": "People run it themselves.",
    }
    assert client.post(reverse("audits:add-good-practice"), added).status_code == 302
    practice = GoodPractice.objects.get()
    assert not GoodPractice.objects.usable().exists()
    consent = {
        "consented_on": timezone.localdate().isoformat(),
        "consented_post": "Owner",
        "named": "no",
    }
    assert (
        client.post(reverse("audits:record-consent", args=[practice.pk]), consent).status_code
        == 302
    )
    usable = GoodPractice.objects.usable().get()
    assert usable.called(1) == "Provider 1"
    assert (
        "Papers can use it"
        in client.get(reverse("audits:view-good-practice", args=[practice.pk])).text
    )
    client.post(reverse("audits:withdraw-consent", args=[practice.pk]))
    assert not GoodPractice.objects.usable().exists()
    client.post(reverse("audits:record-consent", args=[practice.pk]), {**consent, "named": "yes"})
    assert GoodPractice.objects.usable().get().called(1) == "Home 0"
    nominated = {"category": "team", "year": 2026, "reason": "The whole team."}
    url = reverse("audits:add-nomination") + f"?practice={practice.pk}"
    assert client.post(url, nominated).status_code == 302
    assert codes(client.post(url, nominated)) == {"category": ["already-nominated"]}
    nomination = Nomination.objects.get()
    client.post(reverse("audits:record-nomination-result", args=[nomination.pk]), {"result": "won"})
    assert "Won" in client.get(reverse("audits:list-nominations")).text


def test_improvement_programme_shows_the_shift(
    client_as: Callable[..., Client], homes: list[Service], person: Callable[..., User]
) -> None:
    client, officer = client_as("Officer"), person("Officer")
    day = timezone.localdate()
    sent = {
        "service": homes[0].pk,
        "support": "to_good",
        "enrolled_on": day.isoformat(),
        "lead": officer.pk,
        "rated_before": "requires_improvement",
        "aim": "Medicines are safe.",
    }
    url = reverse("audits:add-enrolment")
    assert client.post(url, sent).status_code == 302
    assert codes(client.post(url, sent)) == {"support": ["already-enrolled"]}
    weak = practice.EnrolmentInput(homes[1].pk, "to_good", day, officer.pk, "poor", "Better")
    practice_actions.enrol(by=officer, given=weak, today=day)
    first, second = Enrolment.objects.order_by("pk")
    ended = {"ended_on": day.isoformat(), "rated_after": "good", "result": "Charts are right."}
    assert client.post(reverse("audits:end-enrolment", args=[first.pk]), ended).status_code == 302
    figure = figures.improvement_programme(day)
    assert figure.rows[0].cells == ("Requires Improvement to Good", 2, 1, 1, 1, 0, 0, Share(1, 1))
    assert "1 step better" in client.get(reverse("audits:list-enrolments")).text
    again = practice.EndEnrolmentInput(day, "", "x")
    with not_allowed("already-ended"):
        practice_actions.end_enrolment(first.pk, by=officer, given=again, today=day)
    assert second.shift is None


@pytest.mark.parametrize(
    "name",
    [
        "list-reports",
        "list-bands",
        "list-band-rules",
        "list-meetings",
        "list-good-practice",
        "list-nominations",
        "list-enrolments",
        "list-portfolios",
        "my-calendar",
    ],
)
def test_lists_stand_empty_and_as_files(
    client_as: Callable[..., Client], council: object, name: str
) -> None:
    client = client_as("Officer")
    assert client.get(reverse(f"audits:{name}")).status_code == 200
    if name.startswith("list-") and name not in ("list-band-rules", "list-portfolios"):
        assert client.get(reverse(f"audits:{name}"), {"export": "xlsx"}).status_code == 200


def test_band_rules_are_the_managers(client_as: Callable[..., Client], council: object) -> None:
    url = reverse("audits:change-band-rule", args=[2])
    assert client_as("Officer").get(url).status_code == 403
    manager = client_as("Manager")
    sent = {
        "outcome_at_least": "good",
        "score_at_least": 75,
        "cqc_at_least": "",
        "no_overdue_actions": "on",
    }
    assert manager.post(url, sent).status_code == 302
    assert "75%" in manager.get(reverse("audits:list-band-rules")).text
    assert manager.get(reverse("audits:change-band-rule", args=[5])).status_code == 404


def test_slipped_is_by_the_day_that_was_promised(
    homes: list[Service], person: Callable[..., User]
) -> None:
    officer = person("Officer", "one")
    entry = ProgrammeEntry(year=2026, service=homes[0], due_on=TODAY)
    visit = Visit(
        service=homes[0], planned_for=TODAY + timedelta(days=60), officer=officer, status="planned"
    )
    assert state_of(entry, visit, TODAY) == AuditState.PLANNED
    assert state_of(entry, visit, TODAY + timedelta(days=1)) == AuditState.SLIPPED
    assert state_of(entry, None, TODAY) == AuditState.TO_PLAN
