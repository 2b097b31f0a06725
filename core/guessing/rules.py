"""How long whoever guesses must wait. Nothing here writes or reads the clock."""

import math
from datetime import datetime, timedelta

from core.models.guessing import Counted, WrongPasswords
from core.workflow import NotAllowed

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
LET_IN_FOR = timedelta(hours=1)
TOLD_AGAIN_AFTER = timedelta(days=1)

# So many wrong passwords cost nothing; from then on each costs twice the wait of the one before.
# A whole council may sit behind one address and move to new machines in one morning; whoever is
# being signed in at that moment counts there too.
FREE = {
    Counted.STRANGERS: 5,
    Counted.BROWSER: 10,
    Counted.ADDRESS: 50,
    Counted.INSIDE: 5,
}
WORDS = {
    Counted.STRANGERS: "Too many wrong passwords were entered for this account.",
    Counted.BROWSER: "Too many wrong passwords were entered in this browser.",
    Counted.ADDRESS: "Too many wrong passwords came from your network.",
    Counted.INSIDE: "Too many wrong passwords were entered here.",
}


class TooManyWrong(NotAllowed):
    """`too-many-wrong`: no password is looked at before the wait is over, the right one neither."""

    def __init__(self, counted: Counted, wait: timedelta, field: str = "") -> None:
        sentence = f"{WORDS[counted]} Try again in {wait_in_words(wait)}."
        super().__init__("too-many-wrong", sentence, field)
        self.counted = counted
        self.wait = wait


def pause_after(counted: Counted, failures: int) -> timedelta:
    """How long nothing is looked at after so many wrong passwords; nothing while they are few."""
    over = failures - FREE[counted]
    if over < 0:
        return timedelta(0)
    return min(FIRST_PAUSE * 2 ** min(over, 10), LONGEST_PAUSE)


def failures_counted(row: WrongPasswords, now: datetime) -> int:
    """How many wrong passwords still count: none when a day has passed without another."""
    return 0 if now - row.last_at > FORGOTTEN_AFTER else row.failures


def wait_left(row: WrongPasswords, now: datetime) -> timedelta:
    """How much of the pause is left.

    A pause that would last longer than any was written by a clock that has been set back since: it
    is over, so that a server whose clock was wrong shuts nobody out for as long as it was wrong.
    """
    if row.paused_until is None:
        return timedelta(0)
    left = row.paused_until - now
    return left if timedelta(0) < left <= LONGEST_PAUSE else timedelta(0)


def is_let_in(row: WrongPasswords, now: datetime) -> bool:
    """Whether an administrator has let the person in, who then does not wait for others at their
    address.
    """
    until = row.let_in_until
    return until is not None and timedelta(0) < until - now <= LET_IN_FOR


def must_be_told(row: WrongPasswords, now: datetime) -> bool:
    """Whether the owner is to be sent a message: with the first pause, and once a day while it goes
    on.
    """
    if row.failures < FREE[Counted(row.counted)]:
        return False
    # One that was sent in the future was sent by a clock that was wrong.
    return (
        row.owner_told_at is None or not timedelta(0) <= now - row.owner_told_at < TOLD_AGAIN_AFTER
    )


def wait_in_words(wait: timedelta) -> str:
    """For example "2 minutes": whole minutes, rounded up, since the clock of whoever reads it may
    be wrong and ours may not be theirs.
    """
    minutes = max(1, math.ceil(wait / timedelta(minutes=1)))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
