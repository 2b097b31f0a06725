"""The fictitious region: its services, its CQC locations and their whole history, the same every
time.

Everything follows from the number of services and the day: each place has a random stream of its
own. A place's history runs some weeks past that day, so that the stand-in CQC server has news every
night; who asks says as at which day. Django has no part in this.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from random import Random

from demo import inspections, names
from demo.council import AUTHORITIES, DISTRICTS, ELSEWHERE, SHORT_NAME
from demo.places import CARE_HOMES, Company, DemoLocation, PlannedService
from providers.vocabulary import ServiceType

SEED = "carequality"
# Of the whole region, for each service in the council's register.
LOCATIONS_PER_SERVICE = 1500 / 400
SLOTS = 100_000  # numbers kept for each authority
EVERYWHERE = AUTHORITIES | ELSEWHERE

# The service whose home has just changed hands: nobody has confirmed the new location yet.
UNCONFIRMED = {9}

DAY_CARE = "day_care"  # the register's type that CQC does not regulate
MIX: dict[str, float] = {
    ServiceType.NURSING_HOME: 0.14,
    ServiceType.RESIDENTIAL_HOME: 0.30,
    ServiceType.HOME_CARE: 0.21,
    ServiceType.SUPPORTED_LIVING: 0.155,
    ServiceType.EXTRA_CARE: 0.045,
    DAY_CARE: 0.13,
    ServiceType.SHARED_LIVES: 0.02,
}
ENDINGS: dict[str, tuple[str, ...]] = {
    ServiceType.HOME_CARE: ("Home Care", "Care at Home"),
    ServiceType.SUPPORTED_LIVING: ("Supported Living", "Support and Enablement"),
    ServiceType.EXTRA_CARE: ("Court Extra Care",),
    ServiceType.SHARED_LIVES: ("Shared Lives",),
    DAY_CARE: ("Day Centre", "Day Opportunities"),
}


@dataclass
class World:
    """`services` is how many the council's register holds; the region grows with it. `today` is the
    day of loading.
    """

    services: int
    today: date
    planned: list[PlannedService] = field(init=False, default_factory=list)
    places: dict[int, DemoLocation] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._names: set[str] = set()
        self._company_names: set[str] = set()
        self._companies: dict[str, list[Company]] = {}
        self._groups = [
            self._company(Random(f"{SEED}:group:{number}"), 990_000 + number, "Care Group")
            for number in range(max(3, self.services // 40))
        ]
        self._plan_register()
        self._plan_neighbours()

    @cached_property
    def by_location_id(self) -> dict[str, DemoLocation]:
        return {place.location_id: place for place in self.places.values()}

    @cached_property
    def companies(self) -> list[Company]:
        """Those with a service in the council's register."""
        return list({service.company.number: service.company for service in self.planned}.values())

    # The council's own

    def _plan_register(self) -> None:
        number = 0
        for kind, share in MIX.items():
            for index in range(max(1, round(self.services * share))):
                self._plan_service(number, kind, index)
                number += 1

    def _plan_service(self, number: int, kind: str, index: int) -> None:
        rng = Random(f"{SEED}:service:{number}:{kind}")
        older = rng.random() < {
            ServiceType.SUPPORTED_LIVING: 0.0,
            ServiceType.SHARED_LIVES: 0.1,
        }.get(ServiceType(kind) if kind != DAY_CARE else ServiceType.HOME_CARE, 0.72)
        # Some agencies give home care and supported living from one registered office: two
        # services, one location.
        shares = kind == ServiceType.SUPPORTED_LIVING and index % 8 == 5
        office = self._office_to_share() if shares else None
        company = office.company if office else self._choose_company(rng, SHORT_NAME)
        district = (
            number % len(DISTRICTS) if number < len(DISTRICTS) else rng.randrange(len(DISTRICTS))
        )
        name = self._name(rng, kind)
        opened_on = office.registered_on if office else self._registered_on(rng, kind, is_own=True)
        if number in UNCONFIRMED:
            opened_on = self.today - timedelta(45)
        place = None
        if office:
            place = office.number
        elif kind != DAY_CARE:
            place = number
            self._add_place(
                number, name, company, (ServiceType(kind),), SHORT_NAME, opened_on, rng, older
            )
        at = self.places.get(place) if place is not None else None
        if at and at.predecessor is not None:
            opened_on = self.places[at.predecessor].registered_on
        self.planned.append(
            PlannedService(
                number=number,
                name=name,
                company=company,
                kind=kind,
                is_for_older_people=older,
                district=district,
                address=at.address if at else names.address(rng),
                postcode=at.postcode if at else names.postcode(rng, 0),
                phone=at.phone if at else names.phone(rng),
                beds=at.beds if at and kind in CARE_HOMES else None,
                opened_on=opened_on,
                closed_on=at.deregistered_on if at else None,
                place=place,
            )
        )

    def _office_to_share(self) -> DemoLocation | None:
        """The next home care office that does not yet share, made into one that does."""
        for place in self.places.values():
            if place.types == (ServiceType.HOME_CARE,) and place.deregistered_on is None:
                both = (ServiceType.HOME_CARE, ServiceType.SUPPORTED_LIVING)
                return self._add_place(
                    place.number,
                    place.name,
                    place.company,
                    both,
                    place.authority,
                    place.registered_on,
                    Random(f"{SEED}:shared:{place.number}"),
                    place.is_for_older_people,
                )
        return None

    # The rest of the region and some similar councils, and homes of the county that the council
    # does not buy from

    def _plan_neighbours(self) -> None:
        total = max(len(AUTHORITIES) * 2, round(self.services * LOCATIONS_PER_SERVICE))
        bought = len(self.places)
        unbought = max(2, self.services // 25)
        for order, (authority, (share, _)) in enumerate(EVERYWHERE.items()):
            if authority == SHORT_NAME:
                numbers = range(self.services + 1000, self.services + 1000 + unbought)
            else:
                count = max(3, round((total - bought - unbought) * share))
                numbers = range(order * SLOTS, order * SLOTS + count)
            for number in numbers:
                self._plan_place(number, authority)

    def _plan_place(self, number: int, authority: str) -> None:
        rng = Random(f"{SEED}:place:{number}")
        regulated = [kind for kind in MIX if kind != DAY_CARE]
        kind = rng.choices(regulated, [MIX[one] for one in regulated])[0]
        types: tuple[ServiceType, ...] = (ServiceType(kind),)
        if kind == ServiceType.HOME_CARE and rng.random() < 0.12:
            types = (ServiceType.HOME_CARE, ServiceType.SUPPORTED_LIVING)
        older = kind != ServiceType.SUPPORTED_LIVING and rng.random() < 0.7
        name = self._name(rng, kind)
        company = self._choose_company(rng, authority)
        registered_on = self._registered_on(rng, kind, is_own=False)
        self._add_place(number, name, company, types, authority, registered_on, rng, older)

    # Parts

    def _add_place(
        self,
        number: int,
        name: str,
        company: Company,
        types: tuple[ServiceType, ...],
        authority: str,
        registered_on: date,
        rng: Random,
        older: bool,
    ) -> DemoLocation:
        is_own = authority == SHORT_NAME
        bought = is_own and number < self.services
        order = list(EVERYWHERE).index(authority)
        course = inspections.Course(
            types=types,
            registered_on=registered_on,
            today=self.today,
            leaning=EVERYWHERE[authority][1],
            # A few of the council's own go wrong, so that there is something to act on.
            is_troubled=bought and number % max(7, min(23, self.services // 12)) == 4,
            news=inspections.news_for(number, self.services) if bought else None,
        )
        reports = inspections.history(course, rng)
        deregistered_on = None
        if rng.random() < (0.13 if not bought else 0.5 if number % 19 == 17 else 0):
            deregistered_on = self.today - timedelta(rng.randint(0, 600 if bought else 2600))
            if deregistered_on <= registered_on + timedelta(90):
                deregistered_on = None
        lately = rng.random()
        beds = _beds(rng, types)
        place = DemoLocation(
            number=number,
            name=name,
            company=company,
            types=types,
            authority=authority,
            town=DISTRICTS[number % len(DISTRICTS)] if is_own else authority,
            address=names.address(rng),
            postcode=names.postcode(rng, order),
            phone=names.phone(rng),
            beds=beds,
            is_for_older_people=older,
            registered_on=registered_on,
            deregistered_on=deregistered_on,
            manager_absent_on=self.today - timedelta(rng.randint(5, 150))
            if lately < 0.06
            else None,
            dormant_from=self.today - timedelta(rng.randint(30, 300)) if lately > 0.985 else None,
            predecessor=None,
            reports=tuple(
                r for r in reports if not deregistered_on or r.published_on < deregistered_on
            ),
        )
        if (
            number % 17 == 9
            and registered_on > self.today - timedelta(2000)
            and not deregistered_on
        ):
            place = self._after_another(place, rng)
        self.places[number] = place
        return place

    def _after_another(self, place: DemoLocation, rng: Random) -> DemoLocation:
        """The same service had another owner before, and so another location, whose ratings this
        one inherits.
        """
        before = place.number + SLOTS // 2
        old_owner = self._company(rng, before, rng.choice(names.COMPANY_ENDINGS))
        opened_on = place.registered_on - timedelta(rng.randint(900, 2400))
        course = inspections.Course(
            types=place.types,
            registered_on=opened_on,
            today=self.today,
            leaning=EVERYWHERE[place.authority][1],
        )
        old = tuple(
            r
            for r in inspections.history(course, rng)
            if r.published_on < place.registered_on - timedelta(30)
        )
        self.places[before] = DemoLocation(
            number=before,
            name=place.name,
            company=old_owner,
            types=place.types,
            authority=place.authority,
            town=place.town,
            address=place.address,
            postcode=place.postcode,
            phone=place.phone,
            beds=place.beds,
            is_for_older_people=place.is_for_older_people,
            registered_on=opened_on,
            deregistered_on=place.registered_on,
            successor=place.number,
            reports=old,
        )
        return replace(place, predecessor=before)

    def _registered_on(self, rng: Random, kind: str, *, is_own: bool) -> date:
        # New agencies come often, and CQC takes its time.
        if rng.random() < (0.22 if kind == ServiceType.HOME_CARE else 0.05):
            return self.today - timedelta(rng.randint(40 if is_own else 2, 330))
        return self.today - timedelta(rng.randint(700, 4200))

    def _choose_company(self, rng: Random, authority: str) -> Company:
        known = self._companies.setdefault(authority, [])
        chance = rng.random()
        if chance < 0.3:
            return rng.choice(self._groups)
        if chance < 0.5 and known:
            return rng.choice(known)
        number = list(EVERYWHERE).index(authority) * SLOTS + len(known)
        company = self._company(rng, number, rng.choice(names.COMPANY_ENDINGS))
        known.append(company)
        return company

    def _company(self, rng: Random, number: int, ending: str) -> Company:
        name = _fresh(self._company_names, lambda: f"{names.coined(rng)} {ending}")
        return Company(number, name)

    def _name(self, rng: Random, kind: str) -> str:
        if kind in CARE_HOMES:
            # No home's name is part of another's, so that a paper's scan tells them apart.
            name = _fresh(self._names, lambda: f"{names.coined(rng)} {rng.choice(names.HOMES)}")
            return f"{name} Nursing Home" if kind == ServiceType.NURSING_HOME else name
        ending = rng.choice(ENDINGS[kind])
        return _fresh(self._names, lambda: f"{names.coined(rng)} {ending}")


def _fresh(taken: set[str], draw: Callable[[], str]) -> str:
    """A name that nobody has yet; numbered when the words run out."""
    name = draw()
    for _ in range(20):
        if name not in taken:
            break
        name = draw()
    base, count = name, 1
    while name in taken:
        count += 1
        name = f"{base} {count}"
    taken.add(name)
    return name


def _beds(rng: Random, types: tuple[ServiceType, ...]) -> int:
    if ServiceType.NURSING_HOME in types:
        return rng.randint(28, 90)
    if ServiceType.RESIDENTIAL_HOME in types:
        return rng.choice((6, 8, 12, 18, 24, 30, 36, 42, 48, 60))
    return 0
