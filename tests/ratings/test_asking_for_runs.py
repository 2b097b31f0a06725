"""Who asks for a run, which run serves them, and the job that it owns."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from core.jobs import names, queue
from core.jobs.models import Job, JobState
from demo.cqc_server.payloads import Memory
from demo.cqc_server.server import CqcServer
from ratings.actions import sync
from ratings.models import RunKind, RunState, SyncRun
from tests.ratings.payloads import a_location


def test_a_run_owns_the_job_that_begins_it_and_tries_again(db, settings):
    settings.CQC_API_KEY = ""
    asked = sync.ask_for_run(RunKind.FULL, now=timezone.now())
    assert queue.work(names.Lane.SYNC) == 0
    asked.job.refresh_from_db()
    assert asked.job.state == JobState.WAITING
    assert "CQC_API_KEY is not set" in asked.job.error
    with CqcServer(Memory([a_location("1-1")]), key="a key") as server:
        settings.CQC_API_URL, settings.CQC_API_KEY = server.url, "a key"
        assert (
            queue.work(names.Lane.SYNC, clock=lambda: timezone.now() + timedelta(minutes=11)) == 1
        )
    asked.refresh_from_db()
    asked.job.refresh_from_db()
    assert (asked.state, asked.job.state, asked.job.progress) == (
        RunState.FINISHED,
        JobState.DONE,
        100,
    )


def test_who_asks_hastens_a_run_that_stopped(db, person):
    stopped = sync.ask_for_run(RunKind.FULL, now=timezone.now())
    SyncRun.objects.filter(pk=stopped.pk).update(listed_at=timezone.now(), state=RunState.STOPPED)
    Job.objects.update(next_try_at=timezone.now() + timedelta(minutes=10))
    now = timezone.now()
    sync.ask_for_run(RunKind.CHANGES, now=now, by=person("Senior officer"))
    assert list(Job.objects.values_list("next_try_at", flat=True)) == [now, now]


def test_a_run_whose_job_was_given_up_is_promised_again_by_the_next_who_asks(db):
    asked = sync.ask_for_run(RunKind.FULL, now=timezone.now())
    Job.objects.update(
        state=JobState.GIVEN_UP, given_up_at=timezone.now(), finished_at=timezone.now()
    )
    again = sync.ask_for_run(RunKind.FULL, now=timezone.now())
    assert (again.pk, again.job_id != asked.job_id) == (asked.pk, True)


def test_one_run_a_night_and_the_waiting_run_serves_all_who_ask(db):
    night = date(2026, 9, 22)
    first = sync.ask_for_run(RunKind.CHANGES, now=timezone.now(), night=night)
    assert sync.ask_for_run(RunKind.CHANGES, now=timezone.now(), night=night) == first
    assert sync.ask_for_run(RunKind.FULL, now=timezone.now()) == first
    first.refresh_from_db()
    assert first.kind == RunKind.FULL


def test_a_sunday_that_was_missed_is_swept_the_next_night(db):
    sunday = datetime(2026, 9, 20, 4, 10, tzinfo=UTC)
    sync.ask_for_run(RunKind.FULL, now=sunday - timedelta(days=7), night=date(2026, 9, 13))
    SyncRun.objects.update(listed_at=sunday)
    sync.ask_for_run(sync.kind_for_night(sunday.date()), now=sunday, night=sunday.date())
    assert SyncRun.objects.get(night=sunday.date()).kind == RunKind.SWEEP
    assert sync.kind_for_night(date(2026, 9, 21)) == RunKind.CHANGES
    assert sync.kind_for_night(date(2026, 9, 26)) == RunKind.CHANGES
    assert sync.kind_for_night(date(2026, 9, 27)) == RunKind.SWEEP
    assert sync.kind_for_night(date(2026, 9, 28)) == RunKind.SWEEP


def test_all_of_england_is_read_on_the_first_sunday_of_a_month_or_as_soon_as_it_can_be(db):
    assert sync.kind_for_night(date(2026, 9, 22)) == RunKind.FULL
    first_sunday = datetime(2026, 9, 6, 4, 10, tzinfo=UTC)
    sync.ask_for_run(RunKind.FULL, now=first_sunday, night=first_sunday.date())
    assert sync.kind_for_night(date(2026, 9, 7)) == RunKind.CHANGES
    assert sync.kind_for_night(date(2026, 10, 4)) == RunKind.FULL
    # That Sunday was missed.
    assert sync.kind_for_night(date(2026, 10, 10)) == RunKind.SWEEP
    assert sync.kind_for_night(date(2026, 10, 12)) == RunKind.FULL
