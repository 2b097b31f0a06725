"""The clock's task, and what the lanes call. Each may run twice."""

from celery import shared_task
from django.utils import timezone

from administration import mail
from core.guessing import counting
from core.jobs import handlers, names, queue
from core.models import User
from core.work import WORK

handlers.promised_for("core.user", "core.change_user", page="view-person")


@handlers.job(names.TELL_OWNER)
def tell_owner(person_id: int, what: str) -> None:
    person = User.objects.get(pk=person_id)
    if not person.email:
        # Nothing to wait for: whoever looks after people is shown it.
        raise queue.JobError(f"{person} has no email address.", tries_again=False)
    mail.about_account(person, what).send()


@handlers.job(names.TELL_NEW_HOLDER)
def tell_new_holder(person_id: int, counts: dict[str, int], _handover_id: int | None) -> None:
    person = User.objects.get(pk=person_id)
    if not person.email:
        raise queue.JobError(f"{person} has no email address.", tries_again=False)
    # A kind that is gone with a version of the product is left out, and not the whole email.
    what = [WORK[name].count_in_words(count) for name, count in counts.items() if name in WORK]
    mail.handed_over(person, what).send()


@shared_task
def tidy_wrong_passwords() -> None:
    counting.tidy(now=timezone.now())
