"""Runs against the stand-in server: complete, resumable, and unbroken by any fault."""

import threading
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from core.models import Comparator, District, RegionAuthority
from demo.cqc_server.faults import Fault
from demo.cqc_server.payloads import Folder, Memory
from demo.cqc_server.server import CqcServer
from providers.models import Provider, Service
from ratings import readiness
from ratings.actions import links, sync
from ratings.actions.links import LinkInput
from ratings.api.client import Limits
from ratings.cqc.client import Client
from ratings.models import (
    Location,
    LocationChange,
    LocationChangeKind,
    Rating,
    RawPayload,
    RunKind,
    RunState,
    SyncItem,
    SyncRun,
)
from tests.ratings import payloads
from tests.ratings.payloads import a_location, assessment, group, inspection, past

QUICK = Limits(
    per_minute=0,
    at_a_time=4,
    tries=2,
    first_backoff=0.01,
    longest_pause=0.01,
    pauses=2,
    whole_timeout=1.0,
)
State = SyncItem.State


@contextmanager
def serving(source, *faults):
    with (
        CqcServer(source, key="k", faults=faults) as server,
        Client(key="k", user_agent="tests", base_url=server.url, limits=QUICK) as client,
    ):
        client.server = server
        yield client


def run(client, kind=RunKind.CHANGES, clock=timezone.now) -> SyncRun:
    sync.ask_for_run(kind, now=clock())
    [done] = sync.work_runs(client, clock=clock)
    return done


def standing(location_id: str) -> list[tuple[str, str]]:
    ratings = Rating.objects.as_at(timezone.localdate()).overall().filter(location=location_id)
    return list(ratings.values_list("service_group", "rating"))


def test_the_first_run_reads_every_sample_right(db):
    with serving(Folder(payloads.FOLDER)) as client:
        first = run(client)
    assert (first.kind, first.state) == (RunKind.FULL, RunState.FINISHED)
    # The dentist is no adult social care: the full list leaves it out.
    assert first.counts()["changed"] == 6
    assert Location.objects.count() == 6
    assert standing(payloads.CHARLOTTE_HOUSE) == [("", "good")]
    charlotte = Location.objects.get(pk=payloads.CHARLOTTE_HOUSE)
    assert charlotte.ratings.known_now().overall().count() == 4
    assert charlotte.relations.get().related_location_id == "1-2267307649"
    inherited = Rating.objects.known_now().filter(location=payloads.ACER_CARE)
    assert set(inherited.values_list("inherited_from", flat=True)) == {"1-2718185457"}
    gone = Location.objects.get(pk=payloads.CUSTOM_CARE)
    assert (gone.is_registered, gone.deregistered_on) == (False, date(2021, 8, 2))
    assert Location.objects.get(pk=payloads.ARCH).service_types == ["home_care", "supported_living"]
    assert LocationChange.objects.count() == 0


def test_the_same_again_changes_nothing(db):
    with serving(Folder(payloads.FOLDER)) as client:
        run(client)
        before = list(Rating.objects.values_list("pk", "learned_at"))
        again = run(client, RunKind.FULL)
    assert again.counts()["unchanged"] == 6
    assert list(Rating.objects.values_list("pk", "learned_at")) == before


def test_a_later_run_reads_what_changed_over_an_overlapping_window(db):
    source = Memory(
        [a_location("1-1", currentRatings=inspection("Good", "2024-01-01")), a_location("1-2")]
    )
    clock = timezone.now() + timedelta(days=1)
    with serving(source) as client:
        run(client)
        source.put(
            a_location(
                "1-1",
                currentRatings=inspection("Inadequate", "2026-01-05"),
                historicRatings=[past("Good", "2024-01-01")],
                numberOfBeds=30,
                registeredManagerAbsentDate="2026-01-01",
            )
        )
        second = run(client, clock=lambda: clock)
    assert second.kind == RunKind.CHANGES
    assert second.window_from == SyncRun.objects.order_by("pk").first().window_until - timedelta(
        days=30
    )
    changes = LocationChange.objects.of_note().order_by("kind")
    assert [(c.kind, c.before, c.after) for c in changes] == [
        (LocationChangeKind.BEDS_CUT, "40", "30"),
        (LocationChangeKind.MANAGER_ABSENT, "", ""),
        (LocationChangeKind.RATING_LOWERED, "good", "inadequate"),
    ]
    assert {change.run for change in changes} == {second}
    # What we knew before is still answerable.
    yesterday = clock - timedelta(hours=1)
    known_then = (
        Rating.objects.as_at(date(2026, 2, 1), known_at=yesterday).overall().get(location="1-1")
    )
    assert known_then.rating == "good"
    assert standing("1-1") == [("", "inadequate")]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="missing", path="/changes"),
        Fault(kind="gone", path="/changes"),
    ],
    ids=lambda fault: fault.kind,
)
def test_changes_that_are_not_there_fall_back_on_the_list(db, fault):
    with serving(Memory([a_location("1-1")]), fault) as client:
        run(client)
        client.server.payloads.put(a_location("1-2"))
        second = run(client)
    assert second.state == RunState.FINISHED
    assert second.fell_back_on_list
    assert Location.objects.filter(pk="1-2").exists()


def test_ids_that_404_are_noted_and_nothing_is_deleted(db):
    source = Memory([a_location("1-1"), a_location("1-2")])
    with serving(source) as client:
        run(client)
        client.server.faults.replace([Fault(kind="missing", path="/locations/1-1")])
        second = run(client, RunKind.FULL)
    assert second.counts()["missing"] == 1
    assert second.state == RunState.FINISHED
    assert Location.objects.get(pk="1-1").is_registered


def test_one_bad_payload_never_stops_the_others(db):
    # Asked for 1-2, CQC answers with another location.
    good = [a_location("1-1", name="Half \ud800 a pair"), a_location("1-3"), a_location("1-4")]
    source = Memory(good, ids=["1-2"], make=lambda _: a_location("1-999"))
    faults = [
        Fault(kind="truncated", path="/locations/1-3"),
        Fault(kind="unknown_keys", path="/locations/1-4"),
    ]
    with serving(source, *faults) as client:
        done = run(client)
        assert done.state == RunState.FINISHED
        assert {k: v for k, v in done.counts().items() if v} == {
            "changed": 2,
            "failed": 1,
            "unusable": 1,
        }
        assert done.unknown_keys == {"somethingNew": 1, "anotherNewKey": 1}
        assert "cut short" in done.items.get(state=State.FAILED).note
        assert RawPayload.objects.get(pk="1-2").unusable_because
        # What failed is tried again by the next run, changed or not.
        client.server.faults.replace([])
        source.put(a_location("1-2"), at=datetime(2000, 1, 1, tzinfo=UTC))
        run(client)
    assert set(Location.objects.values_list("pk", flat=True)) == {"1-1", "1-2", "1-3", "1-4"}


def test_one_that_the_database_refuses_never_stops_the_others(db):
    # Two names that are one where we cut them off: two ratings at once, which the database refuses
    # to all read with it.
    alike = [
        group(f"{'Homecare ' * 20}{end}", word)
        for end, word in (("a", "Good"), ("b", "Inadequate"))
    ]
    refused = a_location("1-2", assessment=[assessment("2024-01-01", *alike)])
    source = Memory([a_location("1-1"), refused, a_location("1-3")])
    with serving(source) as client:
        done = run(client)
    assert done.state == RunState.FINISHED
    assert {k: v for k, v in done.counts().items() if v} == {"changed": 2, "unusable": 1}
    assert "rating_one_at_a_time" in done.items.get(state=State.UNUSABLE).note
    assert set(Location.objects.values_list("pk", flat=True)) == {"1-1", "1-3"}
    assert RawPayload.objects.get(pk="1-2").unusable_because


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="refused", path="/locations/", ids=("1-60",)),
        Fault(kind="busy", path="/locations/", ids=("1-60",)),
    ],
    ids=lambda fault: fault.kind,
)
def test_a_run_that_stops_half_way_goes_on_from_there(db, fault):
    source = Memory(a_location(f"1-{number}") for number in range(120))
    with serving(source, fault) as client:
        stopped = run(client)
        assert stopped.state == RunState.STOPPED
        assert stopped.stopped_because
        done = stopped.items.exclude(state=State.WAITING).count()
        assert 50 <= done < 120
        client.server.faults.replace([])
        client.server.asked.clear()
        [again] = sync.work_runs(client)
    assert (again.pk, again.state, again.times_begun) == (stopped.pk, RunState.FINISHED, 2)
    assert sum(client.server.asked.values()) == 120 - done
    assert Location.objects.count() == 120


def test_an_outage_stops_the_run_and_is_no_heap_of_failures(db):
    source = Memory(a_location(f"1-{number}") for number in range(60))
    with serving(source, Fault(kind="server_error", path="/locations/")) as client:
        stopped = run(client)
    assert stopped.state == RunState.STOPPED
    assert stopped.counts()["failed"] == 25  # the rest of the handful; those in a row wait again
    assert stopped.counts()["waiting"] == 35


def test_a_wrong_key_stops_at_once_and_says_so(db):
    with (
        CqcServer(Memory(), key="right") as server,
        Client(key="wrong", user_agent="tests", base_url=server.url, limits=QUICK) as client,
    ):
        stopped = run(client)
    assert stopped.state == RunState.STOPPED
    assert "key" in stopped.stopped_because
    assert readiness.last_sync() == "We have not updated from CQC yet."


def test_a_worker_that_dies_leaves_a_run_that_the_next_takes_up(db):
    source = Memory(a_location(f"1-{number}") for number in range(3))
    died = SyncRun.objects.create(
        kind=RunKind.FULL, state=RunState.RUNNING, asked_at=timezone.now(),
        started_at=timezone.now(),
        listed_at=timezone.now(), window_until=timezone.now(), times_begun=1,
    )  # fmt: skip
    SyncItem.objects.create(run=died, location_id="1-0", state=State.CHANGED)
    SyncItem.objects.create(run=died, location_id="1-2")
    with serving(source) as client:
        [again] = sync.work_runs(client)
        assert client.server.asked == {"/locations/1-2": 1}
    assert (again.pk, again.state) == (died.pk, RunState.FINISHED)
    assert readiness.last_sync() is None


def test_the_second_of_two_steps_aside(transactional_db):
    held, release, outcome = threading.Event(), threading.Event(), []

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('ratings.sync'))")
            held.set()
            release.wait(10)
            # A closed connection's locks go when its server process notices: later than the next
            # line of the test.
            cursor.execute("SELECT pg_advisory_unlock(hashtext('ratings.sync'))")
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    held.wait(10)
    with serving(Memory([a_location("1-1")])) as client:
        sync.ask_for_run(RunKind.FULL, now=timezone.now())
        outcome.append(sync.work_runs(client))
        release.set()
        other.join()
        outcome.append(sync.work_runs(client))
    assert outcome[0] is None
    assert [one.state for one in outcome[1]] == [RunState.FINISHED]


def test_a_sweep_reads_every_service_of_ours(db, council, person):
    source = Memory(ids=["1-1", "1-2"], make=a_location)
    with serving(source) as client:
        run(client)
        provider = Provider.objects.create(name="A provider")
        service = Service.objects.create(
            provider=provider,
            name="A service",
            service_type="residential_home",
            client_group="ageing_well",
            district=District.objects.first(),
        )
        links.confirm_link(
            "1-1",
            by=person("Officer"),
            given=LinkInput(service.pk, date(2020, 1, 1)),
            now=timezone.now(),
        )
        later = timezone.now() + timedelta(days=30)
        client.server.asked.clear()
        swept = run(client, RunKind.SWEEP, clock=lambda: later)
    assert list(swept.items.values_list("location_id", flat=True)) == ["1-1"]


def test_a_sweep_reads_the_region_and_the_similar_councils_too(db):
    source, long_ago = Memory(), timezone.now() - timedelta(days=90)
    places = {"1-2": "Neighbourshire", "1-3": "Farshire", "1-4": "Kinshire"}
    for location_id, authority in places.items():
        source.put(a_location(location_id, localAuthority=authority), at=long_ago)
    RegionAuthority.objects.create(name="Neighbourshire")
    Comparator.objects.create(name="Kinshire")
    with serving(source) as client:
        run(client)
        later = timezone.now() + timedelta(days=60)
        swept = run(client, RunKind.SWEEP, clock=lambda: later)
    assert set(swept.items.values_list("location_id", flat=True)) == {"1-2", "1-4"}


def test_the_command(db, settings, capsys):
    with CqcServer(Memory([a_location("1-1")]), key="k") as server:
        settings.CQC_API_URL, settings.CQC_API_KEY = server.url, "k"
        call_command("sync_cqc", "--full")
        assert "1 changed" in capsys.readouterr().out
        settings.CQC_API_KEY = "wrong"
        with pytest.raises(CommandError, match="stopped"):
            call_command("sync_cqc")
    settings.CQC_API_KEY = ""
    with pytest.raises(CommandError, match="CQC_API_KEY"):
        call_command("sync_cqc")
    call_command("reparse_cqc")
    assert "1 unchanged" in capsys.readouterr().out


def test_keys_that_are_missing_for_a_night_lose_nothing(db):
    source = Memory([a_location("1-1", currentRatings=inspection("Good", "2024-01-01"))])
    with serving(source) as client:
        run(client)
        dropped = (
            "name",
            "localAuthority",
            "gacServiceTypes",
            "numberOfBeds",
            "registrationDate",
            "postalCode",
        )
        client.server.faults.replace([Fault(kind="missing_keys", keys=dropped)])
        run(client)
    location = Location.objects.get()
    assert (location.name, location.local_authority, location.beds) == (
        "Place 1-1",
        "Exampleshire",
        40,
    )
    assert location.service_types == ["residential_home"]
    assert LocationChange.objects.count() == 0
