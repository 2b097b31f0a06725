"""Another manager is asked by email to decide a step that one has proposed, until somebody does."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from core import events
from core.jobs import names, queue
from core.jobs.queue import JobError
from formal_steps.actions.steps import lock
from formal_steps.models import FormalStepStatus
from formal_steps.rules import deciding
from formal_steps.workflow import FORMAL_STEP


def ask_to_decide(step_id: int, *, now: datetime) -> bool:
    """Ask by email that another manager decide this step; again on the morning of its last day and
    on every working morning after it.

    Says whether it still waited. The email names no service. Raises `JobError` when nobody can be
    asked, or the email does not go.
    """
    with transaction.atomic():
        # Held while the email goes: whoever decides at this moment waits.
        step = lock(step_id)
        if step.status != FormalStepStatus.PROPOSED:
            return False
        today = timezone.localdate(now)
        people = deciding.with_deputies(
            FORMAL_STEP.who_can(step, "issue"), today, but=step.proposed_by_id
        )
        decide_by = deciding.decide_by(step.proposed_at)
        context = {"step": step, "decide_by": decide_by, "is_late": today > decide_by}
        message = EmailMessage(
            subject="A formal step is waiting for your decision",
            body=render_to_string("formal_steps/mail/decide.txt", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            bcc=sorted({person.email for person in people if person.email}),
        )
        if not message.bcc:
            raise JobError("Nobody who can decide has an email address.", tries_again=False)
        try:
            message.send()
        except Exception as error:
            # Whatever kept it from going; its name says nothing exempt.
            raise JobError(f"The email failed: {type(error).__name__}") from error
        after = {"people": [person.pk for person in people]}
        events.record("formal_step.asked_to_decide", by=None, about=step, after=after)
        queue.add(
            names.ASK_TO_DECIDE_STEP,
            step.pk,
            about=step,
            due_at=deciding.ask_again_at(step.proposed_at, now),
        )
        return True
