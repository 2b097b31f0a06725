"""What the lanes call. Each may run twice and does its work once."""

from datetime import datetime

from django.utils import timezone

from core.jobs import handlers, names
from core.jobs.models import Job
from suspensions.actions import alerting, letters
from suspensions.actions import telling as telling_actions

SEE = ("suspensions.view_suspension", "core.read_exempt")
handlers.promised_for("suspensions.suspension", *SEE, page="suspensions:view-suspension")
handlers.promised_for("suspensions.formalstep", *SEE, page="suspensions:view-formal-step")


@handlers.job(names.TELL_PARTNERS)
def tell_partners(suspension_id: int, telling: str, kinds: tuple[str, ...] = ()) -> None:
    telling_actions.tell_partners(suspension_id, telling, kinds, now=timezone.now())


@handlers.job(names.TELL_PARTY)
def tell_party(party_id: int) -> None:
    telling_actions.tell_party(party_id, now=timezone.now())


@handlers.job(names.ASK_TO_CONFIRM)
def ask_to_confirm(suspension_id: int) -> None:
    alerting.ask_to_confirm(suspension_id, now=timezone.now())


@handlers.job(names.MAKE_LETTER)
def make_letter(letter_id: int) -> None:
    letters.make_letter(letter_id, now=timezone.now())


@handlers.on_given_up(names.TELL_PARTY)
def give_up_party(job: Job, now: datetime) -> None:
    telling_actions.give_up_party(*job.args, now=now)


@handlers.on_given_up(names.TELL_PARTNERS)
def give_up_partners(job: Job, now: datetime) -> None:
    telling_actions.give_up_partners(*job.args, now=now)


@handlers.on_given_up(names.MAKE_LETTER)
def give_up_letter(job: Job, now: datetime) -> None:
    letters.give_up_letter(*job.args)
