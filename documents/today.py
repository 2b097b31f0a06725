"""Today's card of files in which a virus was found after they had been added."""

from datetime import date, timedelta

from core.dates import day_in_words
from core.models import User
from core.today import TodayCard, TodayItem, today_card
from documents.models import ScanState, StoredFile

SHOWN_FOR = timedelta(days=14)
MOST = 8


@today_card(order=2)
def viruses_found(user: User, today: date) -> TodayCard | None:
    """None unless the scanner has destroyed what this person added of late."""
    files = StoredFile.objects.filter(
        added_by=user, scan=ScanState.INFECTED, scanned_at__date__gte=today - SHOWN_FOR
    ).order_by("-scanned_at")
    items = tuple(
        TodayItem(
            label=file.name,
            url="",
            note=f"Added on {day_in_words(file.added_at.date())}. We found {file.found} in it and"
            " destroyed it. Ask whoever sent it for another copy.",
            mark="Virus found",
            mark_colour="red",
        )
        for file in files[:MOST]
    )
    if not items:
        return None
    return TodayCard(title="Files with a virus", items=items, count=files.count(), urgent=True)
