from datetime import date, datetime
from typing import Any

from django.db import transaction

from audits import rules
from audits.models import Action, Band, BandRule, Visit
from audits.standing import lowest_cqc
from carequality import events
from carequality.models import User
from concerns.models import Concern


def set_band(visit: Visit, *, by: User, on: date, now: datetime) -> Band:
    """Give a service the band that its final audit and what else is known of it that day earn, in the caller's transaction."""
    service = visit.service
    assert visit.score is not None
    standing = rules.Standing(
        outcome=visit.outcome,
        score=visit.score,
        cqc=lowest_cqc([service.pk], on).get(service.pk, ""),
        overdue_actions=Action.objects.overdue_on(on).filter(service=service).count(),
        high_concerns=Concern.objects.open_on(on).filter(service=service).high_risk().count(),
    )
    banded = rules.band_for(standing, BandRule.current())
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


@transaction.atomic
def change_band_rule(number: int, *, by: User, **values: Any) -> BandRule:
    """Set what a band needs. Bands given already stay; the next audit of each service is banded by the new rule."""
    rule = BandRule.objects.select_for_update().filter(band=number).first() or BandRule(band=number)
    for name, value in values.items():
        setattr(rule, name, value)
    rule.save()
    after = {"band": number, **{name: str(value) for name, value in values.items()}}
    events.record("band_rule.changed", by=by, about=rule, after=after)
    return rule
