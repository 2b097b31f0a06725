"""What was promised and not done, and was then done by a person."""

from datetime import datetime

from django.db import transaction

from core import events
from core.jobs import queue, showing
from core.jobs.models import Job
from core.locking import lock
from core.models import User
from core.workflow import NotAllowed, requires


@requires()
@transaction.atomic
def settle_job(job_id: int, *, by: User, now: datetime) -> Job:
    """Say that what we gave up has been done, or is no longer needed: nobody is shown it any more.

    Raises `NotAllowed`: `permission-missing`, `settled-already`.
    """
    job = lock(Job, job_id)
    if not showing.may_settle(by, job):
        raise NotAllowed("permission-missing", "You do not have the right to say that it is done.")
    if not queue.settle(Job.objects.filter(pk=job.pk), now=now):
        raise NotAllowed("settled-already", "Somebody has said already that it is done.")
    events.record("job.settled", by=by, about=job, after={"kind": job.kind})
    return job
