"""Work goes from one person to another: a piece of it, or all that a leaver had."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from administration import rules
from core import locking
from core.jobs import names, queue
from core.models import Handover, User
from core.work import WORK, held_by
from core.workflow import NotAllowed, requires

HAND_OVER = "core.hand_over_work"


@dataclass(frozen=True)
class HandOverInput:
    """Who has it from now on, and why, with what they need to know."""

    to_id: int
    reason: str


@dataclass(frozen=True)
class HandAllOverInput(HandOverInput):
    """The kinds of work that one person takes over from another."""

    kinds: Collection[str]


@requires(HAND_OVER, "core.read_exempt")
@transaction.atomic
def hand_over(work: str, pk: int, *, by: User, given: HandOverInput, now: datetime) -> Handover:
    """Give one piece of work to another person, who is told by email. Who had it before stays in
    its history.

    Raises `NotAllowed`: `permission-missing`, `cannot-hold`, `holds-already`, and what the action
    of that work raises.
    """
    to = User.objects.get(pk=given.to_id)
    made, about = _hand_over(work, pk, by, to, given.reason, now)
    queue.add(names.TELL_NEW_HOLDER, to.pk, {work: 1}, made.pk, about=about, asked_by=by, now=now)
    return made


@requires(HAND_OVER, "core.read_exempt")
@transaction.atomic
def hand_all_over(
    person_id: int, *, by: User, given: HandAllOverInput, now: datetime
) -> Counter[str]:
    """Give all that a person has in hand of these kinds to another, who is told in one email;
    returns how many pieces of each kind went. All of it goes, or none.

    Raises `NotAllowed` as `hand_over` does, and `nothing-held`.
    """
    person, to = User.objects.get(pk=person_id), User.objects.get(pk=given.to_id)
    went: Counter[str] = Counter()
    for found in held_by(person, timezone.localdate(now)):
        if found.work.name in given.kinds:
            for piece in found.pieces:
                _hand_over(found.work.name, piece.pk, by, to, given.reason, now)
                went[found.work.name] += 1
    if not went:
        raise NotAllowed("nothing-held", f"{person} has nothing of that in hand any more.", "kinds")
    queue.add(names.TELL_NEW_HOLDER, to.pk, dict(went), None, about=to, asked_by=by, now=now)
    return went


def _hand_over(
    work: str, pk: int, by: User, to: User, reason: str, now: datetime
) -> tuple[Handover, models.Model]:
    way = WORK[work].handing_over
    if way is None:
        raise NotAllowed("not-handed-over", "This work is not handed over from here.")
    # Held first, so that who had it before is who has it now.
    held = locking.lock(way.model, pk)
    before = way.holder(held)
    rules.check_hold(to, way.may_hold, before)
    way.give(pk, by, to, reason, now)
    made = Handover.objects.create(
        work=work,
        about_label=held._meta.label_lower,
        about_id=pk,
        from_person_id=before,
        to_person=to,
        by=by,
        at=now,
        reason=reason,
    )
    return made, held
