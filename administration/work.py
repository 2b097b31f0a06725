"""For whom people stand in."""

from datetime import date

from django.urls import reverse

from core.dates import day_in_words
from core.models import Cover, User
from core.work import Piece, Work, register_work


def held_by(person: User, day: date) -> list[Piece]:
    """Covers of today and later in which the person is the deputy."""
    covers = Cover.objects.filter(deputy=person, ended_at=None, until_on__gte=day)
    return [
        Piece(
            label=f"Stands in for {cover.person}",
            url=reverse("set-cover"),
            note=f"{day_in_words(cover.from_on)} to {day_in_words(cover.until_on)}",
            holder=person,
            since=cover.from_on,
        )
        for cover in covers.select_related("person")
    ]


register_work(
    Work(
        "cover",
        "time as a deputy",
        "times as a deputy",
        (),
        held_by=held_by,
        instead="End the cover, then record who stands in from now on.",
    ),
    order=80,
)
