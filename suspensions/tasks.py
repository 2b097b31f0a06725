"""What the outbox calls. Each may run twice and does its work once."""

from django.utils import timezone

from suspensions import actions


def tell_partners(suspension_id: int, telling: str, kinds: tuple[str, ...] = ()) -> None:
    actions.tell_partners(suspension_id, telling, kinds, now=timezone.now())


def tell_party(party_id: int) -> None:
    actions.tell_party(party_id, now=timezone.now())


def ask_to_confirm(suspension_id: int) -> None:
    actions.ask_to_confirm(suspension_id, now=timezone.now())


def make_letter(letter_id: int) -> None:
    actions.make_letter(letter_id, now=timezone.now())
