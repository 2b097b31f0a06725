"""Whoever checks a password goes through here, so that guessing is slow everywhere.

An attempt is counted as wrong *before* the password is looked at, and forgiven when it was right:
of a thousand guesses that come at the same moment, no more are looked at than of a thousand that
come one by one, and no lock is held while a password is hashed.

Rows are locked in the order of their keys, and a person's row before any of theirs.
"""

import ipaddress
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from core import events
from core.guessing import browsers, rules
from core.jobs import names, queue
from core.middleware import client_address
from core.models import User
from core.models.guessing import Counted, WrongPasswords

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attempt:
    """A password that is about to be looked at, and is counted as wrong until it proves right.

    `where` says on the record which page asked; `own` counts for the account or the browser,
    `address` for where a strange browser is. `pauses` are those before it, by row.
    """

    where: str
    person: User | None
    own: WrongPasswords
    address: WrongPasswords | None
    pauses: dict[int, datetime | None]
    network: str


def begin_sign_in(
    request: HttpRequest, username: str, person: User | None, *, now: datetime
) -> Attempt:
    """Count an attempt to sign in with that name, which may be no account's.

    Raises `TooManyWrong`.
    """
    known = browsers.known_as(request, person) if person else ""
    if known:
        return _begin("sign-in", person, [_row(Counted.BROWSER, known, person, now)], now)
    # A name that is no account's is slowed alike: the page does not tell which there are.
    account = f"person {person.pk}" if person else f"name {username.casefold()}"
    network = network_of(client_address(request))
    rows = [
        _row(Counted.STRANGERS, account, person, now),
        _row(Counted.ADDRESS, network, None, now),
    ]
    return _begin("sign-in", person, rows, now, network)


def begin_inside(person: User, *, where: str, now: datetime) -> Attempt:
    """Count an attempt of someone who is signed in and is asked for their password again.

    Raises `TooManyWrong`.
    """
    return _begin(where, person, [_row(Counted.INSIDE, str(person.pk), person, now)], now)


def check_own_password(
    person: User, password: str, *, where: str, field: str = "", now: datetime
) -> bool:
    """Whether it is the password of a person who is signed in: for every page that asks for it
    again.

    Call it outside of a transaction that may be taken back: what was counted must stay. Raises
    `TooManyWrong`, about `field`.
    """
    try:
        attempt = begin_inside(person, where=where, now=now)
    except rules.TooManyWrong as refusal:
        raise rules.TooManyWrong(refusal.counted, refusal.wait, field) from refusal
    if person.check_password(password):
        forgive(attempt)
        return True
    keep(attempt, now=now)
    return False


@transaction.atomic
def forgive(attempt: Attempt) -> None:
    """The password was right: the account's or the browser's count begins anew.

    The address is forgiven what this account had cost it and no more, so that nobody clears it for
    guesses at others by signing in to their own.
    """
    rows = _lock([attempt.own.key, *([attempt.address.key] if attempt.address else [])])
    own = rows.get(attempt.own.key)
    forgiven = own.failures if own else 1
    if own:
        own.failures, own.paused_until, own.refused = 0, None, 0
        own.save()
    address = rows.get(attempt.address.key) if attempt.address else None
    if address and attempt.address:
        if address.paused_until == attempt.address.paused_until:
            # Nobody has failed there since: the pause is this attempt's own.
            address.paused_until = attempt.pauses[address.pk]
        address.failures = max(0, address.failures - forgiven)
        address.save()


@transaction.atomic
def keep(attempt: Attempt, *, now: datetime, code: str = "wrong-password") -> None:
    """The password was wrong: record it, and tell the owner when it begins to look like guessing.

    Neither the password nor a name that is no account's is kept: people type passwords there.
    """
    person = attempt.person
    if person and attempt.own.failures >= rules.FREE[Counted(attempt.own.counted)]:
        _tell_owner(person, attempt, now)
    about = person or attempt.address or attempt.own
    _record("failed", attempt.where, about, attempt.own, now, {"why": code})
    _log(code, person, attempt.network)


def let_in(person: User, *, now: datetime) -> None:
    """End every pause of a person's account, and for an hour that of their address for them too.

    The caller holds the person's row, in a transaction.
    """
    # Made where there is none yet, since it says that the address does not matter for a while.
    strangers = _row(Counted.STRANGERS, f"person {person.pk}", person, now)
    _hold([strangers])
    for row in WrongPasswords.objects.select_for_update().filter(person=person).order_by("key"):
        row.failures, row.paused_until, row.refused = 0, None, 0
        if row.counted == Counted.STRANGERS:
            row.last_at, row.let_in_until = now, now + rules.LET_IN_FOR
        row.save()


def tidy(*, now: datetime) -> int:
    """Delete what is forgotten; returns how many rows. What lies far in the future is of a clock
    that was wrong.
    """
    old = Q(last_at__lt=now - rules.FORGOTTEN_AFTER) | Q(last_at__gt=now + rules.FORGOTTEN_AFTER)
    return WrongPasswords.objects.filter(old).delete()[0]


def network_of(address: str) -> str:
    """Where an address belongs: an IPv4 address alone, of IPv6 the 64 bits that one customer is
    given whole. What is no address is one place for all.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _row(counted: Counted, name: str, person: User | None, now: datetime) -> WrongPasswords:
    key = salted_hmac(f"core.guessing.{counted}", name, algorithm="sha256").hexdigest()
    return WrongPasswords(counted=counted, key=key, person=person, last_at=now)


def _lock(keys: Sequence[str]) -> dict[str, WrongPasswords]:
    rows = WrongPasswords.objects.select_for_update(of=("self",)).filter(key__in=keys)
    return {row.key: row for row in rows.order_by("key")}


def _hold(wanted: Sequence[WrongPasswords]) -> dict[str, WrongPasswords]:
    """The rows of these keys, locked; those that are missing are made."""
    new = sorted(wanted, key=lambda row: row.key)
    while True:
        WrongPasswords.objects.bulk_create(new, ignore_conflicts=True)
        held = _lock([row.key for row in new])
        # One that stood there may just have been tidied away.
        if len(held) == len(new):
            return held


def _begin(
    where: str,
    person: User | None,
    wanted: Sequence[WrongPasswords],
    now: datetime,
    network: str = "",
) -> Attempt:
    with transaction.atomic():
        held = _hold(wanted)
        own, *others = (held[row.key] for row in wanted)
        address = others[0] if others else None
        refusing = _refusing(own, address, now)
        if refusing is None:
            pauses = {row.pk: row.paused_until for row in held.values()}
            for row in held.values():
                _count(row, now)
        else:
            refusing.refused += 1
            refusing.save(update_fields=["refused"])
            if _is_power_of_ten(refusing.refused):
                about = person or address or own
                _record("refused", where, about, refusing, now, {"times": refusing.refused})
    if refusing is not None:
        _log("too-many-wrong", person, network)
        raise rules.TooManyWrong(Counted(refusing.counted), rules.wait_left(refusing, now))
    return Attempt(where, person, own, address, pauses, network)


def _refusing(
    own: WrongPasswords, address: WrongPasswords | None, now: datetime
) -> WrongPasswords | None:
    if rules.wait_left(own, now):
        return own
    if address and not rules.is_let_in(own, now) and rules.wait_left(address, now):
        return address
    return None


def _count(row: WrongPasswords, now: datetime) -> None:
    row.failures = rules.failures_counted(row, now) + 1
    row.last_at, row.refused = now, 0
    pause = rules.pause_after(Counted(row.counted), row.failures)
    row.paused_until = now + pause if pause else None
    row.save()


def _is_power_of_ten(number: int) -> bool:
    # The record is kept for good: a machine that goes on asking must not fill it.
    return str(number).rstrip("0") == "1"


def _tell_owner(person: User, attempt: Attempt, now: datetime) -> None:
    # Its key is left alone: a row that refers to it can be made meanwhile.
    owner = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not owner.is_active:
        return
    row = _lock([attempt.own.key]).get(attempt.own.key)
    # At the first pause they hear of all that led to it, then of each.
    is_first = attempt.own.failures == rules.FREE[Counted(attempt.own.counted)]
    owner.wrong_passwords += attempt.own.failures if is_first else 1
    owner.wrong_passwords_at = now
    owner.save(update_fields=["wrong_passwords", "wrong_passwords_at"])
    if row and rules.must_be_told(row, now):
        row.owner_told_at = now
        row.save(update_fields=["owner_told_at"])
        queue.add(names.TELL_OWNER, owner.pk, "guessed", about=owner, now=now)


def _record(
    what: str,
    where: str,
    about: User | WrongPasswords,
    row: WrongPasswords,
    now: datetime,
    more: dict[str, object],
) -> None:
    person = about if isinstance(about, User) else None
    events.record(
        f"person.password_{what}" if person else f"sign_in.password_{what}",
        by=person if row.counted == Counted.INSIDE else None,
        about=about,
        after={
            "where": where,
            "counted": row.counted,
            "failures": row.failures,
            "until": row.paused_until.isoformat() if row.paused_until else None,
            **more,
        },
        happened_at=now,
    )


def _log(what: str, person: User | None, network: str) -> None:
    # The line bears the request's id, as the event does: so the address, which is a person's data
    # and not for a record that is kept for good, can be found while the log is kept.
    logger.info(
        "Password refused (%s): account %s, from %s",
        what,
        person.pk if person else "none",
        network or "a known browser",
    )
