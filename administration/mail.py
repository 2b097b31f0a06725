"""What is sent to a person about their account, and of work that they take over. It names nothing
that they work on.
"""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from core.models import CouncilProfile, User

SUBJECTS = {
    "guessed": "Wrong passwords for your carequality account",
    "unlocked": "You can sign in to carequality without waiting",
}


def handed_over(to: User, what: Iterable[str]) -> EmailMessage:
    """Tell a person what they take over, by number and kind alone: what it is about is exempt, and
    is read after signing in.
    """
    body = render_to_string(
        "administration/mail/handed_over.txt",
        {"person": to, "what": list(what), "council": CouncilProfile.current()},
    )
    return EmailMessage(
        subject="Work has been handed over to you",
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to.email],
    )


def about_account(person: User, what: str) -> EmailMessage:
    """The email of that kind. It bears no link: whoever gets such emails is told to follow none."""
    body = render_to_string(
        f"administration/mail/{what}.txt", {"person": person, "council": CouncilProfile.current()}
    )
    return EmailMessage(
        subject=SUBJECTS[what],
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[person.email],
    )
