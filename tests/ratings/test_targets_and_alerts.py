"""The council's targets, the figure that is held against them, and who is told of the night's
changes.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.jobs import names, queue
from core.models import District, Event
from figures.figure import Share
from providers.models import Provider, Service
from ratings import readiness, tasks, today
from ratings.actions import alerts
from ratings.actions.alerts import AlertInput
from ratings.figures.trend import ratings_trend
from ratings.models import (
    AlertChoice,
    AlertDigest,
    LocationChange,
    LocationChangeKind,
    RunKind,
    RunState,
    ServiceLocation,
    SyncRun,
    Target,
)
from tests.ratings.factories import a_place, behind, cell, shares
from tests.refusals import not_allowed

DAY = date(2024, 6, 15)


def test_month_ends_over_a_span_with_what_stood_on_each(council):
    a_place("nursing_home", history="G 2020-01-01, R 2024-05-20")
    a_place("nursing_home", history="R 2024-04-30")
    a_place(
        "nursing_home",
        history="I 2019-01-01",
        is_registered=False,
        deregistered_on=date(2024, 5, 31),
    )
    late = a_place("home_care", history="O 2024-06-15", registered_on=date(2024, 5, 1))
    figure = ratings_trend(DAY, date(2024, 3, 10))
    columns = ["outstanding", "good", "requires_improvement", "inadequate", "not_rated"]
    nursing = [row.cells[1] for row in figure.rows if row.cells[0] == "Nursing homes"]
    assert nursing == ["31 March 2024", "30 April 2024", "31 May 2024", "15 June 2024"]
    homes = "Nursing homes"
    assert shares(figure, columns, homes, "31 March 2024") == [
        (0, 2),
        (1, 2),
        (0, 2),
        (1, 2),
        (1, 3),
    ]
    assert shares(figure, columns, homes, "30 April 2024") == [
        (0, 3),
        (1, 3),
        (1, 3),
        (1, 3),
        (0, 3),
    ]
    assert shares(figure, columns, homes, "31 May 2024") == [(0, 2), (0, 2), (2, 2), (0, 2), (0, 2)]
    assert cell(figure, "counted", "Home care agencies", "30 April 2024") == 0
    assert cell(figure, "good_or_better", "Home care agencies", "15 June 2024") == Share(1, 1)
    assert behind(figure, "outstanding", "All services", "15 June 2024") == {late.pk}
    only = ratings_trend(DAY, date(2024, 3, 10), sector="home_care")
    assert {row.cells[0] for row in only.rows} == {"Home care agencies"}
    with not_allowed("unknown-sector", "sector"):
        ratings_trend(DAY, sector="hotels")


@pytest.fixture
def targets(council):
    Target.objects.create(
        name="At most 20% Requires improvement",
        measure="requires_improvement",
        direction="at_most",
        level=20,
        since=date(2024, 5, 1),
    )
    Target.objects.create(
        name="At least 80% Good or better",
        measure="good_or_better",
        direction="at_least",
        level=80,
        sector="nursing_home",
        since=date(2020, 1, 1),
        until=date(2024, 5, 31),
    )


def test_targets_are_met_or_not_while_they_stand_and_where_they_apply(targets):
    for letter in "GGGGR":
        a_place("nursing_home", history=f"{letter} 2024-01-01")
    a_place("home_care", history="R 2024-04-01")
    a_place("home_care", authority="Otherwich", history="R 2024-04-01")
    figure = ratings_trend(DAY, date(2024, 4, 1))
    good, low = (column.key for column in figure.columns[-2:])
    assert [column.label for column in figure.columns[-2:]] == [
        "At least 80% Good or better (nursing homes)",
        "At most 20% Requires improvement",
    ]
    assert cell(figure, low, "All services", "30 April 2024") is None
    assert (
        cell(figure, low, "All services", "31 May 2024") == "Not met, by 13 points"
    )  # 2 of 6 print 33%
    assert cell(figure, low, "Nursing homes", "31 May 2024") is None
    assert cell(figure, good, "Nursing homes", "30 April 2024") == "Met"
    assert cell(figure, good, "Nursing homes", "31 May 2024") is None
    assert figure.findings == (
        "At most 20% Requires improvement: not met, by 13 points on 15 June 2024.",
    )
    # The council's targets are not another authority's.
    assert not [
        c for c in ratings_trend(DAY, authority="Otherwich").columns if c.key.startswith("target")
    ]


def test_a_target_is_set_and_changed_by_who_may_and_the_record_keeps_both(client_as, council):
    sent = {
        "name": "At least 80% Good or better",
        "measure": "good_or_better",
        "direction": "at_least",
        "level": "80",
        "sector": "",
        "since-day": "1",
        "since-month": "4",
        "since-year": "2024",
    }
    url = reverse("ratings:set-target")
    assert client_as("Officer").get(url).status_code == 403
    wrong = client_as("Manager").post(url, sent | {"level": "180"})
    assert "100" in wrong.text
    assert 'value="180"' in wrong.text
    for field, value in (("until-day", "1"), ("until-month", "4"), ("until-year", "2023")):
        sent[field] = value
    assert "Until" in client_as("Manager").post(url, sent).text
    for field in ("until-day", "until-month", "until-year"):
        del sent[field]
    assert client_as("Manager").post(url, sent).status_code == 302
    target = Target.objects.get()
    change = reverse("ratings:change-target", args=[target.pk])
    client_as("Administrator").post(change, sent | {"level": "85"})
    assert Target.objects.get().level == 85
    event = Event.objects.get(kind="target.changed")
    assert (event.before["level"], event.after["level"]) == ("80", "85")
    page = client_as("Practitioner").get(reverse("ratings:list-targets")).text
    assert "At least 80% Good or better" in page
    assert change not in page


# Alerts


@pytest.fixture
def services(council, person):
    """Elm House of the officer's portfolio and Oak House of nobody's, each at CQC; Ash House is no
    service of the register.
    """
    provider = Provider.objects.create(name="Marsh Care")
    found = {}
    for name, lead in (("Elm House", person("Officer")), ("Oak House", None)):
        location = a_place("nursing_home", name=name)
        service = Service.objects.create(
            provider=provider,
            name=name,
            service_type="nursing_home",
            client_group="ageing_well",
            district=District.objects.first(),
            lead_officer=lead,
        )
        ServiceLocation.objects.create(
            service=service,
            location=location,
            since=date(2015, 1, 1),
            confirmed_by=person("Officer"),
            confirmed_at=timezone.now(),
        )
        found[name] = location
    found["Ash House"] = a_place("nursing_home", name="Ash House")
    return found


def change(location, kind, at=None, **more) -> LocationChange:
    return LocationChange.objects.create(
        location=location, kind=kind, noticed_at=at or timezone.now() - timedelta(minutes=5), **more
    )


def lowered(location, at=None) -> LocationChange:
    return change(
        location,
        "rating_lowered",
        at,
        key_question="overall",
        before="good",
        after="inadequate",
        happened_on=date(2024, 6, 1),
    )


def labels(user) -> list[str]:
    card = today.changes(user, timezone.localdate())
    return [item.label for item in card.items if item.mark != "Not updated"]


def test_today_shows_what_a_person_chose(services, person):
    for location in services.values():
        lowered(location)
        change(location, "beds_cut", before="40", after="30")
    officer = person("Officer")
    # Whoever has not chosen sees every service of the council, their own first.
    assert labels(officer) == ["Elm House", "Elm House", "Oak House", "Oak House"]
    alerts.choose_alerts(by=officer, given=AlertInput(["rating_lowered"], "portfolio", False))
    assert labels(officer) == ["Elm House"]
    item = today.changes(officer, timezone.localdate()).items[-1]
    assert (item.mark, item.mark_colour, item.late) == ("Rating lowered", "red", False)
    assert item.note == "Good to Inadequate, 1 June 2024"
    alerts.choose_alerts(by=officer, given=AlertInput([], "county", False))
    assert labels(officer) == []


def test_today_names_the_service_of_a_location_that_has_two_ratings(services, person):
    for group in ("Home care", "Supported living"):
        change(
            services["Elm House"],
            "rating_published",
            service_group=group,
            before="good",
            after="good",
        )
    notes = [item.note for item in today.changes(person("Officer"), timezone.localdate()).items]
    assert set(notes[-2:]) == {"Good as before, Home care", "Good as before, Supported living"}


def test_the_page_of_alerts_keeps_the_choice_and_shows_it_again(client_as, person, services):
    client = client_as("Officer")
    url = reverse("ratings:choose-alerts")
    assert client.get(url).text.count(" checked") >= len(LocationChangeKind) - 6
    sent = {"kinds": ["rating_raised", "visit_pending"], "scope": "portfolio", "by_email": "on"}
    assert client.post(url, sent).status_code == 302
    choice = AlertChoice.objects.get(person=person("Officer"))
    assert (choice.kinds, choice.scope, choice.by_email) == (
        ["rating_raised", "visit_pending"],
        "portfolio",
        True,
    )
    assert client.get(url).text.count(" checked") == 4
    refused = client.post(url, {"kinds": ["nonsense"], "scope": "county"}).context["form"]
    assert refused.errors.as_data()["kinds"][0].code == "invalid_choice"
    assert AlertChoice.objects.get().scope == "portfolio"


def wants_mail(person, group="Officer", **more):
    given = {"kinds": ["rating_lowered", "dormant"], "scope": "county", "by_email": True} | more
    return alerts.choose_alerts(by=person(group), given=AlertInput(**given))


def deliver() -> None:
    queue.work(names.Lane.MESSAGES)


def test_a_digest_once_a_night_with_what_was_chosen(services, person):
    wants_mail(person)
    wants_mail(person, "Manager", scope="portfolio")
    wants_mail(person, "Signatory", by_email=False)
    lowered(services["Elm House"])
    lowered(services["Ash House"])
    change(services["Oak House"], "dormant")
    change(services["Oak House"], "beds_cut", before="40", after="30")
    tasks.send_digests()
    tasks.send_digests()
    deliver()
    digest = AlertDigest.objects.get()
    tasks.send_digest(digest.pk)
    [sent] = mail.outbox
    assert sent.to == ["officer@example.test"]
    assert sent.subject == "CQC: 2 changes about your services"
    assert "Elm House" in sent.body
    assert "Rating lowered, Good to Inadequate, 1 June 2024" in sent.body
    assert "Oak House" in sent.body
    assert "Fewer beds" not in sent.body
    assert "Ash House" not in sent.body
    assert "Contains CQC data" in sent.body


def test_the_next_night_begins_where_the_last_ended(services, person):
    wants_mail(person)
    now = timezone.now()
    lowered(services["Elm House"], now - timedelta(hours=3))
    night = timezone.localdate()
    assert alerts.prepare_digests(now=now, night=night) == 1
    # Noticed after the e-mail, as a reading that was late brings it.
    change(services["Oak House"], "dormant", now + timedelta(hours=1))
    assert alerts.prepare_digests(now=now + timedelta(hours=2), night=night) == 0
    tomorrow = now + timedelta(days=1)
    assert alerts.prepare_digests(now=tomorrow, night=night + timedelta(days=1)) == 1
    deliver()
    first, second = mail.outbox
    assert "Elm House" in first.body
    assert "Elm House" not in second.body
    assert "Oak House" in second.body
    # Nothing new: no e-mail.
    assert (
        alerts.prepare_digests(now=tomorrow + timedelta(days=1), night=night + timedelta(days=2))
        == 0
    )


def test_the_database_refuses_a_second_digest_of_a_night(services, person):
    choice = wants_mail(person)
    now = timezone.now()
    made = {
        "person": choice.person,
        "night": timezone.localdate(),
        "noticed_from": now - timedelta(days=1),
    }
    AlertDigest.objects.create(**made, noticed_until=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        AlertDigest.objects.create(**made, noticed_until=now)


def test_whoever_was_deactivated_or_lost_the_right_gets_none(services, person):
    choice = wants_mail(person)
    lowered(services["Elm House"])
    choice.person.groups.clear()
    tasks.send_digests()
    assert not AlertDigest.objects.exists()


def finished(at: datetime) -> SyncRun:
    return SyncRun.objects.create(
        kind=RunKind.CHANGES, state=RunState.FINISHED, asked_at=at, started_at=at, finished_at=at
    )


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    return datetime(2026, 3, 10, hour, minute, tzinfo=UTC) + timedelta(days=days)


def test_a_night_that_failed_or_is_missing_is_said_by_six_in_the_morning(db):
    finished(at(4, 20))
    assert readiness.last_sync(at(9)) is None
    assert readiness.last_sync(at(5, 59, days=1)) is None
    assert "last updated from CQC on 10 March 2026, 04:20" in readiness.last_sync(at(6, 1, days=1))
    SyncRun.objects.create(
        kind=RunKind.CHANGES,
        state=RunState.STOPPED,
        asked_at=at(4, 10, days=1),
        stopped_because="No answer.",
    )
    assert "The latest update stopped: No answer." in readiness.last_sync(at(6, 1, days=1))
    finished(at(6, 30, days=1))
    assert readiness.last_sync(at(7, days=1)) is None


def test_today_and_readyz_say_that_cqc_was_not_read(client, person, council):
    card = today.changes(person("Officer"), timezone.localdate())
    assert card.urgent
    assert (card.items[0].mark, card.items[0].late) == ("Not updated", False)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["well"]) == (200, False)
    assert ready.json()["checks"]["last_sync"] == "We have not updated from CQC yet."
