"""What is sent to a person about their own account. It says nothing of what they work on."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from core.models import CouncilProfile, User

SUBJECTS = {
    "guessed": "Wrong passwords for your carequality account",
    "unlocked": "You can sign in to carequality without waiting",
}


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
