"""The email of a night's changes. It says only what CQC publishes."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from core.models import CouncilProfile
from ratings.cqc.attribution import ATTRIBUTION
from ratings.models import AlertDigest, LocationChange
from ratings.rules import change_in_words


def digest(digest: AlertDigest, changes: Sequence[LocationChange]) -> EmailMessage:
    """One person's changes since their last digest."""
    number = "1 change" if len(changes) == 1 else f"{len(changes)} changes"
    body = render_to_string(
        "ratings/mail/digest.txt",
        {
            "person": digest.person,
            "council": CouncilProfile.current(),
            "since": timezone.localtime(digest.noticed_from),
            "lines": [(change.location, change_in_words(change)) for change in changes],
            "attribution": ATTRIBUTION,
        },
    )
    return EmailMessage(
        subject=f"CQC: {number} about your services",
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[digest.person.email],
    )
