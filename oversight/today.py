"""Today's cards of the team's late work, and of what people who have left still have in hand."""

from datetime import date
from itertools import islice

from django.urls import reverse

from core.dates import day_in_words
from core.models import User
from core.today import TodayCard, TodayItem, today_card
from core.work import Piece, Pieces, held_by_each, late_on

HAND_OVER = ("core.hand_over_work", "core.read_exempt")
OF_A_KIND = 2
MOST = 12


@today_card(order=27)
def late_work(user: User, today: date) -> TodayCard | None:
    """What is late of the whole team's work, for whoever can hand it over: the oldest of each kind,
    so that many of one do not hide the others.
    """
    if not user.has_perms(HAND_OVER):
        return None
    found = late_on(today, user)
    items = [_item(piece, kind) for kind in found for piece in islice(kind.pieces, OF_A_KIND)]
    return TodayCard(
        title="The team’s late work",
        items=tuple(items[:MOST]),
        count=sum(len(kind.pieces) for kind in found),
        more_url=reverse("oversight:list-late-work"),
        empty="Nothing of the team’s work is late.",
    )


def _item(piece: Piece, kind: Pieces) -> TodayItem:
    return TodayItem(
        label=piece.label,
        url=piece.url,
        note=". ".join(filter(None, [kind.work.late_title, since_in_words(piece)])),
        act_label="Hand over" if piece.work else "",
        act_url=hand_over_url(piece),
    )


def since_in_words(piece: Piece) -> str:
    """Who has it, and since when: `Ana Bell, since 3 November 2026`."""
    # What is to be decided is in nobody's hands: any other manager may decide it.
    who = str(piece.holder or ("Nobody" if piece.work else ""))
    since = f"since {day_in_words(piece.since)}" if piece.since else ""
    return ", ".join(filter(None, [who, since if who else since.capitalize()]))


def hand_over_url(piece: Piece) -> str:
    """Where it is handed over; empty where it is nobody's."""
    if not piece.work:
        return ""
    return reverse("oversight:hand-over", args=[piece.work, piece.pk])


@today_card(order=28)
def work_of_leavers(user: User, today: date) -> TodayCard | None:
    """People whose account is closed and who still have work in hand; None where there is none."""
    if not user.has_perms(HAND_OVER):
        return None
    left = with_work_left(today)
    if not left:
        return None
    items = tuple(
        TodayItem(
            label=str(person),
            url=reverse("oversight:view-work", args=[person.pk]),
            note=f"Their account is closed. In hand: {', '.join(k.in_words for k in kinds)}",
        )
        for person, kinds in left[:MOST]
    )
    return TodayCard("Work of people who have left", items, len(left), urgent=True)


def with_work_left(today: date) -> list[tuple[User, list[Pieces]]]:
    """Everyone whose account is closed with the work that is still in their hands and can be handed
    over.
    """
    closed = list(User.objects.filter(is_active=False).order_by("name_key"))
    held = held_by_each(closed, today)
    return [(person, held[person.pk]) for person in closed if person.pk in held]
