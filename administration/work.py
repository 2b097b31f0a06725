"""For whom people stand in."""

from collections.abc import Collection
from datetime import date

from django.urls import reverse

from core.dates import day_in_words
from core.models import Cover, User
from core.work import Piece, Work, register_work


def held_by(people: Collection[User], day: date) -> list[Piece]:
    """Covers of today and later in which they are the deputy."""
    covers = Cover.objects.filter(deputy__in=people, ended_at=None, until_on__gte=day)
    return [
        Piece(
            label=f"Stands in for {cover.person}",
            url=reverse("set-cover"),
            note=f"{day_in_words(cover.from_on)} to {day_in_words(cover.until_on)}",
            holder=cover.deputy,
            since=cover.from_on,
        )
        for cover in covers.select_related("person", "deputy")
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
