"""What the page of one service shows: each app's part, or None where the person has no right to
it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from audits.audit_states import ReAudit, re_audits
from audits.models import Action, Visit
from concerns.models import Concern
from core.dates import day_in_words
from core.models import User
from core.permissions import may_open
from formal_steps.models import FormalStep
from oversight.ratings import ServiceRatings, ratings_of_service
from oversight.timeline import TimelineEntry, timeline
from oversight.visible_sections import VisibleSections
from providers.models import Contract, Service, ServiceUnit
from ratings.models import FoodRating
from suspensions.models import Suspension

CONTRACT_HEADINGS = "Reference|Framework and lot|Districts|Dates"


@dataclass(frozen=True)
class NextThing:
    """Something that the person may do for this service now."""

    label: str
    url: str


@dataclass(frozen=True)
class ServicePage:
    sections: VisibleSections
    caption: str
    is_closed: bool
    may_change: bool
    facts: Sequence[tuple[str, object]]
    contracts: Sequence[Contract]
    units: Sequence[ServiceUnit]
    cqc: ServiceRatings | None
    find_location_url: str
    suspensions_in_force: Sequence[Suspension]
    suspensions: Sequence[Suspension]
    formal_steps: Sequence[FormalStep]
    visits: Sequence[Visit]
    actions: Sequence[Action]
    concerns: Sequence[Concern]
    timeline: Sequence[TimelineEntry]
    next_things: Sequence[NextThing]
    # The audit that the last rating asks for within a year, for those who see audits.
    again: ReAudit | None = None
    not_linked: str = "This service is not linked to a CQC location today."

    @property
    def can_change(self) -> bool:
        """Whether the person may add to the service: nobody adds to one that is closed."""
        return self.may_change and not self.is_closed

    @property
    def contract_headings(self) -> str:
        """The headings of the table of contracts, parted by `|`."""
        return f"{CONTRACT_HEADINGS}|Tasks" if self.may_change else CONTRACT_HEADINGS


def service_page(service: Service, user: User, day: date) -> ServicePage:
    sections = VisibleSections.of(user)
    is_closed = service.is_closed_on(day)
    suspensions = service.suspensions.select_related("service", "unit", "lead_officer")
    visits = service.visits.select_related("officer")
    actions = service.actions.unverified().select_related("officer")
    concerns = service.concerns.select_related("allocated_to")
    sought = service.postcode or service.name
    in_force = list(suspensions.in_force_on(day)) if sections.suspensions else []
    return ServicePage(
        sections=sections,
        caption=f"{service.get_service_type_display()}, {service.district}",
        is_closed=is_closed,
        may_change=user.has_perm("providers.change_service"),
        facts=facts(service),
        contracts=list(service.contracts.prefetch_related("districts")),
        units=list(service.units.all()),
        cqc=ratings_of_service(service, day) if sections.ratings else None,
        find_location_url=f"{reverse('ratings:list-locations')}?{urlencode({'q': sought})}",
        suspensions_in_force=in_force,
        suspensions=list(suspensions) if sections.suspensions else [],
        formal_steps=list(service.formal_steps.all()) if sections.formal_steps else [],
        visits=list(visits) if sections.audits else [],
        again=_due_again(service, day) if sections.audits and not is_closed else None,
        actions=list(actions) if sections.audits else [],
        concerns=list(concerns) if sections.concerns else [],
        timeline=timeline(service, sections),
        next_things=next_things(
            service,
            user,
            is_closed=is_closed,
            # Nothing is left to suspend at once only where the whole is suspended in full.
            is_suspended=any(not each.unit_id for each in in_force),
            in_full=any(not each.unit_id and each.is_firm for each in in_force),
        ),
    )


def _due_again(service: Service, day: date) -> ReAudit | None:
    # From the first day that a rating can have set, to a year ahead.
    found = re_audits(date.min, day + timedelta(days=365), [service.pk])
    return found[0] if found else None


def facts(service: Service) -> list[tuple[str, object]]:
    beds = [("Beds", service.beds)] if service.is_care_home else []
    food = (
        [("Food hygiene", FoodRating.objects.latest_for(service) or "Not matched")]
        if service.is_care_home
        else []
    )
    return [
        ("Client group", service.get_client_group_display()),
        *beds,
        ("Address", ", ".join(part for part in (service.address, service.postcode) if part)),
        ("District", service.district),
        ("Locality", service.locality),
        ("Telephone", service.phone),
        ("Opened", day_in_words(service.opened_on) if service.opened_on else ""),
        ("Lead officer", service.lead_officer),
        *food,
    ]


# (what, URL name, whether the address names the service or its query does, whether only for an open
# service)
NEXT_THINGS = [
    ("Record a concern", "concerns:add-concern", False, False),
    ("Log a contact", "concerns:log-contact", False, False),
    ("Plan a visit", "audits:plan-visit", False, True),
    ("Agree an action", "audits:agree-action", False, True),
]
PROPOSE = ("Propose a suspension", "suspensions:propose-for-service", True, True)
AT_ONCE = ("Suspend at once", "suspensions:suspend-service-now", True, True)


def next_things(
    service: Service, user: User, *, is_closed: bool, is_suspended: bool, in_full: bool
) -> list[NextThing]:
    """What this person may do for the service now. One that is suspended as a whole is changed by
    two people, and is suspended in full at once unless it is already.
    """
    things = [*NEXT_THINGS]
    things += [] if is_suspended else [PROPOSE]
    things += [] if in_full else [AT_ONCE]
    found = []
    for label, name, in_path, only_open in things:
        url = (
            reverse(name, args=[service.pk]) if in_path else f"{reverse(name)}?service={service.pk}"
        )
        if may_open(user, url) and not (only_open and is_closed):
            found.append(NextThing(label, url))
    return found
