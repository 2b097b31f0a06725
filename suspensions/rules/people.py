"""What a count of the people who live there, a welfare check or a meeting can say."""

from datetime import date, datetime

from django.utils import timezone

from core.workflow import NotAllowed

# The form says this by its field before the action is called.
MORE_SEEN = "People seen must not be more than the people living there"


def check_welfare_check(
    done_on: date, living_there: int, seen: int, next_on: date | None, today: date
) -> None:
    """Whether a welfare check can have been so.

    Raises `NotAllowed`: `in-future`, `more-seen-than-live`, `next-too-early`.
    """
    if done_on > today:
        raise NotAllowed(
            "in-future", "The date of the welfare check must be today or earlier.", "done_on"
        )
    if seen > living_there:
        raise NotAllowed("more-seen-than-live", f"{MORE_SEEN}.", "seen")
    if next_on and next_on <= done_on:
        raise NotAllowed("next-too-early", "The next check must be after this one.", "next_on")


def check_meeting(held_at: datetime, next_on: date | None, now: datetime) -> None:
    """Whether a meeting can have been held then.

    Raises `NotAllowed`: `in-future`, `next-too-early`.
    """
    if held_at > now:
        raise NotAllowed("in-future", "The time of the meeting must be in the past.", "held_at")
    if next_on and next_on <= timezone.localdate(held_at):
        raise NotAllowed("next-too-early", "The next meeting must be after this one.", "next_on")
