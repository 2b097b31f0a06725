"""What every part of the story needs: the world, the register, the people, and the day."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from core.calendar import is_working_day
from demo.council import SHORT_NAME
from demo.people import Staff
from demo.register import Register
from demo.world import World
from providers.models import Contract, Service
from ratings.vocabulary import RatingWord

WORST_FIRST = (
    RatingWord.INADEQUATE,
    RatingWord.REQUIRES_IMPROVEMENT,
    RatingWord.GOOD,
    None,
    RatingWord.OUTSTANDING,
)


@dataclass
class DemoContext:
    world: World
    register: Register
    staff: Staff

    @property
    def today(self) -> date:
        return self.world.today

    def day(self, days_ago: int) -> date:
        """The working day that many days ago, or the last before it."""
        day = self.today - timedelta(days_ago)
        while not is_working_day(day):
            day -= timedelta(1)
        return day

    def day_ahead(self, days: int) -> date:
        """The working day that lies so many days ahead (or ago, if negative), or the first after
        it.
        """
        day = self.today + timedelta(days)
        while not is_working_day(day):
            day += timedelta(1)
        return day

    def worst_rating(self, number: int) -> RatingWord | None:
        """The worst rating that stands today of a service's location."""
        plan = self.register.planned[number]
        if plan.place is None:
            return None
        reports = [r for r in self.world.places[plan.place].reports if r.published_on <= self.today]
        return reports[-1].worst if reports else None

    @cached_property
    def contracts(self) -> dict[int, Contract]:
        return {contract.service_id: contract for contract in Contract.objects.all()}

    def contracted_since(self, service: Service) -> date | None:
        contract = self.contracts.get(service.pk)
        return contract.starts_on if contract else None

    @cached_property
    def neighbours(self) -> list[str]:
        from demo.council import AUTHORITIES

        return [name for name in AUTHORITIES if name != SHORT_NAME]
