"""What the lanes call. Each may run twice and does its work once."""

from datetime import datetime

from django.utils import timezone

from core.jobs import handlers, names
from core.jobs.models import Job
from formal_steps.actions import asking
from formal_steps.models import StepLetter
from formal_steps.permissions import SEE
from notifications.actions import letters

handlers.promised_for("formal_steps.formalstep", *SEE, page="formal_steps:view-formal-step")


@handlers.job(names.MAKE_STEP_LETTER)
def make_letter(letter_id: int) -> None:
    letters.make(StepLetter, letter_id, now=timezone.now())


@handlers.job(names.ASK_TO_DECIDE_STEP)
def ask_to_decide(step_id: int) -> None:
    asking.ask_to_decide(step_id, now=timezone.now())


@handlers.on_given_up(names.MAKE_STEP_LETTER)
def give_up_letter(job: Job, now: datetime) -> None:
    letters.give_up(StepLetter, *job.args)
