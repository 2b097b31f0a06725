"""A file is brought on a page, tried out, confirmed or discarded; its bytes are kept outside of
what is served, and no longer than needed.
"""

import os
import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.jobs import names, queue
from core.jobs.models import Job, JobState
from core.models import Event
from documents.spreadsheets.errors import DAMAGED
from ratings.actions import files
from ratings.models import FileImport, ImportState, Location
from tests.at_once import DONE, at_once
from tests.ratings import file_factories as made
from tests.refusals import not_allowed


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path) -> Path:
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    return settings.UPLOAD_ROOT


@pytest.fixture
def client(client_as, council):
    return client_as("Senior officer")


def post(client, path, **more):
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(reverse("ratings:upload-file"), {"file": file, "what": "try", **more})


def page(client, file_import) -> str:
    return client.get(reverse("ratings:view-import", args=[file_import.pk])).text


def test_a_file_is_tried_out_and_then_imported(client, tmp_path, uploads):
    path = made.active_file(
        tmp_path, made.active(), made.active("1-101", **{"Care homes beds": "many"})
    )
    response = post(client, path)
    file_import = FileImport.objects.get()
    assert response["Location"] == reverse("ratings:view-import", args=[file_import.pk])
    assert [file.read_bytes() for file in uploads.iterdir()] == [path.read_bytes()]
    assert [oct(file.stat().st_mode)[-3:] for file in (uploads, *uploads.iterdir())] == [
        "700",
        "600",
    ]
    assert "Waiting" in page(client, file_import)
    queue.work(names.Lane.IMPORTS)
    text = page(client, file_import)
    assert "Nothing has changed yet" in text
    assert "Active Locations, 1 July 2026" in text
    assert "This is not a number of beds." in text
    assert "Good, 1 June 2025" in text
    assert Location.objects.count() == 0
    client.post(reverse("ratings:confirm-import", args=[file_import.pk]))
    queue.work(names.Lane.IMPORTS)
    file_import.refresh_from_db()
    assert (file_import.state, Location.objects.count()) == (ImportState.DONE, 2)
    assert list(
        Event.objects.filter(about_label="ratings.fileimport")
        .order_by("pk")
        .values_list("kind", flat=True)
    ) == [
        "file_import.asked",
        "file_import.confirmed",
        "file_import.done",
    ]
    assert "What this file changed" in page(client, file_import)


def test_bytes_are_removed_when_the_import_is_done_discarded_or_failed(
    client, tmp_path, uploads, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        post(client, made.active_file(tmp_path, made.active()), what="import")
        queue.work(names.Lane.IMPORTS)
    assert list(uploads.iterdir()) == []
    with django_capture_on_commit_callbacks(execute=True):
        post(client, made.active_file(tmp_path, made.active("1-9")))
        queue.work(names.Lane.IMPORTS)
    assert len(list(uploads.iterdir())) == 1
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("ratings:discard-import", args=[FileImport.objects.latest("pk").pk]))
    assert list(uploads.iterdir()) == []
    nonsense = tmp_path / "x.ods"
    nonsense.write_bytes(b"PK nonsense")
    with django_capture_on_commit_callbacks(execute=True):
        post(client, nonsense)
        queue.work(names.Lane.IMPORTS)
    failed = FileImport.objects.latest("pk")
    assert (failed.state, failed.failed_because) == (
        ImportState.FAILED,
        DAMAGED,
    )
    assert "Nothing has been changed." in page(client, failed)
    assert list(uploads.iterdir()) == []


def test_what_nobody_confirms_within_a_day_is_discarded(
    client, tmp_path, uploads, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        post(client, made.active_file(tmp_path, made.active()))
        queue.work(names.Lane.IMPORTS)
        stray = uploads / "stray.upload"
        stray.write_bytes(b"x")
        two_days_ago = (timezone.now() - timedelta(days=2)).timestamp()
        os.utime(stray, (two_days_ago, two_days_ago))
        files.sweep_uploads(now=timezone.now())
        assert len(list(uploads.iterdir())) == 1
        files.sweep_uploads(now=timezone.now() + timedelta(hours=25))
    assert list(uploads.iterdir()) == []
    assert FileImport.objects.get().state == ImportState.DISCARDED


def died(attempts: int) -> None:
    """The worker was killed in the middle of it, so many times, and nothing was heard of it
    since.
    """
    Job.objects.filter(state=JobState.WAITING).update(
        state=JobState.RUNNING,
        attempts=attempts,
        token=uuid.uuid4(),
        heard_at=timezone.now() - timedelta(hours=1),
    )


def test_a_reading_that_died_is_begun_again_three_times(client, tmp_path):
    post(client, made.active_file(tmp_path, made.active()), what="import")
    died(attempts=2)
    FileImport.objects.update(state=ImportState.READING)
    queue.work(names.Lane.IMPORTS)
    assert FileImport.objects.get().state == ImportState.DONE
    post(client, made.active_file(tmp_path, made.active("1-7")), what="import")
    latest = FileImport.objects.latest("pk")
    FileImport.objects.filter(pk=latest.pk).update(state=ImportState.READING)
    died(attempts=3)
    queue.work(names.Lane.IMPORTS)
    latest.refresh_from_db()
    assert (latest.state, latest.failed_because) == (
        ImportState.FAILED,
        "We could not read the file. The worker stopped in the middle of it, three times.",
    )
    assert latest.job.state == JobState.GIVEN_UP


def test_an_import_owns_the_job_that_reads_it(client, tmp_path):
    post(client, made.active_file(tmp_path, made.active()))
    file_import = FileImport.objects.get()
    assert (file_import.job.kind, file_import.job.args) == (
        names.IMPORT_FILE.name,
        [file_import.pk],
    )
    assert file_import.job.asked_by == file_import.asked_by
    queue.work(names.Lane.IMPORTS)
    file_import.job.refresh_from_db()
    assert (file_import.job.state, file_import.job.progress) == (JobState.DONE, 100)


def test_a_file_waits_while_another_is_imported(client, tmp_path, owner):
    owner.execute("SELECT pg_advisory_lock(hashtext('ratings.imports'))")
    post(client, made.active_file(tmp_path, made.active()))
    assert queue.work(names.Lane.IMPORTS) == 0
    owner.execute("SELECT pg_advisory_unlock(hashtext('ratings.imports'))")
    file_import = FileImport.objects.get()
    assert (file_import.state, file_import.job.state, file_import.job.attempts) == (
        "asked",
        JobState.WAITING,
        0,
    )
    assert queue.work(names.Lane.IMPORTS, clock=lambda: timezone.now() + timedelta(minutes=2)) == 1


def test_what_is_past_a_decision_can_be_neither_confirmed_nor_discarded(client, tmp_path, person):
    done = files.import_path(made.active_file(tmp_path, made.active()))
    with not_allowed("wrong-state"):
        files.confirm_import(done.pk, by=person("Manager"), now=timezone.now())
    response = client.post(reverse("ratings:discard-import", args=[done.pk]), follow=True)
    assert "only import or discard a file that has been checked" in response.text


def test_bad_input_is_told_by_its_field(client, tmp_path, settings):
    settings.LARGEST_UPLOAD = 10
    ahead = timezone.localdate() + timedelta(days=1)
    response = post(client, made.active_file(tmp_path, made.active()), as_at=ahead.isoformat())
    assert "The file must be smaller than" in response.text
    assert "must be today or in the past" in response.text
    assert FileImport.objects.count() == 0


def test_the_day_may_be_given_by_whoever_brings_the_file(client, tmp_path):
    path = made.ods(tmp_path / "x.ods", {"Sheet": [made.ACTIVE, made.active()]})
    post(client, path, as_at="2026-05-04")
    queue.work(names.Lane.IMPORTS)
    file_import = FileImport.objects.get()
    assert (file_import.snapshot_on, file_import.day_is_stated) == (date(2026, 5, 4), True)


def test_lists_can_be_downloaded_safe_against_formulas(client, tmp_path):
    done = files.import_path(
        made.ratings_file(tmp_path, made.rating(), made.rating("1-8", word="=1+1"))
    )
    refused = b"".join(
        client.get(reverse("ratings:export-problems", args=[done.pk])).streaming_content
    ).decode()
    assert "Locations,3,Latest Rating,'=1+1,This is not a rating that we know.,the row" in refused
    changes = b"".join(
        client.get(reverse("ratings:export-changes", args=[done.pk])).streaming_content
    ).decode()
    assert "New rating,1-100,Place 1-100,overall,,good 2025-06-01" in changes
    assert "Latest ratings, 1 July 2026" in client.get(reverse("ratings:list-imports")).text


@pytest.mark.parametrize("group", ["Officer", "Practitioner", "Committee clerk"])
def test_who_may_not_read_cqc_may_not_bring_files(client_as, council, group, tmp_path):
    client = client_as(group)
    assert client.get(reverse("ratings:list-imports")).status_code == 403
    assert post(client, made.active_file(tmp_path, made.active())).status_code == 403
    assert FileImport.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_sweep_goes_on_past_a_file_that_somebody_confirms_meanwhile(person, uploads, tmp_path):
    now = timezone.now()
    kept, swept = (
        FileImport.objects.create(
            name=name,
            sha256=name[0] * 64,
            size=1,
            asked_at=now - timedelta(days=2),
            state=ImportState.CHECKED,
            is_dry_run=True,
            stored_as=f"{name}.upload",
        )
        for name in ("first", "second")
    )
    senior = person("Senior officer")
    outcome = at_once(
        lambda: files.confirm_import(kept.pk, by=senior, now=now),
        lambda: files.sweep_uploads(now=now),
    )
    assert outcome == DONE
    kept.refresh_from_db()
    swept.refresh_from_db()
    assert (kept.state, swept.state) == (ImportState.ASKED, ImportState.DISCARDED)
