"""The writers of how many people each funder pays for at a service."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core import events
from core.models import User
from core.workflow import requires
from providers import rules
from providers.models import (
    FundedPeople,
    Funder,
    Service,
)

CHANGE_FUNDED_PEOPLE = "providers.change_fundedpeople"


@dataclass(frozen=True)
class FundedPeopleInput:
    """How many people one funder pays for, as last counted; `name` says which authority or part of
    the NHS.
    """

    funder: str
    people: int
    counted_on: date
    name: str = ""
    email: str = ""


@requires(CHANGE_FUNDED_PEOPLE)
@transaction.atomic
def count_people(
    service_id: int, *, by: User, given: FundedPeopleInput, now: datetime
) -> FundedPeople:
    """Keep how many people at the service that funder pays for, as last counted. None left is
    counted as 0.

    Raises `NotAllowed`: `permission-missing`, `in-future`, `authority-missing`.
    """
    # The service is held, so that two counts of the same funder become one row and not a clash.
    service = Service.objects.select_for_update(of=("self",)).get(pk=service_id)
    rules.check_count(given.funder, given.name, given.counted_on, timezone.localdate(now))
    counted = asdict(given)
    funder, name = counted.pop("funder"), counted.pop("name").strip()
    # The council and the people themselves have no other name, whatever was typed.
    name = name if funder in (Funder.AUTHORITY, Funder.NHS) else ""
    held = FundedPeople.objects.filter(service=service, funder=funder)
    # Under another spelling the same people would be counted twice.
    same = held.filter(name=name).first() or held.filter(name_key__same_as=name).first()
    found, _new = FundedPeople.objects.update_or_create(
        service=service,
        funder=funder,
        name=same.name if same else name,
        defaults={**counted, "by": by},
    )
    events.record(
        "service.people_counted",
        by=by,
        about=service,
        after={"funded": found.pk, "people": given.people},
    )
    return found
