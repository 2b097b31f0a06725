"""Who is told, when and how: by e-mail through the worker with its outcome, or by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.db import connections, transaction
from django.db.models import Q, QuerySet

from core import events, locking
from core.jobs import names, queue
from core.jobs.queue import JobError
from core.models import User
from core.workflow import NotAllowed, requires
from documents.pdf import PdfError
from suspensions import mail
from suspensions.actions.letters import freeze_party_letter
from suspensions.actions.record import ToTell, list_parties, lock, usual_parties
from suspensions.models import (
    EVER_IN_FORCE,
    How,
    Party,
    PartyKind,
    Status,
    Suspension,
    Telling,
)
from suspensions.rules import steps
from suspensions.rules import telling as telling_rules
from suspensions.workflow.suspension import SUSPENSION

# What another try would not mend: the server knows no such recipient, the letter cannot be printed, or the address or a
# header is malformed (a UnicodeError is a ValueError).
BY_HAND: tuple[type[Exception], ...] = (SMTPRecipientsRefused, PdfError, ValueError)
NOT_SENT = "Not sent: tell them by hand"


class NotSentError(JobError):
    """A party's e-mail was not made or not sent: its job keeps this, and tries again until it is given up."""


@dataclass(frozen=True)
class ToldInput:
    """What is recorded of a party by hand: `told`, with when and how; `email`, with the address; or `close`, with the reason."""

    what: str
    told_at: datetime | None = None
    how: str = ""
    outcome: str = ""
    email: str = ""
    closed_reason: str = ""


def told_of(suspension: Suspension) -> list[ToTell]:
    """Everyone who was told of the suspension, held: an e-mail that is on its way ends first, and whom it reaches counts.

    One that was cut off may have arrived, and counts as well.
    """
    held = suspension.parties.select_for_update(of=("self",)).filter(telling=Telling.SUSPENSION)
    told = [party for party in held.order_by("pk") if party.told_at or party.tries > party.failures]
    # Who was told by hand then may have an address by now.
    known = {(party.kind, party.name): party.email for party in usual_parties(suspension.service)}
    return [
        ToTell(party.kind, party.name, party.email or known.get((party.kind, party.name), ""))
        for party in told
    ]


def to_be_told_of_lift(suspension: Suspension) -> None:
    """Everyone who was told of the suspension has to be told of its lift."""
    list_parties(suspension, Telling.LIFT, told_of(suspension))
    # Nobody is told now that it begins: what was still waiting has nothing left to say.
    suspension.parties.waiting().exclude(telling=Telling.LIFT).update(
        closed_reason="The suspension ended before they were told."
    )


def tell_partners(suspension_id: int, telling: str, kinds: Sequence[str] = (), *, now: datetime) -> int:
    """Promise an e-mail to each party that waits and has an address; returns how many. The rest is told by hand.

    `kinds` empty: to every kind of party. A letter is written to the provider, and to whoever is told by hand.
    """
    with transaction.atomic():
        suspension = lock(suspension_id)
        if suspension.status not in EVER_IN_FORCE:
            return 0
        waiting = _waiting(suspension, telling, kinds)
        by_hand = Q(email="") & ~Q(kind=PartyKind.OWN_TEAM)
        for party in waiting.filter(by_hand | Q(kind=PartyKind.PROVIDER), letters=None):
            freeze_party_letter(party, by=None, now=now)
        by_email = waiting.filter(outcome="").exclude(email="")
        for party in by_email:
            queue.add(names.TELL_PARTY, party.pk, about=suspension)
        return len(by_email)


def tell_party(party_id: int, *, now: datetime) -> bool:
    """Send one party its e-mail and record that it went; says whether it did. A party already told is left alone.

    Sending and recording cannot be one step: the try is counted in a transaction of its own before the e-mail goes, so that
    after a crash between the two the next try finds it, sends again, and says that it may have arrived twice. Raises
    `NotSentError`, whatever kept the e-mail from being made or sent: the job tries again, and the page says meanwhile that
    it failed. When the job is given up, `give_up_party` says what is to be done instead.
    """
    tries = _count_try(party_id)
    try:
        with transaction.atomic():
            party = _lock_party(party_id)
            if not party.is_waiting or not party.email:
                return False
            # Every try that was counted before has either failed in the record or was cut off.
            cut_off = tries is not None and tries > party.failures + 1
            _send(party)
            party.told_at, party.how, party.next_try_at = now, How.EMAIL, None
            party.outcome = f"Sent to {party.email}"
            if cut_off:
                party.outcome += ". An earlier try was cut off, so it may have arrived twice"
            party.save()
            _told(party, by=None, at=now)
            return True
    except NotSentError as failure:
        # The party's lock went with the transaction above; what calls this takes back all that it wrote.
        _count_failure(party_id, failure, now if failure.tries_again else None)
        raise


def _send(party: Party) -> None:
    """Raises `NotSentError`. An e-mail that no recipient is left for counts as not sent, though the backend is content."""
    try:
        sent = mail.to_party(party).send()
    except Exception as error:
        again = not isinstance(error, BY_HAND)
        raise NotSentError(f"The e-mail failed: {type(error).__name__}", tries_again=again) from error
    if not sent:
        raise NotSentError("The e-mail failed: the server took it for nobody")


def _count_try(party_id: int) -> int | None:
    """Count a try, whatever becomes of it; None for a party that nothing has committed yet."""
    return _apart(
        "UPDATE suspensions_party SET tries = tries + 1"
        " WHERE id = %s AND told_at IS NULL AND closed_reason = '' AND email <> '' RETURNING tries",
        [party_id],
    )


def _count_failure(party_id: int, failure: NotSentError, again_from: datetime | None) -> None:
    """Say on the party's row that its e-mail failed; `again_from` None: that it is to be told by hand."""
    _apart(
        "UPDATE suspensions_party SET failures = failures + 1, outcome = %s, next_try_at = %s"
        " WHERE id = %s AND told_at IS NULL AND closed_reason = '' RETURNING failures",
        [str(failure), again_from, party_id],
    )


def _apart(statement: str, values: list[Any]) -> int | None:
    """One statement, committed at once on a connection of its own; what it returns, or None when it found no row."""
    apart = connections.create_connection("default")
    try:
        with apart.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
            cursor.execute(statement, values)
            found = cursor.fetchone()
            return found[0] if found else None
    finally:
        apart.close()


def give_up_party(party_id: int, *, now: datetime) -> None:
    """The job that was to tell this party is given up: its row says so, and what to do. Safe to run twice."""
    with transaction.atomic():
        _give_up(_lock_party(party_id), now)


def give_up_partners(suspension_id: int, telling: str, kinds: Sequence[str] = (), *, now: datetime) -> None:
    """The job that was to promise their e-mails is given up: each that waits for one is told by hand. Safe to run twice."""
    with transaction.atomic():
        suspension = lock(suspension_id)
        waiting = _waiting(suspension, telling, kinds).filter(outcome="")
        for party_id in waiting.order_by("pk").values_list("pk", flat=True):
            _give_up(_lock_party(party_id), now)


def _give_up(party: Party, now: datetime) -> None:
    if not party.is_waiting or not party.email or party.outcome.startswith(NOT_SENT):
        return
    said = [NOT_SENT, party.outcome]
    if party.tries > party.failures:
        said.append("A try was cut off, so it may have arrived")
    party.outcome, party.next_try_at = ". ".join(each for each in said if each), None
    party.save()
    _told(party, by=None, at=now)


@requires(SUSPENSION["tell-rest"])
@transaction.atomic
def tell_rest(suspension_id: int, *, by: User) -> Suspension:
    """Tell those of an urgent suspension who were not told at once, before it is confirmed.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "tell-rest", by)
    events.record("suspension.rest_told", by=by, about=suspension)
    queue.add(names.TELL_PARTNERS, suspension.pk, Telling.SUSPENSION.value, about=suspension)
    return suspension


@requires(SUSPENSION["settle-party"])
@transaction.atomic
def settle_party(party_id: int, *, by: User, given: ToldInput, now: datetime) -> Party:
    """Record what became of a party: told by hand, to be sent an e-mail, or not to be told.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-told`, `when-missing`, `in-future`.
    """
    if given.what == "email":
        return email_party(party_id, by=by, email=given.email)
    if given.what == "close":
        return close_party(party_id, by=by, reason=given.closed_reason)
    if given.told_at is None:
        raise NotAllowed("when-missing", "Enter when they were told.", "told_at")
    return record_told(party_id, by=by, told_at=given.told_at, how=given.how, outcome=given.outcome, now=now)


@requires(SUSPENSION["settle-party"])
@transaction.atomic
def record_told(
    party_id: int, *, by: User, told_at: datetime, how: str, now: datetime, outcome: str = ""
) -> Party:
    """Record that a party was told by hand.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-told`, `in-future`.
    """
    party = _lock_open_party(party_id, by)
    steps.check_when(told_at, now, what="message", field="told_at")
    party.told_at, party.how, party.told_by = told_at, how, by
    party.outcome, party.closed_reason, party.next_try_at = outcome, "", None
    party.save()
    if party.telling == Telling.SUSPENSION and party.suspension.status == Status.LIFTED:
        list_parties(party.suspension, Telling.LIFT, [ToTell(party.kind, party.name, party.email)])
    _told(party, by=by, at=told_at)
    return party


@requires(SUSPENSION["settle-party"])
@transaction.atomic
def email_party(party_id: int, *, by: User, email: str) -> Party:
    """Send the e-mail to this address, also where an earlier one failed; its outcome is recorded when it has gone.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-told`.
    """
    party = _lock_open_party(party_id, by)
    party.email, party.outcome, party.closed_reason = email, "", ""
    party.tries = party.failures = 0
    party.next_try_at = None
    party.save()
    events.record("suspension.party_emailed", by=by, about=party.suspension, after={"party": party.pk})
    queue.add(names.TELL_PARTY, party.pk, about=party.suspension)
    return party


@requires(SUSPENSION["settle-party"])
@transaction.atomic
def close_party(party_id: int, *, by: User, reason: str) -> Party:
    """Record why a party need not be told. Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-told`."""
    party = _lock_open_party(party_id, by)
    party.closed_reason = reason
    party.save()
    events.record("suspension.party_closed", by=by, about=party.suspension, after={"party": party.pk})
    return party


@requires((steps.RECORD, steps.PROPOSE))
@transaction.atomic
def add_party(suspension_id: int, *, by: User, given: ToTell) -> Party:
    """Add someone who has to be told of the suspension, or of its lift once it is lifted; to a proposal, who proposes.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-listed`.
    """
    suspension = lock(suspension_id)
    if not (suspension.status == Status.PROPOSED and by.has_perm(steps.PROPOSE)):
        SUSPENSION.apply(suspension, "add-party", by)
    telling = Telling.LIFT if suspension.status == Status.LIFTED else Telling.SUSPENSION
    telling_rules.check_not_listed(suspension, telling, given.kind, given.name)
    added = Party.objects.create(
        suspension=suspension, telling=telling, kind=given.kind, name=given.name, email=given.email
    )
    events.record("suspension.party_added", by=by, about=suspension, after={"party": added.pk})
    queue.add(names.TELL_PARTNERS, suspension.pk, telling.value, about=suspension)
    return added


def _waiting(suspension: Suspension, telling: str, kinds: Sequence[str]) -> QuerySet[Party]:
    waiting = suspension.parties.waiting().filter(telling=telling)
    return waiting.filter(kind__in=kinds) if kinds else waiting


def _lock_open_party(party_id: int, by: User) -> Party:
    """The party, held, of which something can be recorded by hand. Raises `NotAllowed`: `wrong-state`, `already-told`."""
    party = _lock_party(party_id)
    SUSPENSION.check(party.suspension, "settle-party", by)
    telling_rules.check_not_told(party)
    return party


def _lock_party(party_id: int) -> Party:
    """The party, held. Its suspension is read after that: a lift that held the party first is seen."""
    party = locking.lock(Party, party_id)
    suspensions = Suspension.objects.select_related("service__provider", "unit")
    party.suspension = suspensions.get(pk=party.suspension_id)
    return party


def _told(party: Party, *, by: User | None, at: datetime) -> None:
    events.record(
        "suspension.told" if party.told_at else "suspension.telling_failed",
        by=by,
        about=party.suspension,
        after={"party": party.pk, "kind": party.kind, "telling": party.telling, "how": party.how},
        happened_at=at,
    )
