"""What an administrator sees of the wrong passwords for an account."""

from dataclasses import dataclass
from datetime import datetime

from core.guessing import rules
from core.models import User, WrongPasswords
from core.models.guessing import Counted


@dataclass(frozen=True)
class Guesses:
    """Wrong passwords for an account that still count: how many in all, when the last came, and
    until when whom a pause holds up (None: nobody).
    """

    failures: int
    last_at: datetime | None
    strangers_until: datetime | None
    known_until: datetime | None

    @property
    def holds_somebody_up(self) -> bool:
        """Whether a pause runs."""
        return bool(self.strangers_until or self.known_until)


def guesses_for(person: User, now: datetime) -> Guesses:
    """What is counted for an account now."""
    rows = [row for row in person.wrong_password_counts.all() if rules.failures_counted(row, now)]

    def until(*counted: Counted) -> datetime | None:
        ends = (
            row.paused_until
            for row in rows
            if row.counted in counted and rules.wait_left(row, now) and row.paused_until
        )
        return max(ends, default=None)

    return Guesses(
        failures=sum(row.failures for row in rows),
        last_at=max((row.last_at for row in rows), default=None),
        strangers_until=until(Counted.STRANGERS),
        known_until=until(Counted.BROWSER, Counted.INSIDE),
    )


def who_must_wait(now: datetime) -> set[int]:
    """The accounts for which a pause holds somebody up."""
    paused = WrongPasswords.objects.filter(
        person__isnull=False,
        paused_until__gt=now,
        paused_until__lte=now + rules.LONGEST_PAUSE,
    )
    return {person for person in paused.values_list("person_id", flat=True) if person}
