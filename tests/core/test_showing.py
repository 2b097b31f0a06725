"""What was promised and could not be done is said to those whom it concerns, with what to do
instead.
"""

import pytest
from django.template import Context, Template
from django.utils import timezone

from core import not_done
from core.jobs import names, queue, showing
from core.jobs.models import Job, JobState
from ratings.models import RunKind, SyncRun


def given_up(kind, *args, **more):
    now = timezone.now()
    job = queue.add(kind, *args, now=now, **more)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.GIVEN_UP, given_up_at=now, finished_at=now, error="The server is away."
    )
    return job


@pytest.fixture
def run(db):
    return SyncRun.objects.create(kind=RunKind.FULL, asked_at=timezone.now())


def test_today_shows_it_to_who_holds_the_right_to_what_it_was_promised_for(run, person):
    given_up(names.READ_CQC, run.pk, about=run)
    card = not_done.not_done(person("Senior officer"), timezone.localdate())
    [item] = card.items
    assert (item.label, item.url) == (
        "The update from CQC",
        f"/ratings/runs/{run.pk}/",
    )
    assert names.READ_CQC.instead in item.note
    assert card.urgent
    assert not_done.not_done(person("Practitioner"), timezone.localdate()) is None


def test_today_shows_it_to_who_asked_without_a_link_to_what_they_may_not_see(run, person):
    asker = person("Practitioner")
    given_up(names.READ_CQC, run.pk, about=run, asked_by=asker)
    [item] = not_done.not_done(asker, timezone.localdate()).items
    assert item.url == ""


def test_what_is_promised_for_nothing_in_particular_is_shown_to_who_may_mend_it(db, person):
    given_up(names.READ_FOOD)
    assert not_done.not_done(person("Senior officer"), timezone.localdate())
    assert not_done.not_done(person("Practitioner"), timezone.localdate()) is None


def test_nothing_is_shown_while_it_is_still_tried_or_when_it_was_promised_again(run, person):
    queue.add(names.READ_CQC, run.pk, about=run)
    assert not_done.not_done(person("Senior officer"), timezone.localdate()) is None
    given_up(names.READ_CQC, run.pk, about=run)
    assert showing.counts() == {"ratings.read-cqc": 1}
    queue.add(names.READ_CQC, run.pk, about=run)
    assert showing.counts() == {}


def test_page_of_what_it_was_promised_for_says_so(run, client_as):
    given_up(names.READ_CQC, run.pk, about=run)
    page = client_as("Senior officer").get(f"/ratings/runs/{run.pk}/").text
    assert "Not done: The update from CQC" in page
    assert names.READ_CQC.instead in page
    assert "The server is away." in page


def test_nothing_is_said_on_a_page_when_all_is_done(run):
    text = Template("{% load jobs_tags %}{% jobs_not_done thing %}").render(Context({"thing": run}))
    assert text.strip() == ""


def test_today_is_drawn_with_it(run, client_as):
    given_up(names.READ_CQC, run.pk, about=run)
    given_up(names.READ_FOOD)
    page = client_as("Senior officer").get("/today/").text
    assert ">Not done" in page
    assert 'href=""' not in page
