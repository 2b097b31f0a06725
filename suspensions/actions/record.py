"""What every action does: lock, take a step, keep it in the history and in the event record."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import events, locking
from core.inputs import ReasonInput
from core.jobs import names, queue
from core.jobs.models import Job
from core.models import User
from core.workflow import requires
from formal_steps.actions.versions import new_version
from formal_steps.rules.involved import parts_taken
from notifications.models import RecipientKind, RegisteredRecipient, name_and_means
from providers.models import Contract, Funder, Service, ServiceUnit
from suspensions.models import Change, Decision, Recipient, Suspension
from suspensions.rules import waiting
from suspensions.rules.record import REASONS, parts_of
from suspensions.workflow.suspension import STEPS, SUSPENSION


@dataclass(frozen=True)
class ProposalRecord:
    """What a proposal says. `contract_ids` None means every contract of the service in force that
    day.
    """

    summary: str
    reasons: str = ""
    evidence: str = ""
    provider_notified_at: datetime | None = None
    provider_notified: str = ""
    provider_answer: str = ""
    welfare: str = ""
    meetings: str = ""
    quiet_weeks: int = 4
    ground: str = ""
    lead_officer_id: int | None = None
    contract_ids: tuple[int, ...] | None = None
    concern_ids: tuple[int, ...] = ()

    def plain(self) -> dict[str, Any]:
        """The columns, without what lies in tables of its own."""
        apart = ("contract_ids", "concern_ids")
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name not in apart
        }


@dataclass(frozen=True)
class RecipientInput:
    """Someone who has to be notified."""

    kind: str
    name: str
    email: str = ""

    @property
    def name_and_means(self) -> str:
        """Who they are, and whether an email reaches them or a person has to."""
        return name_and_means(self.name, self.email)


def lock(suspension_id: int) -> Suspension:
    """The suspension, held until the transaction ends: of any number of people who decide at once,
    one goes first.
    """
    return locking.lock(Suspension, suspension_id, "service")


def lock_service(service_id: int, unit_id: int | None) -> tuple[Service, ServiceUnit | None]:
    """The service, held: two proposals for it are decided one after the other, so that the second
    sees the first.
    """
    service = locking.lock(Service, service_id, "provider")
    return service, (ServiceUnit.objects.get(pk=unit_id) if unit_id else None)


@requires()
def record_transition(
    action: str,
    suspension: Suspension,
    *,
    by: User,
    at: datetime,
    now: datetime,
    reason: str = "",
    before: str = "",
    after: dict[str, Any] | None = None,
) -> None:
    """Write that step of the table to the history and to the event record; whoever takes it has
    been asked for the right.

    Raises `NotAllowed`: `permission-missing`.
    """
    step = STEPS[action]
    # `at` is when it was decided, perhaps by telephone; `now` when that is written down.
    Decision.objects.create(
        suspension=suspension,
        step=step,
        by=by,
        decided_at=at,
        in_force_from=suspension.in_force_from,
        recorded_at=now,
        reason=reason,
        took_part=parts_taken(suspension, by) if SUSPENSION[action].needs_seen else "",
    )
    events.record(
        f"suspension.{step}",
        by=by,
        about=suspension,
        before={"status": before} if before else {},
        after={"status": suspension.status, **(after or {})},
        happened_at=at,
    )
    # What nobody could be asked for is asked for no more once somebody has taken a step.
    queue.settle(Job.objects.about(suspension).of_kinds([names.ASK_TO_DECIDE.name]), now=now)
    for proposal in waiting.what_waits(suspension, ()):
        if action in ("propose", "propose-lift"):
            promise_to_ask(suspension, proposal.what, proposal.key)


def promise_to_ask(
    suspension: Suspension, what: str, key: str, *, due_at: datetime | None = None
) -> None:
    """Promise an email to those who can decide that proposal, once this transaction has
    committed.
    """
    queue.add(names.ASK_TO_DECIDE, suspension.pk, what, key, about=suspension, due_at=due_at)


# What stands on the list where the register has nobody of that kind yet.
USUAL = (
    (RecipientKind.CQC, "CQC"),
    (RecipientKind.ICB, "Integrated care board"),
    (RecipientKind.HEALTHWATCH, "Healthwatch"),
    (RecipientKind.OWN_TEAM, "Out of hours"),
    (RecipientKind.OWN_TEAM, "Brokerage"),
    (RecipientKind.OWN_TEAM, "Hospital discharge"),
    (RecipientKind.FAMILIES, "Residents and families"),
)


def usual_recipients(service: Service) -> list[RecipientInput]:
    """Who has to be notified of a suspension of this service: the provider, the register of
    recipients, each authority that pays for people there.

    Where the register has nobody of a kind, the usual ones stand, with the address last used for
    them.
    """
    contacts = list(RegisteredRecipient.objects.of(service).order_by("kind", "pk"))
    registered = {contact.kind for contact in contacts}
    found = [
        RecipientInput(
            RecipientKind.PROVIDER, str(service.provider), service.provider.contact_email
        )
    ]
    for kind, name in USUAL:
        if kind not in registered:
            last = (
                Recipient.objects.filter(kind=kind, name=name)
                .exclude(email="")
                .order_by("-pk")
                .first()
            )
            found.append(RecipientInput(kind, name, last.email if last else ""))
    found += [RecipientInput(contact.kind, contact.name, contact.email) for contact in contacts]
    placed = service.funded_people.filter(funder=Funder.AUTHORITY, people__gt=0)
    found += [RecipientInput(RecipientKind.AUTHORITY, each.name, each.email) for each in placed]
    # The last of a name counts: the register before the usual ones, whoever pays before both.
    return list({(recipient.kind, recipient.name): recipient for recipient in found}.values())


def list_recipients(
    suspension: Suspension,
    notification: str,
    recipients: Iterable[RecipientInput],
    *,
    change: Change | None = None,
) -> None:
    """Put them on the list of who is notified of that; whoever is on it already is left alone."""
    Recipient.objects.bulk_create(
        (
            Recipient(
                suspension=suspension,
                notification=notification,
                change=change,
                kind=recipient.kind,
                name=recipient.name,
                email=recipient.email,
            )
            for recipient in recipients
        ),
        # Two workers may list at once: the table keeps each recipient once.
        ignore_conflicts=True,
    )


def set_contracts_and_concerns(suspension: Suspension, record: ProposalRecord, day: date) -> None:
    """Put the record's contracts and concerns beside the suspension; only those of its own service
    count.
    """
    # What a form sends is narrowed to the service: ids of another one's are left out.
    contracts = Contract.objects.filter(service_id=suspension.service_id)
    if record.contract_ids is None:
        contracts = contracts.in_force_on(day)
    else:
        contracts = contracts.filter(pk__in=record.contract_ids)
    suspension.contracts.set(contracts)
    suspension.concerns.set(suspension.service.concerns.filter(pk__in=record.concern_ids))


@requires(SUSPENSION["complete"])
@transaction.atomic
def complete(
    suspension_id: int, *, by: User, given: ProposalRecord, seen: str, now: datetime
) -> Suspension:
    """Fill in or change the record, as it was `seen`, before the second person decides on it.
    Scope, kind and start stay as they are.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `decided-on`, `stale-version`.
    """
    suspension = lock(suspension_id)
    # The workflow first, under the lock: if it was decided meanwhile, nothing is changed any more.
    SUSPENSION.apply(suspension, "complete", by, now, seen)
    plain = given.plain()
    changed = sorted(name for name, value in plain.items() if getattr(suspension, name) != value)
    with new_version(suspension, parts_of, by=by, now=now):
        for name in changed:
            setattr(suspension, name, plain[name])
        if set(changed) & set(REASONS) and by.pk not in suspension.reasons_by:
            suspension.reasons_by = [*suspension.reasons_by, by.pk]
        suspension.save()
        set_contracts_and_concerns(suspension, given, timezone.localdate(now))
    events.record("suspension.completed", by=by, about=suspension, after={"changed": changed})
    return suspension


@requires(SUSPENSION["mark-public"])
@transaction.atomic
def mark_public(suspension_id: int, *, by: User, given: ReasonInput) -> Suspension:
    """Say that the name of this suspended service can be public, and why. Everything else about it
    stays exempt.

    Source: Local Government Act 1972, Schedule 12A: a name is exempt while the public interest in
    maintaining the exemption outweighs that in disclosing it, which a person weighs here.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "mark-public", by)
    suspension.is_public_name, suspension.public_name_by = True, by
    suspension.public_name_reason = given.reason
    suspension.save()
    events.record(
        "suspension.marked_public", by=by, about=suspension, after={"is_public_name": True}
    )
    return suspension


@requires(SUSPENSION["mark-exempt"])
@transaction.atomic
def mark_exempt(suspension_id: int, *, by: User) -> Suspension:
    """Make the name exempt again.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "mark-exempt", by)
    # The reason and who gave it stay: they answer for the time in which it was public.
    suspension.is_public_name = False
    suspension.save()
    events.record(
        "suspension.marked_exempt", by=by, about=suspension, after={"is_public_name": False}
    )
    return suspension
