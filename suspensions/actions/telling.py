"""Who is told, when and how: by e-mail through the worker with its outcome, or by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

from django.db import connections, transaction
from django.db.models import Q
from django.utils import timezone

from carequality import events
from carequality.models import User
from carequality.pdf import PdfError
from core.jobs import names, queue
from suspensions import mail, rules
from suspensions.actions.letters import write_letter
from suspensions.actions.record import ToTell, list_parties, lock, refuse_if, usual_parties
from suspensions.models import EVER_IN_FORCE, How, Party, PartyKind, Status, Suspension, Telling

# After so many failures a person tells them.
MOST_FAILURES = 3


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


def tell_partners(suspension_id: int, telling: str, kinds: Sequence[str] = ()) -> int:
    """Promise an e-mail to each party that waits and has an address; returns how many. The rest is told by hand.

    `kinds` empty: to every kind of party. A letter is written to the provider, and to whoever is told by hand.
    """
    with transaction.atomic():
        suspension = lock(suspension_id)
        if suspension.status not in EVER_IN_FORCE:
            return 0
        waiting = suspension.parties.waiting().filter(telling=telling)
        if kinds:
            waiting = waiting.filter(kind__in=kinds)
        by_hand = Q(email="") & ~Q(kind=PartyKind.OWN_TEAM)
        for party in waiting.filter(by_hand | Q(kind=PartyKind.PROVIDER), letters=None):
            write_letter(party, by=None, now=timezone.now())
        by_email = waiting.filter(outcome="").exclude(email="")
        for party in by_email:
            queue.add(names.TELL_PARTY, party.pk, about=suspension)
        return len(by_email)


def tell_party(party_id: int, *, now: datetime) -> bool:
    """Send one party its e-mail and record the outcome; says whether it went. A party already told is left alone.

    A failure is recorded and tried again, `MOST_FAILURES` times in all; then the page says that this party has to be told by
    hand. Sending and recording cannot be one step: the try is counted in a transaction of its own before the e-mail goes,
    so that after a crash between the two the next try finds it, sends again, and says that it may have arrived twice.
    """
    tries = _count_try(party_id, now)
    with transaction.atomic():
        party = _lock_party(party_id)
        if not party.is_waiting or party.failures >= MOST_FAILURES or not party.email:
            return False
        if party.next_try_at is not None and party.next_try_at > now:
            return False
        if party.outcome and party.next_try_at is None:
            return False
        # Every try that was counted before has either failed in the record or was cut off.
        cut_off = tries is not None and tries > party.failures + 1
        try:
            mail.to_party(party).send()
        except (SMTPRecipientsRefused, PdfError) as error:
            _failed(party, error, now, again=False)
        except (SMTPException, OSError) as error:
            _failed(party, error, now, again=True)
        else:
            party.told_at, party.how, party.next_try_at = now, How.EMAIL, None
            party.outcome = f"Sent to {party.email}"
            if cut_off:
                party.outcome += ". An earlier try was cut off, so it may have arrived twice"
        party.save()
        _told(party, by=None, at=now)
        return party.told_at is not None


def _count_try(party_id: int, now: datetime) -> int | None:
    """Count a try, committed at once on a connection of its own; None for a party that nothing has committed yet."""
    apart = connections.create_connection("default")
    try:
        with apart.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
            cursor.execute(
                "UPDATE suspensions_party SET tries = tries + 1 WHERE id = %s AND told_at IS NULL"
                " AND (next_try_at IS NULL OR next_try_at <= %s) RETURNING tries",
                [party_id, now],
            )
            found = cursor.fetchone()
            return found[0] if found else None
    finally:
        apart.close()


def _failed(party: Party, error: Exception, now: datetime, *, again: bool) -> None:
    party.failures = party.failures + 1 if again else MOST_FAILURES
    if party.failures < MOST_FAILURES:
        party.next_try_at = now + timedelta(minutes=5 * 3 ** (party.failures - 1))
        queue.add(names.TELL_PARTY, party.pk, due_at=party.next_try_at, about=party.suspension)
    else:
        party.next_try_at = None
    party.outcome = f"The e-mail failed: {type(error).__name__}, try {party.failures} of {MOST_FAILURES}"


@transaction.atomic
def tell_rest(suspension_id: int, *, by: User) -> Suspension:
    """Tell those of an urgent suspension who were not told at once, before it is confirmed."""
    suspension = lock(suspension_id)
    refuse_if(rules.why_not_tell_rest(suspension, by))
    events.record("suspension.rest_told", by=by, about=suspension)
    queue.add(names.TELL_PARTNERS, suspension.pk, Telling.SUSPENSION.value, about=suspension)
    return suspension


@transaction.atomic
def record_told(
    party_id: int, *, by: User, told_at: datetime, how: str, now: datetime, outcome: str = ""
) -> Party:
    """Record that a party was told by hand."""
    party = _lock_party(party_id)
    refuse_if(
        rules.why_not_record(party.suspension, by),
        f"{party.name} was told already." if party.told_at else None,
        rules.why_not_when(told_at, now, what="message"),
    )
    party.told_at, party.how, party.told_by, party.outcome, party.closed_reason = (
        told_at,
        how,
        by,
        outcome,
        "",
    )
    party.next_try_at = None
    party.save()
    if party.telling == Telling.SUSPENSION and party.suspension.status == Status.LIFTED:
        list_parties(party.suspension, Telling.LIFT, [ToTell(party.kind, party.name, party.email)])
    _told(party, by=by, at=told_at)
    return party


@transaction.atomic
def email_party(party_id: int, *, by: User, email: str) -> Party:
    """Send the e-mail to this address, also where an earlier one failed; its outcome is recorded when it has gone."""
    party = _lock_party(party_id)
    refuse_if(
        rules.why_not_record(party.suspension, by),
        f"{party.name} was told already." if party.told_at else None,
    )
    party.email, party.outcome, party.closed_reason = email, "", ""
    party.tries = party.failures = 0
    party.next_try_at = None
    party.save()
    events.record("suspension.party_emailed", by=by, about=party.suspension, after={"party": party.pk})
    queue.add(names.TELL_PARTY, party.pk, about=party.suspension)
    return party


@transaction.atomic
def close_party(party_id: int, *, by: User, reason: str) -> Party:
    """Record why a party need not be told."""
    party = _lock_party(party_id)
    refuse_if(
        rules.why_not_record(party.suspension, by),
        f"{party.name} was told already." if party.told_at else None,
    )
    party.closed_reason = reason
    party.save()
    events.record("suspension.party_closed", by=by, about=party.suspension, after={"party": party.pk})
    return party


@transaction.atomic
def add_party(suspension_id: int, *, by: User, party: ToTell) -> Party:
    """Add someone who has to be told of the suspension, or of its lift once it is lifted."""
    suspension = lock(suspension_id)
    lifted = suspension.status == Status.LIFTED
    telling = Telling.LIFT if lifted else Telling.SUSPENSION
    refuse_if(
        None if suspension.status == Status.PROPOSED and by.has_perm("suspensions.propose_suspension")
        else rules.why_not_record(suspension, by),
        f"{party.name} is on the list already."
        if suspension.parties.filter(telling=telling, kind=party.kind, name=party.name).exists()
        else None,
    )  # fmt: skip
    added = Party.objects.create(
        suspension=suspension, telling=telling, kind=party.kind, name=party.name, email=party.email
    )
    events.record("suspension.party_added", by=by, about=suspension, after={"party": added.pk})
    queue.add(names.TELL_PARTNERS, suspension.pk, telling.value, about=suspension)
    return added


def _lock_party(party_id: int) -> Party:
    """The party, held. Its suspension is read after that: a lift that held the party first is seen."""
    party = Party.objects.select_for_update(of=("self",)).get(pk=party_id)
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
