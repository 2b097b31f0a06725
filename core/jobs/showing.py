"""What was promised and not done, for those whom it concerns."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.urls import NoReverseMatch, reverse

from core.jobs.handlers import HANDLERS, PROMISED_FOR
from core.jobs.models import Job, JobQuerySet


def not_done_for(obj: models.Model) -> JobQuerySet:
    """What was promised for an object and given up, the latest first: for its page."""
    return Job.objects.about(obj).not_done()


def not_done_to_show(person: AbstractUser) -> list[Job]:
    """What was given up of what a person asked for, or may see what it was promised for."""
    return [job for job in Job.objects.not_done() if may_settle(person, job)]


def may_settle(person: AbstractUser, job: Job) -> bool:
    """Whether a person is shown that this was not done, and so may say that somebody did it."""
    return job.asked_by_id == person.pk or _may_see(person, job)


def _may_see(person: AbstractUser, job: Job) -> bool:
    if job.about_label in PROMISED_FOR:
        permissions = PROMISED_FOR[job.about_label].permissions
    else:
        permissions = HANDLERS[job.kind].permissions if job.kind in HANDLERS else ()
    return bool(permissions) and person.has_perms(permissions)


def page_of(person: AbstractUser, job: Job) -> str:
    """The address of the page of what a job was promised for, where this person may see it; empty
    where there is none.
    """
    if job.about_label not in PROMISED_FOR:
        return ""
    shown = PROMISED_FOR[job.about_label]
    if not shown.page or not person.has_perms(shown.permissions):
        return ""
    assert job.about_id is not None
    try:
        return reverse(shown.page, args=[shown.address_of(job.about_id)])
    except NoReverseMatch:
        return reverse(shown.page)  # a page for all of them


def counts() -> dict[str, int]:
    """How many jobs of each kind were given up, and nobody has promised the same since: for whoever
    runs the product.
    """
    found = (
        Job.objects.not_done()
        .order_by("kind")
        .values_list("kind")
        .annotate(number=models.Count("pk"))
    )
    return dict(found)
