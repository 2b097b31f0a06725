"""Letters: made once by the worker, never changed."""

from datetime import datetime

from django.db import transaction

from core import locking
from documents.pdf import PdfError
from notifications import letters
from notifications.models import AbstractLetter

NOT_MADE = "The letter could not be made. Write a new letter here, or send one yourself"


def make(kind: type[AbstractLetter], letter_id: int, *, now: datetime) -> bool:
    """Make the file of a letter, once; says whether there is one. What cannot be printed is said on
    the page.
    """
    with transaction.atomic():
        # Held while it is printed: a second worker waits, and finds the file.
        letter = locking.lock(kind, letter_id)
        # Made once, however often the job runs: the file that somebody has read is never replaced.
        if letter.content is not None:
            return True
        try:
            content = letters.content_of(letter)
        except PdfError as error:
            # Not raised: the facts are frozen, so that another try would fail alike. The job ends,
            # and the page says it.
            letter.failed = str(error)
        else:
            letter.content, letter.sha256 = content, letters.seal(content)
            letter.made_at, letter.failed = now, ""
        letter.save()
        return letter.content is not None


def give_up(kind: type[AbstractLetter], letter_id: int) -> None:
    """The worker has given up: the page says so in place of "being made". Safe to run twice."""
    with transaction.atomic():
        letter = locking.lock(kind, letter_id)
        # What is said already, or has been made in the meantime, stays.
        if letter.content is None and not letter.failed:
            letter.failed = NOT_MADE
            letter.save()
