"""The demonstration council: the same every time, and something to see on every page."""

import hashlib
import html
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from audits.models import (
    Action,
    ActionStatus,
    AuditReport,
    AwardCategory,
    Breach,
    Enrolment,
    Nomination,
    ReportStatus,
    Support,
    Visit,
    VisitKind,
    VisitStatus,
)
from concerns.models import Concern, ConcernRisk, ContactLogEntry
from concerns.models import ConcernKind as ConcernKind
from core.calendar import is_working_day
from core.models import CouncilProfile, District, Event, Job, RegionAuthority, User
from demo.cqc_server.server import CqcServer
from demo.load import load, loaded_world
from demo.payloads import WorldPayloads
from demo.people import PASSWORD, PEOPLE
from demo.world import World
from notifications.models import NotificationKind
from providers.models import Contract, Provider, Service
from providers.vocabulary import ClientGroup, ServiceType
from ratings import readiness
from ratings.actions import sync
from ratings.figures.league import league
from ratings.models import Location, LocationChange, RunKind, RunState
from ratings.rules import successors_to_confirm
from reports.models import Paper, PaperStatus, Side
from suspensions.models import Recipient, Suspension, SuspensionKind, SuspensionStatus
from tests.conftest import flush_as_owner
from tests.demo.conftest import TODAY

# One worker of a parallel run loads the demonstration, for all of these.
pytestmark = pytest.mark.xdist_group("demo")

APPS = (
    "core",
    "providers",
    "notifications",
    "ratings",
    "concerns",
    "audits",
    "formal_steps",
    "suspensions",
    "reports",
)
# When a row was written is not part of what it says.
CLOCKS = {
    "recorded_at",
    "created_at",
    "done_at",
    "due_at",
    "password",
    "last_login",
    "date_joined",
    "started_at",
    "written_at",
}


def fingerprints() -> dict[str, str]:
    """By table: of every row of ours, moments of writing left out."""
    return {
        model._meta.label: fingerprint(model)
        for app in APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model is not Job  # when one was done is not part of what the council holds
    }


def fingerprint(model: type[Model]) -> str:
    found = hashlib.sha256()
    columns = [
        f.column
        for f in model._meta.local_concrete_fields
        if not is_a_clock(model._meta.label, f.name)
    ]
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {listed} FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"'
        )
        for row in cursor.fetchall():
            found.update(repr([bytes(v) if isinstance(v, memoryview) else v for v in row]).encode())
    return found.hexdigest()


def is_a_clock(label: str, name: str) -> bool:
    # Concerns and decisions are given the day on which they were recorded; those are told, not read
    # off a clock.
    return name in CLOCKS and not (
        name == "recorded_at" and label in ("concerns.Concern", "suspensions.Decision")
    )


@pytest.mark.deep
def test_it_is_the_same_every_time(transactional_db):
    found = []
    for _ in range(2):
        flush_as_owner(None)  # which also lets the numbers of rows begin at 1 again
        load(20, TODAY)
        found.append(fingerprints())
    assert found[0] == found[1]


def test_the_council_says_that_it_is_fictitious(demo_council):
    profile = CouncilProfile.current()
    assert profile.is_fictitious
    assert not Provider.objects.filter(is_fictitious=False).exists()
    assert not Service.objects.filter(is_fictitious=False).exists()
    page = demo_council.client("manager").get("/services/")
    assert "fictitious" in page.content.decode().lower()


def test_seven_districts_and_a_region_that_was_nine_authorities_and_is_ten(demo_council):
    assert District.objects.count() == 7
    assert RegionAuthority.objects.members_on(date(2021, 3, 31)).count() == 9
    assert RegionAuthority.objects.members_on(date(2021, 4, 1)).count() == 10
    assert set(Service.objects.values_list("district__name", flat=True)) == set(
        District.objects.values_list("name", flat=True)
    )


def test_the_league_has_similar_councils_to_compare_with_and_england_beyond_the_region(
    demo_council,
):
    rows = league(demo_council.today).as_json()["rows"]
    assert len([row for row in rows if row["group"] == "Similar councils"]) >= 5
    averages = {row["authority"]: row["all-good"] for row in rows if row["group"] == "Averages"}
    assert averages["England"]["denominator"] > averages["Region"]["denominator"]


def test_every_type_and_client_group_has_services(demo_council):
    assert set(Service.objects.values_list("service_type", flat=True)) == set(ServiceType.values)
    assert set(Service.objects.values_list("client_group", flat=True)) == set(ClientGroup.values)
    assert Contract.objects.filter(
        service__service_type=ServiceType.HOME_CARE, districts__isnull=False
    ).exists()


def test_every_group_has_someone_who_can_sign_in(demo_council):
    assert {person.group for person in PEOPLE} == {
        "Officer",
        "Senior officer",
        "Manager",
        "Signatory",
        "Committee clerk",
        "Practitioner",
        "Administrator",
    }
    for person in PEOPLE:
        user = User.objects.get(username=person.username)
        assert user.check_password(PASSWORD)
        assert [group.name for group in user.groups.all()] == [person.group]
    assert not User.objects.filter(is_superuser=True).exists()


def test_there_is_a_suspension_in_every_state(demo_council):
    assert set(Suspension.objects.values_list("status", flat=True)) >= {
        SuspensionStatus.PROPOSED,
        SuspensionStatus.IN_FORCE,
        SuspensionStatus.REFUSED,
        SuspensionStatus.LIFT_PROPOSED,
        SuspensionStatus.LIFTED,
    }
    today = demo_council.today
    in_force = Suspension.objects.in_force_on(today)
    assert set(in_force.values_list("kind", flat=True)) == set(SuspensionKind.values)
    assert in_force.filter(unit__isnull=False).exists()
    assert Suspension.objects.unconfirmed().count() == 2
    assert Suspension.objects.overdue_confirmation(today).count() == 1
    assert Suspension.objects.to_review(today).exists()
    spanning = in_force.filter(service__service_type=ServiceType.HOME_CARE, unit=None)
    assert any(one.contracts.values("districts").distinct().count() > 1 for one in spanning)


def test_who_was_notified_of_an_urgent_suspension_was_notified_of_its_confirmation(demo_council):
    confirmations = Recipient.objects.filter(notification=NotificationKind.CONFIRMED)
    assert confirmations.exists()
    assert not confirmations.waiting().exists()


def test_nobody_decided_what_they_proposed(demo_council):
    for suspension in Suspension.objects.exclude(decided_by=None):
        assert suspension.decided_by_id != suspension.proposed_by_id
    for suspension in Suspension.objects.filter(status=SuspensionStatus.LIFTED):
        assert suspension.lift_decided_by_id not in (None, suspension.lift_proposed_by_id)
        assert suspension.decisions.count() >= 3 or suspension.lift_proposed_by_id is None


def test_visits_and_actions_are_in_every_state(demo_council):
    assert set(Visit.objects.values_list("status", flat=True)) == set(VisitStatus.values)
    assert Visit.objects.slipped_on(demo_council.today).exists()
    assert Breach.objects.current_on(demo_council.today).exists()
    assert set(Visit.objects.values_list("kind", flat=True)) == set(VisitKind.values)
    assert set(Action.objects.values_list("status", flat=True)) == set(ActionStatus.values)
    assert Action.objects.overdue_on(demo_council.today).exists()
    weekend = [v.visited_on for v in Visit.objects.completed() if not is_working_day(v.visited_on)]
    assert weekend == []


def test_every_step_from_score_to_plan_has_something_in_it(demo_council):
    assert set(AuditReport.objects.values_list("status", flat=True)) == set(ReportStatus.values)
    left_lying = AuditReport.objects.filter(
        status=ReportStatus.MODERATION, drafted_at__lt=at_start(TODAY, 40)
    )
    assert left_lying.count() <= 2
    assert AuditReport.objects.plan_due().exists()
    assert AuditReport.objects.filter(plan_agreed_on__isnull=False).exists()
    assert Enrolment.objects.running().exists()
    assert Enrolment.objects.exclude(ended_on=None).exists()
    assert set(Enrolment.objects.values_list("support", flat=True)) == set(Support.values)
    assert set(Concern.objects.values_list("kind", flat=True)) == set(ConcernKind.values)
    assert ContactLogEntry.objects.exclude(concern=None).exists()
    assert set(Nomination.objects.values_list("category", flat=True)) == set(AwardCategory.values)


def at_start(day: date, days_before: int) -> datetime:
    return timezone.make_aware(datetime.combine(day - timedelta(days_before), time.min))


def test_concerns_of_every_risk_wait_for_an_answer(demo_council):
    assert set(Concern.objects.unanswered().values_list("risk", flat=True)) == set(
        ConcernRisk.values
    )
    assert Concern.objects.filter(section_42="concluded").exists()
    assert Concern.objects.late_at(timezone.make_aware(timezone.datetime(2026, 3, 11, 9))).exists()


def test_last_night_brought_changes_and_a_successor_waits_to_be_confirmed(demo_council):
    last_night = LocationChange.objects.of_note().filter(noticed_at__date=demo_council.today)
    kinds = set(last_night.values_list("kind", flat=True))
    assert {"rating_raised", "rating_lowered"} <= kinds
    assert successors_to_confirm(demo_council.today)


@pytest.mark.parametrize("hour", [7, 12, 23])
def test_cqc_was_read_last_night_at_whatever_hour_it_is_looked_at(demo_council, hour):
    looked_at = timezone.make_aware(datetime.combine(demo_council.today, time(hour, 20)))
    assert readiness.last_sync(looked_at) is None


def test_what_happened_is_in_the_record_on_its_own_day(demo_council):
    assert {
        "service.added",
        "visit.completed",
        "action.verified",
        "concern.closed",
        "suspension.decided",
        "suspension.lifted",
        "location.rating_lowered",
    } <= set(Event.objects.values_list("kind", flat=True))
    long_ago = timezone.make_aware(timezone.datetime(2025, 6, 1))
    assert Event.objects.filter(kind="visit.completed", happened_at__lt=long_ago).exists()


def test_one_paper_is_issued_and_one_is_being_written(demo_council):
    issued, draft = Paper.objects.order_by("pk")
    assert issued.status == PaperStatus.APPROVED
    assert issued.meeting_on > demo_council.today
    assert {file.side for file in issued.files.current()} == set(Side.values)
    assert draft.status == PaperStatus.DRAFT
    assert draft.sections.written().count() > 10
    assert draft.sections.filter(body="").exists()


def test_every_page_of_everyones_navigation_has_something(demo_council):
    for person in PEOPLE:
        client = demo_council.client(person.username)
        page = client.get("/", follow=True)
        assert page.status_code == 200, person
        for item in page.context["navigation"]:
            listed = client.get(item["url"], follow=True)
            assert listed.status_code == 200, (person.username, item["label"])


@pytest.mark.parametrize(
    ("username", "address", "what"),
    [
        ("manager", "oversight:list-services", Service.objects.open_on(TODAY)),
        (
            "manager",
            "suspensions:list-suspensions",
            Service.objects.filter(suspensions__status="in_force"),
        ),
        ("officer", "concerns:list-concerns", Service.objects.filter(concerns__status="open")),
        ("officer", "audits:list-visits", Service.objects.filter(visits__status="planned")),
        ("clerk", "reports:list-papers", Paper.objects.all()),
    ],
)
def test_lists_show_rows(demo_council, username, address, what):
    page = demo_council.client(username).get(reverse(address))
    assert page.status_code == 200
    text = html.unescape(page.content.decode())
    assert any(getattr(row, "title", str(row)) in text for row in what)


def test_reading_from_the_stand_in_finds_only_what_happened_since(demo_council, settings):
    read_at = timezone.make_aware(timezone.datetime(2026, 3, 11, 9))
    with CqcServer(WorldPayloads(demo_council.world, clock=lambda: read_at)) as server:
        settings.CQC_API_URL, settings.CQC_API_KEY, settings.CQC_RATE_PER_MINUTE = (
            server.url,
            "any",
            100_000,
        )
        with sync.configured_client() as client:
            for expect_changes in (True, False):
                sync.ask_for_run(RunKind.FULL, now=read_at)
                [run] = sync.work_runs(client, clock=lambda: read_at)
                counts = run.counts()
                assert run.state == RunState.FINISHED
                assert counts["failed"] == counts["unusable"] == counts["missing"] == 0
                assert counts["unchanged"] > 100
                assert bool(run.changes_found) is expect_changes
                assert counts["changed"] < 10


def test_news_goes_on_from_day_to_day(demo_council):
    day = demo_council.today + timedelta(days=3)
    later = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 9))
    source = WorldPayloads(demo_council.world, clock=lambda: later)
    assert source.changed(later - timedelta(days=3), later)


def test_the_stand_in_serves_the_world_that_was_loaded(demo_council):
    world = loaded_world(date(2030, 1, 1))
    assert (world.services, world.today) == (demo_council.world.services, demo_council.today)


def test_ids_numbers_and_addresses_cannot_be_real(demo_council):
    for location in Location.objects.all():
        assert re.fullmatch(r"1-999\d{7}", location.location_id)
        assert re.fullmatch(r"ZZ\d{1,2} \d[A-Z]{2}", location.postcode)
    for provider in Provider.objects.all():
        assert re.fullmatch(r"1-998\d{7}", provider.cqc_provider_id)
        assert provider.companies_house_number.startswith("ZZ")
        assert provider.contact_email.endswith("@example.test")
        assert re.fullmatch(r"01632 960\d{3}", provider.contact_phone)
    for service in Service.objects.all():
        assert re.fullmatch(r"01632 960\d{3}", service.phone)
        assert service.postcode.startswith("ZZ")


def test_no_name_of_cqcs_own_data_is_used():
    """None of the real names in the tests' CQC payloads is a name of the demonstration."""
    import json

    folder = Path(__file__).resolve().parent.parent / "data" / "cqc"
    real = {
        json.loads(path.read_bytes())["name"].casefold() for path in folder.glob("location_*.json")
    }
    assert real
    world = World(400, date(2026, 3, 11))
    made = {place.name for place in world.places.values()} | {one.name for one in world.companies}
    assert not {name.casefold() for name in made} & real
    # Every name is made of two coined halves, so that none is a place of this country.
    coined = re.compile(r"[A-Z][a-z]+ ")
    assert all(coined.match(name) for name in made)


def test_names_of_homes_are_not_part_of_one_another():
    world = World(400, date(2026, 3, 11))
    homes = [
        plan.name for plan in world.planned if plan.kind in ("nursing_home", "residential_home")
    ]
    assert not [(a, b) for a in homes for b in homes if a != b and a in b]


def test_the_command_loads_once(demo_council, capsys):
    call_command("demo", "--if-empty")
    assert Service.objects.count() == demo_council.world.services
    with pytest.raises(CommandError, match="already has a council"):
        call_command("demo")
