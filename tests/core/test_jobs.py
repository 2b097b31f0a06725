"""One row for everything that is promised: nothing is lost, nothing is done twice, and what cannot
be done is said.
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.jobs import handlers, names, queue
from core.jobs.models import Job, JobState
from core.jobs.names import JobKind, Lane
from core.jobs.supervisor import LaneProcess
from core.models import CouncilProfile, Heartbeat
from core.request_id import current_request_id, serving
from ratings.models import AlertDigest

BROKER_AWAY = {
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "DJANGO_SETTINGS_MODULE": "carequality.settings",
}
NOTE = JobKind("tests.note", Lane.MESSAGES, "A note", "Say it.", attempts=3)
SECRET = JobKind("tests.secret", Lane.MESSAGES, "A secret", "Keep it.", attempts=3, is_exempt=True)
LONG = JobKind(
    "tests.long",
    Lane.RENDERINGS,
    "A long one",
    "Ask again.",
    attempts=3,
    is_long=True,
    tries_again=False,
    stalled_after=timedelta(minutes=5),
    then="tests.note",
)


@pytest.fixture
def done(monkeypatch):
    """What the handlers of the tests' own kinds were called with."""
    calls = []
    for kind, run in (
        (NOTE, lambda *args: calls.append(args)),
        (SECRET, lambda *args: 1 / 0),
        (LONG, lambda job, *args: calls.append((job.pk, *args))),
    ):
        monkeypatch.setitem(names.KINDS, kind.name, kind)
        monkeypatch.setitem(
            handlers.HANDLERS._entries, kind.name, (0, handlers.Handler(kind, run, ()))
        )
    return calls


@pytest.fixture
def handled(monkeypatch, done):
    """Let a kind be done by that function."""

    def by(kind, run):
        monkeypatch.setitem(
            handlers.HANDLERS._entries, kind.name, (0, handlers.Handler(kind, run, ()))
        )

    return by


def later(**by):
    moment = timezone.now() + timedelta(**by)
    return lambda: moment


# What is promised


def test_promise_falls_with_its_change(transactional_db, done):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue.add(NOTE, 1)
        raise ZeroDivisionError
    assert not Job.objects.exists()


PROMISE = """
import django; django.setup()
from django.db import transaction
from core.jobs import names, queue
with transaction.atomic():
    print(queue.add(names.SEND_DIGEST, 1).pk)
"""


def test_broker_away_loses_nothing_and_no_page_waits_for_it(transactional_db):
    saved = subprocess.run(
        [sys.executable, "-c", PROMISE],
        env={**os.environ, **BROKER_AWAY},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert Job.objects.get(pk=int(saved.stdout)).state == JobState.WAITING


def test_a_job_belongs_to_the_request_that_promised_it(db, handled):
    seen = []
    handled(NOTE, lambda: seen.append(current_request_id()))
    with serving("a-request"):
        queue.add(NOTE)
    queue.work()
    assert seen == ["a-request"]


def test_one_open_job_of_a_kind_about_a_thing_where_asked(db, council, done):
    job = queue.add(NOTE, about=council, only_one=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        queue.add(NOTE, about=council, only_one=True)
    queue.add(NOTE, about=council)
    queue.deliver(job.pk)
    queue.add(NOTE, about=council, only_one=True)
    assert Job.objects.about(council).count() == 3


# What is done once


def test_job_is_done_once_however_often_it_is_tried(transactional_db, done):
    with transaction.atomic():
        job = queue.add(NOTE, 1)
    assert queue.deliver(job.pk)
    assert not queue.deliver(job.pk)
    assert done == [(1,)]


def test_nothing_is_done_before_it_is_due(db, done):
    queue.add(NOTE, due_at=timezone.now() + timedelta(hours=1))
    assert queue.work() == 0
    assert queue.work(clock=later(hours=2)) == 1


def test_a_short_job_is_held_while_it_is_done_however_long_it_takes(
    transactional_db, handled, owner
):
    found = []

    def slow():
        # Another worker, long after it would take the job for stalled.
        found.append(
            owner.execute(
                "SELECT count(*) FROM (SELECT id FROM core_job FOR UPDATE SKIP LOCKED) free"
            ).fetchone()
        )

    handled(NOTE, slow)
    queue.add(NOTE)
    assert queue.work() == 1
    assert found == [(0,)]


def test_effect_and_mark_of_a_short_job_are_kept_together(transactional_db, handled):
    def half_done():
        Heartbeat.objects.create(name="half", heard_at=timezone.now())
        raise ZeroDivisionError

    handled(NOTE, half_done)
    queue.add(NOTE)
    assert queue.work() == 0
    assert not Heartbeat.objects.filter(name="half").exists()
    assert Job.objects.get().attempts == 1


def test_job_of_a_worker_that_died_is_done_by_the_next(db, done):
    queue.add(LONG, 7)
    assert queue.claim(Lane.RENDERINGS, now=timezone.now())
    assert queue.work(Lane.RENDERINGS) == 0
    assert queue.work(Lane.RENDERINGS, clock=later(minutes=6)) == 1
    assert Job.objects.get(kind=LONG.name).attempts == 2


def test_worker_that_lost_its_job_changes_nothing(db, done):
    queue.add(LONG, 7)
    first = queue.claim(Lane.RENDERINGS, now=timezone.now())
    second = queue.claim(Lane.RENDERINGS, now=later(minutes=6)())
    assert (first.pk, first.token != second.token) == (second.pk, True)
    assert queue.hold(first) is None
    with pytest.raises(queue.LostError):
        queue.report(first, 10)
    queue.report(second, 10, "Half way")
    second.refresh_from_db()
    assert (second.progress, second.step) == (10, "Half way")


def test_dropped_job_is_taken_from_its_worker(db, council, done):
    queue.add(LONG, about=council)
    job = queue.claim(Lane.RENDERINGS, now=timezone.now())
    assert queue.drop(Job.objects.about(council), now=timezone.now()) == 1
    assert queue.run(job)
    job.refresh_from_db()
    assert job.state == JobState.DROPPED


def test_not_yet_is_no_attempt(db, handled):
    def busy():
        raise queue.NotYetError(timedelta(minutes=1))

    handled(NOTE, busy)
    queue.add(NOTE)
    assert queue.work() == 0
    job = Job.objects.get()
    assert (job.state, job.attempts, job.error) == (JobState.WAITING, 0, "")
    assert job.next_try_at > timezone.now()


def test_process_that_ends_puts_its_job_back(db, handled):
    def ended():
        raise SystemExit

    handled(NOTE, ended)
    queue.add(NOTE)
    with pytest.raises(SystemExit):
        queue.work()
    assert (Job.objects.get().state, Job.objects.get().attempts) == (JobState.WAITING, 0)


def test_long_job_is_put_back_where_it_reports_when_the_process_is_to_end(db, handled):
    def long(job):
        queue.stopping.set()
        queue.report(job, 50)

    handled(LONG, long)
    queue.add(LONG)
    try:
        assert queue.work() == 0
    finally:
        queue.stopping.clear()
    assert Job.objects.get(kind=LONG.name).state == JobState.WAITING


# What fails


def test_failure_is_kept_and_tried_again_later(transactional_db, handled):
    handled(NOTE, lambda: {}["no such key"])
    job = queue.add(NOTE)
    assert not queue.deliver(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 1)
    assert "no such key" in job.error
    assert job.next_try_at > timezone.now() + timedelta(seconds=20)
    assert queue.work() == 0


def test_each_wait_is_longer_up_to_a_longest():
    waits = [names.NOTIFY_RECIPIENTS.wait_after(attempts) for attempts in (1, 2, 3, 30)]
    assert waits == [names.MINUTE, 2 * names.MINUTE, 4 * names.MINUTE, timedelta(hours=6)]


def test_job_is_given_up_after_its_attempts_and_says_so(db, handled, monkeypatch):
    followed = []
    monkeypatch.setitem(
        handlers.GIVEN_UP._entries, NOTE.name, (0, lambda job, now: followed.append(job.args))
    )
    handled(NOTE, lambda *args: 1 / 0)
    queue.add(NOTE, 9)
    for days in range(4):
        queue.work(clock=later(days=days))
    job = Job.objects.get()
    assert (job.state, job.attempts) == (JobState.GIVEN_UP, 3)
    assert job.given_up_at == job.finished_at
    assert followed == [[9]]
    assert list(Job.objects.not_done()) == [job]


def test_what_follows_a_job_given_up_cannot_undo_that(db, handled, monkeypatch):
    monkeypatch.setitem(handlers.GIVEN_UP._entries, LONG.name, (0, lambda job, now: 1 / 0))
    handled(LONG, lambda job: 1 / 0)
    queue.add(LONG)
    queue.work(Lane.RENDERINGS)
    assert Job.objects.get(kind=LONG.name).state == JobState.GIVEN_UP


def test_a_job_that_kills_its_worker_is_given_up(db, done):
    queue.add(LONG, 7)
    for hours in range(3):
        queue.claim(Lane.RENDERINGS, now=later(hours=hours)())
    assert queue.work(Lane.RENDERINGS, clock=later(hours=4)) == 0
    job = Job.objects.get(kind=LONG.name)
    assert (job.state, job.error) == (
        JobState.GIVEN_UP,
        "The worker stopped in the middle of it, three times.",
    )


def test_a_job_of_an_unknown_kind_is_given_up_and_holds_nothing_up(db, done):
    Job.objects.create(
        kind="tests.of-another-version",
        lane="messages",
        created_at=timezone.now(),
        next_try_at=timezone.now(),
    )
    queue.add(NOTE, 1)
    assert queue.work() == 1
    assert Job.objects.get(kind="tests.of-another-version").state == JobState.GIVEN_UP


def test_what_follows_is_promised_with_the_end(db, handled, council):
    handled(LONG, lambda job: 1 / 0)
    queue.add(LONG, about=council)
    queue.work(Lane.RENDERINGS)
    follows = Job.objects.get(kind=NOTE.name)
    assert follows.args == [Job.objects.get(kind=LONG.name).pk]
    assert (follows.about_label, follows.about_id) == ("core.councilprofile", council.pk)


def test_error_that_may_quote_exempt_text_is_neither_logged_nor_kept(db, handled, caplog):
    name = "Canary House"

    def tell_too_much():
        raise ValueError(f"{name} is suspended")

    handled(SECRET, tell_too_much)
    queue.add(SECRET)
    with caplog.at_level(logging.ERROR):
        queue.work()
    assert name not in caplog.text
    assert "tell_too_much" in caplog.text
    assert Job.objects.get().error == "Something went wrong (ValueError). The log has the details."


def test_sentence_of_a_job_error_is_kept_for_the_page(db, handled):
    def refuse():
        raise queue.JobError("The letter cannot be printed.")

    handled(SECRET, refuse)
    queue.add(SECRET)
    queue.work()
    assert Job.objects.get().error == "The letter cannot be printed."


def test_what_another_try_would_not_mend_is_given_up_at_once(db, handled):
    def refuse():
        raise queue.JobError("The server knows no such recipient.", tries_again=False)

    handled(NOTE, refuse)
    queue.add(NOTE)
    queue.work()
    assert (Job.objects.get().state, Job.objects.get().attempts) == (JobState.GIVEN_UP, 1)


def test_every_kind_of_the_product_has_a_handler_or_is_the_public_lanes():
    without = {kind.lane for name, kind in names.KINDS.items() if name not in handlers.HANDLERS}
    assert without == {Lane.PUBLIC}


def test_promised_again_is_no_longer_shown_as_not_done(db, handled, council):
    handled(LONG, lambda job: 1 / 0)
    queue.add(LONG, about=council)
    queue.work(Lane.RENDERINGS)
    assert Job.objects.not_done().count() == 1
    queue.add(LONG, about=council)
    assert not Job.objects.not_done().exists()


# The database


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": JobState.RUNNING},
        {"state": JobState.DONE},
        {"state": JobState.GIVEN_UP, "finished_at": timezone.now()},
        {"finished_at": timezone.now()},
        {"progress": 101},
        {"about_label": "reports.paper"},
    ],
    ids=lambda wrong: "-".join(
        f"{name}-{'now' if name.endswith('_at') else value}" for name, value in wrong.items()
    ),
)
def test_database_refuses_a_row_that_cannot_be(db, done, wrong):
    job = queue.add(NOTE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**wrong)


def test_inserting_a_job_wakes_its_lane(transactional_db, done):
    connection.ensure_connection()
    connection.connection.execute("LISTEN core_jobs")
    queue.add(NOTE)
    queue.add(NOTE, due_at=timezone.now() + timedelta(days=1))
    woken = [notice.payload for notice in connection.connection.notifies(timeout=2)]
    assert woken == ["messages"]


# The lanes' processes


def a_digest(person) -> AlertDigest:
    """One that is done by sending nothing: nobody wants it by e-mail."""
    now = timezone.now()
    return AlertDigest.objects.create(
        person=person("Officer"),
        night=now.date(),
        noticed_from=now - timedelta(days=1),
        noticed_until=now,
    )


def wait_for(what, seconds=60):
    deadline = time.monotonic() + seconds
    while not what() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert what()


def end(worker: subprocess.Popen) -> None:
    """As whoever runs it does: the parent is told, and what it leaves behind is killed."""
    worker.terminate()
    try:
        worker.wait(60)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)


def is_done(job):
    return lambda: Job.objects.get(pk=job.pk).state == JobState.DONE


SLOW = """
import time
import django; django.setup()
from core.jobs import handlers, names
from core.jobs.lane import LaneLoop
kind = names.MAKE_LETTER
handler = handlers.Handler(kind, lambda letter: time.sleep(3), ())
handlers.HANDLERS._entries[kind.name] = (0, handler)
LaneLoop(names.Lane.RENDERINGS).go_on()
"""


@pytest.mark.deep
def test_message_leaves_while_five_hundred_renderings_wait(transactional_db, person):
    """Lanes as they run, with the broker away; what is proved is that neither waits for the
    other.
    """
    now = timezone.now()
    Job.objects.bulk_create(
        Job(
            kind=names.MAKE_LETTER.name,
            lane="renderings",
            args=[0],
            created_at=now,
            next_try_at=now,
        )
        for _ in range(500)
    )
    environment = {**os.environ, **BROKER_AWAY}
    lanes = [
        subprocess.Popen([sys.executable, "-c", SLOW], env=environment),
        subprocess.Popen(
            [sys.executable, "-m", "django", "work_lane", "messages"], env=environment
        ),
    ]
    try:
        # Both are at work before the message is promised.
        wait_for(lambda: Job.objects.filter(lane="renderings", state=JobState.RUNNING).exists())
        wait_for(lambda: Heartbeat.objects.filter(name="worker").exists())
        job = queue.add(names.SEND_DIGEST, a_digest(person).pk)
        wait_for(is_done(job))
        job.refresh_from_db()
        assert Job.objects.filter(lane="renderings", state=JobState.WAITING).count() > 450
        assert job.finished_at - job.created_at < timedelta(seconds=5)
    finally:
        for lane in lanes:
            lane.terminate()
        for lane in lanes:
            lane.wait(30)


WORKER = [
    sys.executable,
    "-m",
    "celery",
    "-A",
    "carequality",
    "worker",
    "-Q",
    "app",
    "-c",
    "1",
    "--loglevel",
    "ERROR",
]


@pytest.mark.deep
def test_worker_that_is_killed_loses_nothing(transactional_db, person):
    """A real worker, killed with jobs in its hands; the next one does them. Its broker is away all
    the while.
    """
    environment = {**os.environ, **BROKER_AWAY}
    first = subprocess.Popen(WORKER, start_new_session=True, env=environment)
    digest = a_digest(person)
    job = queue.add(names.SEND_DIGEST, digest.pk)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    # As if it had been killed the moment after it claimed this one.
    before = timezone.now() - timedelta(minutes=1)
    held = queue.add(names.SEND_DIGEST, digest.pk, now=before)
    assert queue.claim(Lane.MESSAGES, pk=held.pk, now=before)
    second = subprocess.Popen(WORKER, start_new_session=True, env=environment)
    try:
        wait_for(is_done(job), 90)
        wait_for(is_done(held))
    finally:
        end(second)
    assert Heartbeat.objects.filter(name="worker").exists()
    assert CouncilProfile.objects.count() == 0


@pytest.mark.deep
def test_lanes_end_with_their_worker(transactional_db):
    worker = subprocess.Popen(WORKER, start_new_session=True, env={**os.environ, **BROKER_AWAY})

    def lanes() -> int:
        mark = f"--parent\0{worker.pid}\0".encode()
        found = 0
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                found += entry.name.isdigit() and mark in (entry / "cmdline").read_bytes()
        return found

    try:
        wait_for(lambda: lanes() == 4, 90)
    except AssertionError:
        end(worker)
        raise
    # The parent alone, as the kernel does when memory is short.
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    try:
        wait_for(lambda: lanes() == 0)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)


# A lane that ends


def tend_until(lane: LaneProcess, what) -> None:
    def looked():
        lane.tend()
        return what()

    wait_for(looked)


def test_a_lane_that_cannot_start_is_tried_more_slowly_each_time():
    lane = LaneProcess("messages", command=[sys.executable, "-c", ""], steady_after=3600)
    tend_until(lane, lambda: lane.failed_starts == 2)
    assert lane.next_start > time.monotonic() + 1
    lane.wait(time.monotonic() + 60)


def test_a_lane_that_ran_well_and_ends_is_back_at_once():
    lane = LaneProcess("messages", command=[sys.executable, "-c", ""], steady_after=0)
    # It has had a bad day before.
    lane.failed_starts = 6
    tend_until(lane, lambda: lane.process is None and lane.next_start > 0)
    assert lane.failed_starts == 1
    assert lane.next_start <= time.monotonic() + 1.5
