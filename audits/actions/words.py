"""Every version of what people wrote at a visit: answers, notes and the feedback sheet."""

from datetime import datetime

from audits.models import Answer, FeedbackSheet, LooseNote
from core import versions
from core.models import User

Row = Answer | LooseNote | FeedbackSheet
KEPT: dict[type[Row], tuple[str, ...]] = {
    Answer: ("value", "not_applicable", "evidence", "sources", "note"),
    LooseNote: ("text", "question_id"),
    FeedbackSheet: ("good", "change_now", "next_steps", "given_to"),
}


def keep_standing(row: Row) -> None:
    """Keep what stands before it is changed, where it was written before versions were kept.

    Call it with the visit held, before the row is changed.
    """
    if row.version and versions.latest(row) is None:
        keep(row, author=row.saved_by, now=row.saved_at)


def keep(row: Row, *, author: User, now: datetime) -> None:
    """Keep what was written as a version, under the row's own number."""
    versions.keep(row, KEPT[type(row)], by=author, now=now, number=row.version)
