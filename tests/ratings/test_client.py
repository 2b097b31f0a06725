"""The client against the stand-in server, over real HTTP, fault by fault."""

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from demo.cqc_server.faults import Fault
from demo.cqc_server.payloads import Folder, Memory
from demo.cqc_server.server import CqcServer
from ratings.api.client import Limits
from ratings.api.errors import ErrorKind
from ratings.cqc.client import Client
from ratings.cqc.errors import CqcError
from ratings.cqc.parse import parse_location
from tests.ratings import payloads
from tests.ratings.payloads import a_location, inspection

KEY = "a-key-for-tests"
QUICK = Limits(
    per_minute=0,
    tries=3,
    first_backoff=0.01,
    busy_pause=0.05,
    whole_timeout=0.6,
    connect_timeout=0.6,
)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@contextmanager
def serving(source=None, *, limits=QUICK, key=KEY, agent="carequality tests", **how):
    source = source or Folder(payloads.FOLDER)
    with (
        CqcServer(source, key=KEY, **how) as server,
        Client(key=key, user_agent=agent, base_url=server.url, limits=limits) as client,
    ):
        client.server = server
        yield client


def kind_of(ask):
    with pytest.raises(CqcError) as raised:
        ask()
    return raised.value.kind


def test_every_sample_comes_in_right():
    with serving() as client:
        listed = [one.location_id for one in client.locations()]
        fetched = list(client.many(listed))
    assert len(listed) == 7
    assert [one.location_id for one in fetched] == listed
    for one in fetched:
        assert one.error is None
        assert parse_location(one.payload) == parse_location(payloads.sample(one.location_id))


def test_filters_are_or_within_and_and_between():
    with serving() as client:
        social_care = {
            one.location_id for one in client.locations(inspectionDirectorate="Adult social care")
        }
        north = {
            one.location_id
            for one in client.locations(
                region=["North West", "Yorkshire & Humberside"], careHome="N"
            )
        }
        assert list(client.locations(region="north west")) == []
    assert payloads.DENTIST not in social_care
    assert len(social_care) == 6
    assert north == {payloads.DENTIST, payloads.ARCH, payloads.HELPING_HANDS}


def test_pages_are_read_to_the_end_and_rows_on_two_pages_come_once():
    source = Memory(a_location(f"1-{number}") for number in range(2_500))
    with serving(source, faults=[Fault(kind="duplicate")]) as client:
        assert [one.location_id for one in client.locations()] == [
            f"1-{number}" for number in range(2_500)
        ]
        now = datetime.now(UTC)
        assert len(list(client.changes(LONG_AGO, now + timedelta(minutes=1)))) == 2_500


def test_changes_start_inclusive_and_end_exclusive():
    noon = datetime(2026, 9, 1, 12, tzinfo=UTC)
    source = Memory()
    source.put(a_location("1-1"), at=noon)
    source.put(a_location("1-2"), at=noon + timedelta(hours=1))
    with serving(source) as client:
        assert list(client.changes(noon, noon + timedelta(hours=1))) == ["1-1"]
        assert list(client.changes(noon, noon + timedelta(hours=2))) == ["1-1", "1-2"]


def test_changes_in_lower_case_are_upper_cased_and_lower_case_ids_asked_again():
    source = Memory([a_location("1-ABC")])
    with serving(source, faults=[Fault(kind="lower_case", path="/changes")]) as client:
        assert list(client.changes(LONG_AGO, datetime.now(UTC) + timedelta(minutes=1))) == ["1-ABC"]
        assert client.location("1-abc")["locationId"] == "1-ABC"
        assert client.server.answered[400] == 1


@pytest.mark.parametrize(
    ("kind", "expected"), [("missing", ErrorKind.MISSING), ("gone", ErrorKind.GONE)]
)
def test_changes_that_are_not_there_can_be_told_apart(kind, expected):
    with (
        serving(faults=[Fault(kind=kind, path="/changes")]) as client,
        pytest.raises(CqcError) as raised,
    ):
        list(client.changes(LONG_AGO, datetime.now(UTC)))
    assert raised.value.kind is expected
    assert raised.value.is_absence


def test_an_id_that_is_not_there_does_not_stop_the_others():
    with serving() as client:
        outcomes = list(client.many([payloads.ARCH, "1-404", payloads.ACER_CARE]))
    assert [one.error and one.error.kind for one in outcomes] == [None, ErrorKind.MISSING, None]


def test_a_wrong_key_and_a_missing_one():
    with serving(key="wrong") as client:
        assert kind_of(lambda: client.location(payloads.ARCH)) is ErrorKind.KEY
        assert client.requests == 1
        assert (
            "missing subscription key"
            in httpx.get(client.server.url + "/locations").json()["message"]
        )


def test_no_user_agent_is_refused_with_html():
    with serving() as client:
        headers = {"User-Agent": "", "Ocp-Apim-Subscription-Key": KEY}
        reply = httpx.get(client.server.url + "/locations", headers=headers)
    assert reply.status_code == 403
    assert reply.headers["Content-Type"] == "text/html"
    with pytest.raises(ValueError, match="User-Agent"):
        Client(key=KEY, user_agent="")


PASSING = [
    Fault(kind="refused", times=2),
    Fault(kind="server_error", times=2),
    Fault(kind="server_error", status=503, times=2),
    Fault(kind="truncated", times=2),
    Fault(kind="cut", times=2),
    Fault(kind="disconnect", times=2),
    Fault(kind="stall", seconds=0.9, times=1),
    Fault(kind="drip", seconds=1.4, times=1),
    Fault(kind="busy", times=5),
    Fault(kind="busy", retry_after="0.1", times=5),
]


@pytest.mark.parametrize(
    "fault", PASSING, ids=lambda fault: f"{fault.kind}-{fault.status}-{fault.retry_after}"
)
def test_what_passes_is_tried_again(fault):
    # Its message names two seconds, which would make this test slow: the longest pause is set
    # short.
    limits = Limits(
        per_minute=0,
        tries=3,
        first_backoff=0.01,
        longest_pause=0.05,
        whole_timeout=0.6,
        connect_timeout=0.6,
    )
    with serving(faults=[fault], limits=limits) as client:
        assert client.location(payloads.ARCH) == payloads.sample(payloads.ARCH)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(kind="refused"), ErrorKind.REFUSED),
        (Fault(kind="server_error"), ErrorKind.SERVER),
        (Fault(kind="truncated"), ErrorKind.UNREADABLE),
        (Fault(kind="cut"), ErrorKind.SERVER),
        (Fault(kind="disconnect"), ErrorKind.SERVER),
        (Fault(kind="stall", seconds=1.0), ErrorKind.TIMEOUT),
        (Fault(kind="drip", seconds=1.6), ErrorKind.TIMEOUT),
        (Fault(kind="bad_request"), ErrorKind.BAD_REQUEST),
    ],
    ids=lambda value: getattr(value, "kind", value),
)
def test_what_does_not_pass_is_given_up_after_so_many_tries(fault, expected):
    with serving(faults=[fault]) as client:
        assert kind_of(lambda: client.location(payloads.ARCH)) is expected
        assert client.requests <= QUICK.tries


def test_busy_pauses_everyone_and_honours_retry_after():
    limits = Limits(per_minute=0, at_a_time=5)
    with serving(faults=[Fault(kind="busy", retry_after="1", times=1)], limits=limits) as client:
        began = time.monotonic()
        outcomes = list(client.many(client.server.payloads.ids() * 3))
        took = time.monotonic() - began
        assert client.server.answered[429] == 1
    assert all(one.error is None for one in outcomes)
    assert took >= 1.0  # whoever asked again waited as long as the answer said


def test_busy_without_retry_after_waits_as_the_message_says():
    with serving(faults=[Fault(kind="busy", times=1)]) as client:
        began = time.monotonic()
        client.location(payloads.ARCH)
    assert time.monotonic() - began >= 2.0


def test_busy_for_ever_is_given_up():
    limits = Limits(per_minute=0, pauses=3, longest_pause=0.02)
    with serving(faults=[Fault(kind="busy")], limits=limits) as client:
        assert kind_of(lambda: client.location(payloads.ARCH)) is ErrorKind.BUSY
        assert client.requests == 4


def test_the_rate_limit_is_held_without_a_single_429():
    source = Memory(a_location(f"1-{number}") for number in range(80))
    limits = Limits(per_minute=1_500)
    with serving(source, limits=limits, per_minute=1_500) as client:
        began = time.monotonic()
        assert all(one.error is None for one in client.many(source.ids()))
        took = time.monotonic() - began
        assert client.server.answered[429] == 0
    # 80 turns, 40 ms apart: 79 spaces between them, and no fewer. How near it comes to the limit is
    # bench's.
    assert took >= 79 * 0.04


def test_side_by_side_requests_make_up_for_slow_replies():
    source = Memory(a_location(f"1-{number}") for number in range(20))
    with serving(source, limits=Limits(per_minute=0), delay=0.08) as client:
        assert all(one.error is None for one in client.many(source.ids()))
        # More than one: how much that gains is bench's to tell.
        assert client.server.delay.most_at_once > 1


def test_new_missing_and_shouted_data_is_survived():
    source = Memory(
        [a_location("1-1", currentRatings=inspection("Requires improvement", "2024-01-01"))]
    )
    faults = [
        Fault(kind="unknown_keys"),
        Fault(kind="shouting"),
        Fault(kind="missing_keys", keys=("name", "region", "numberOfBeds")),
    ]
    with serving(source, faults=faults) as client:
        record = parse_location(client.location("1-1"))
    assert record.unknown_keys == ("anotherNewKey", "somethingNew")
    assert (record.name, record.beds) == ("", None)
    assert record.ratings[0].rating == "requires_improvement"


@pytest.mark.parametrize("location_id", ["", "../providers", "1-1?x=1", "a" * 80])
def test_what_cannot_be_an_id_is_never_asked(location_id):
    with serving() as client:
        assert kind_of(lambda: client.location(location_id)) is ErrorKind.BAD_REQUEST
        assert client.requests == 0


def test_the_server_runs_as_a_command_and_takes_faults_while_it_runs(tmp_path):
    (tmp_path / "location_1.json").write_text(json.dumps(a_location("1-1")))
    command = [
        sys.executable,
        "-m",
        "demo.cqc_server",
        "--folder",
        str(tmp_path),
        "--port",
        "0",
        "--key",
        KEY,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().split()[-1]
            faults = url.replace("/public/v1", "/_faults")
            with Client(key=KEY, user_agent="tests", base_url=url, limits=QUICK) as client:
                assert client.location("1-1")["name"] == "Place 1-1"
                assert (
                    httpx.put(
                        faults, json=[{"kind": "gone", "path": "/locations", "times": 1}]
                    ).status_code
                    == 200
                )
                assert kind_of(lambda: client.location("1-1")) is ErrorKind.GONE
                assert client.location("1-1")
                (tmp_path / "location_2.json").write_text(json.dumps(a_location("1-2")))
                time.sleep(0.6)  # the folder is looked at twice a second
                assert client.location("1-2")
            assert httpx.put(faults, json=[{"kind": "unheard of"}]).status_code == 400
        finally:
            process.terminate()
