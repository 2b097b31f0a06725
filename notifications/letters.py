"""Letters as accessible PDFs. The facts are frozen when a letter is asked for; the same facts make
the same bytes.
"""

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from core.dates import day_in_words
from core.models import CouncilProfile
from documents import pdf
from notifications.models import AbstractLetter, LetterKind

STYLE = "letter:letter.css"


PARTS = "notifications/letters/letter"


def html_of(letter: AbstractLetter) -> str:
    """The letter as the page that is printed: what it opens with depends on its kind.

    Reasons, evidence and the way to a review go to the provider alone: to everyone else they are
    exempt (Local Government Act 1972, Schedule 12A).
    """
    facts = letter.facts
    is_step = facts["kind"] == LetterKind.STEP
    return render_to_string(
        "notifications/letters/letter.html",
        {
            "letter": letter,
            "opening": f"{PARTS}/{LetterKind(facts['kind']).value}.html",
            "gives_reasons": facts["to_provider"]
            and facts["kind"] in (LetterKind.SUSPENSION, LetterKind.STEP),
            "requirements": f"{PARTS}/{'required' if is_step else 'criteria'}.html",
            "measure": "step" if is_step else "suspension",
            # Last, so that nothing above stands in for what was frozen.
            **facts,
        },
    )


def content_of(letter: AbstractLetter) -> bytes:
    """The file: as it was made, or made now from the frozen facts, the same bytes either way.

    Raises `pdf.PdfError`.
    """
    if letter.content is not None:
        return bytes(letter.content)
    return pdf.make(html_of(letter), assets=_assets())


def seal(content: bytes) -> str:
    """What shows later that a file is still the one that was made."""
    return hashlib.sha256(content).hexdigest()


@cache
def _assets() -> dict[str, pdf.Asset]:
    style = Path(settings.BASE_DIR) / "templates" / "notifications" / "letters" / "letter.css"
    return {STYLE: pdf.Asset("text/css", style.read_bytes())}


def head(name: str, now: datetime) -> dict[str, Any]:
    """What stands at the head and the foot of every letter: the council, who to ask, who it goes
    to, and the day.
    """
    council = CouncilProfile.current()
    return {
        "council": council.name if council else "The council",
        "team": council.team_name if council else "",
        "contact": [council.contact_name, council.contact_phone, council.contact_email]
        if council
        else [],
        "name": name,
        "written_on": day(timezone.localdate(now)),
        # The file's own dates come from here and not from the clock, so that it is the same bytes
        # whenever it is made.
        "stamp": timezone.localtime(now).replace(microsecond=0).isoformat(),
    }


def day(given: date | None) -> str:
    """A day as a letter says it; empty for none."""
    return day_in_words(given) if given else ""
