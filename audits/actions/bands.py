"""The band that a final audit gives a service, and the council's rules of it.

Source: the council's own policy; bands decide how closely a service is watched and what it is paid.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from audits.audit_states import lowest_cqc
from audits.models import Action, Band, BandRule, Visit
from audits.permissions import READ
from audits.rules import bands
from concerns.models import Concern
from core import events
from core.models import User
from core.taken import refused_if_taken
from core.workflow import NotAllowed, requires


@dataclass(frozen=True)
class BandRuleInput:
    """What a service needs for a band; an empty rating of CQC's does not count."""

    outcome_at_least: str
    score_at_least: int
    cqc_at_least: str = ""
    no_overdue_actions: bool = False
    no_high_concerns: bool = False


# Whoever makes the rating final: at its end, or in moderation where the provider does not see
# drafts.
@requires(("audits.record_visit", "audits.moderate_audit"), *READ)
def set_band(visit: Visit, *, by: User, on: date, now: datetime) -> Band:
    """Give a service the band that its final audit and what else is known of it that day earn, in
    the caller's transaction.

    Earlier bands stay as rows, so that what was paid by them can be shown.

    Raises `NotAllowed`: `permission-missing`, `no-score`.
    """
    service = visit.service
    if visit.score is None:
        raise NotAllowed(
            "no-score", "This visit has no score, so it cannot give the service a band."
        )
    basis = bands.BandBasis(
        outcome=visit.outcome,
        score=visit.score,
        cqc=lowest_cqc([service.pk], on).get(service.pk, ""),
        overdue_actions=Action.objects.overdue_on(on).filter(service=service).count(),
        high_concerns=Concern.objects.open_on(on).filter(service=service).high_risk().count(),
    )
    banded = bands.band_for(basis, BandRule.current())
    # Newest first, as the model orders them.
    before = Band.objects.filter(service=service).first()
    band = Band.objects.create(
        service=service,
        visit=visit,
        band=banded.band,
        from_on=on,
        why=list(banded.why),
        set_at=now,
        set_by=by,
    )
    events.record(
        "service_band.set",
        by=by,
        about=band,
        before={"band": before and before.band},
        after={"band": banded.band},
    )
    return band


@requires("audits.change_procedure", "audits.view_visit")
@transaction.atomic
def change_band_rule(number: int, *, by: User, given: BandRuleInput) -> BandRule:
    """Set what a band needs. Bands already given stay; the next audit of each service is banded by
    the new rule.

    Raises `NotAllowed`: `permission-missing`, `taken` where two first change it at once.
    """
    # What comes with the product is no row until it is first changed.
    rule = BandRule.objects.select_for_update().filter(band=number).first() or BandRule(band=number)
    values = asdict(given)
    for name, value in values.items():
        setattr(rule, name, value)
    # Two who first change it at once: neither finds a row to hold.
    with refused_if_taken(
        f"Somebody else has just changed the rule of band {number}. Check it, then change it again."
    ):
        rule.save()
    after = {"band": number, **{name: str(value) for name, value in values.items()}}
    events.record("band_rule.changed", by=by, about=rule, after=after)
    return rule
