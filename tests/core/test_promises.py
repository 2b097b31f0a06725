"""Each promise in its place: what could not be done stands on the page of what it was promised for,
with what to do instead, whatever kept it from being done.
"""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.template.loader import render_to_string
from django.utils import timezone

from core.jobs import names, queue, showing
from core.jobs.handlers import PROMISED_FOR
from core.jobs.models import Job, JobState
from core.models import User
from documents.models import StoredFile
from ratings.models import FileImport
from tests.core.conftest import undone
from tests.core.test_showing import given_up

# Every thing that a job is promised for


@pytest.fixture
def found(council_of_forms):
    """A row of each model that jobs are promised for, of the demonstration."""
    rows = {}
    for label in PROMISED_FOR.names():
        rows[label] = apps.get_model(label)._default_manager.order_by("pk").first()
    return rows


def test_every_page_of_what_jobs_are_promised_for_shows_what_was_not_done(found, council_of_forms):
    client = council_of_forms.clients[0]
    person = User.objects.get(pk=client.session["_auth_user_id"])
    wrong = []
    for label, row in found.items():
        # The demonstration reads no file and no night's run of its own.
        if row is None:
            continue
        with undone():
            job = given_up(names.TELL_NEW_HOLDER, 1, {}, None, about=row)
            page = client.get(showing.page_of(person, job))
            shown = page.status_code == 200 and "Not done: " in page.text
            if not (shown and names.TELL_NEW_HOLDER.instead in page.text):
                wrong.append(label)
    assert not wrong, f"These pages need {{% jobs_not_done … %}}: {wrong}"


def test_what_the_demonstration_promised_is_shown_somewhere(council_of_forms):
    labels = set(Job.objects.exclude(about_label="").values_list("about_label", flat=True))
    # A file is shown where it hangs, with what else was made sure of it.
    assert labels - set(PROMISED_FOR.names()) <= {"documents.storedfile", "ratings.alertdigest"}


# A worker that died


DIED = [
    (names.MAKE_LETTER, "suspensions.suspension"),
    (names.PAPER_EXEMPT, "reports.paper"),
    (names.IMPORT_FILE, "ratings.fileimport"),
]


@pytest.mark.parametrize(("kind", "label"), DIED, ids=lambda each: getattr(each, "name", each))
def test_work_that_killed_its_worker_is_said_on_its_page(kind, label, found, council_of_forms):
    """As often as it is tried: then it is given up by whoever looks next, and its page says so."""
    client = council_of_forms.clients[0]
    person = User.objects.get(pk=client.session["_auth_user_id"])
    with undone():
        row = found[label] or FileImport.objects.create(
            name="file.ods", sha256="0" * 64, size=1, asked_at=timezone.now(), asked_by=person
        )
        assert isinstance(row, apps.get_model(label))
        job = queue.add(kind, row.pk, about=row, now=timezone.now())
        for _ in range(kind.attempts):
            Job.objects.filter(pk=job.pk).update(
                next_try_at=timezone.now(), state=JobState.WAITING, token=None
            )
            claimed = queue.claim(*queue.OURS, now=timezone.now(), pk=job.pk)
            assert claimed is not None
            # Nothing more is heard of it.
        late = timezone.now() + 2 * kind.stalled_after
        assert queue.give_up_stalled(late) == 1
        job.refresh_from_db()
        assert job.state == JobState.GIVEN_UP
        page = client.get(showing.page_of(person, job)).text
        assert kind.instead in page
        assert "The worker stopped in the middle of it" in page


# A file


def test_a_file_that_could_not_be_scanned_says_so_where_it_hangs(council_of_forms):
    client = council_of_forms.clients[0]
    person = User.objects.get(pk=client.session["_auth_user_id"])
    with undone():
        file = StoredFile.objects.create(
            kind="pdf",
            name="plan.pdf",
            content_type="application/pdf",
            size=1,
            sha256="0" * 64,
            added_at=timezone.now(),
            added_by=person,
        )
        given_up(names.SCAN_FILE, file.pk, about=file, asked_by=person)
        shown = SimpleNamespace(file=file, is_withdrawn=False, about="PDF")
        text = render_to_string("documents/attachment.html", {"attachment": shown, "url": "/x/"})
    assert names.SCAN_FILE.instead in text
