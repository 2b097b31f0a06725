"""What CQC has said of the region, as the nightly reading would have brought it: payload by
payload, night by night.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain, pairwise

from django.utils import timezone

from demo import payloads
from demo.council import SHORT_NAME
from demo.people import Staff
from demo.places import DemoLocation
from demo.record import append, at, event
from demo.register import Register
from demo.world import UNCONFIRMED, World
from providers.models import Service
from ratings.actions import alarms
from ratings.actions.first_readings import apply_first_readings
from ratings.actions.locations import apply_location
from ratings.cqc.parse import parse_location
from ratings.models import RawPayload, RunKind, RunState, ServiceLocation, SyncItem, SyncRun

BEGAN = 760  # days ago: the first reading, which brings each location's whole history
NIGHTLY = (
    30  # days ago: since then each night is kept; before it, one reading a month stands for all
)
NIGHT = (4, 10)  # when a reading begins
JUST_NOW = timedelta(minutes=5)


class Reading:
    """Readings one after the other; keeps each location's last payload, as the real ones do."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.kept: dict[str, RawPayload] = {}

    def run(self, kind: RunKind, night: date, found: Iterable[payloads.Payload]) -> SyncRun:
        """A finished run of that night over these payloads."""
        due_at = at(night, *NIGHT)
        # Who loads it before dawn has one that ended just now, and tonight's is still to come.
        begun_at = min(due_at, timezone.now() - JUST_NOW)
        run = SyncRun.objects.create(
            kind=kind,
            state=RunState.FINISHED,
            night=night if begun_at == due_at else None,
            asked_at=begun_at,
            started_at=begun_at,
            window_from=None if kind is RunKind.FULL else begun_at - timedelta(4),
            window_until=begun_at,
            listed_at=begun_at,
            times_begun=1,
        )
        by_whether_held: dict[bool, list[payloads.Payload]] = {True: [], False: []}
        for payload in found:
            by_whether_held[payload["locationId"] in self.kept].append(payload)
        first = [parse_location(payload) for payload in by_whether_held[False]]
        run.changes_found = len(apply_first_readings(first, noticed_at=begun_at, run=run))
        again = [parse_location(payload) for payload in by_whether_held[True]]
        for record in again:
            run.changes_found += len(apply_location(record, noticed_at=begun_at, run=run))
        alarms.note({one.location_id: one.alarms for one in (*first, *again)}, now=begun_at)
        items = [
            self._kept(run, payload, begun_at)
            for payload in (*by_whether_held[False], *by_whether_held[True])
        ]
        SyncItem.objects.bulk_create(items)
        run.requests = len(items) + 1 + len(items) // 1000
        run.finished_at = begun_at + timedelta(seconds=20 + len(items) // 10)
        run.save()
        return run

    def _kept(self, run: SyncRun, payload: payloads.Payload, begun_at: datetime) -> SyncItem:
        location_id = payload["locationId"]
        sha256, body = RawPayload.pack(payload)
        self.kept[location_id] = RawPayload(
            location_id=location_id, fetched_at=begun_at, sha256=sha256, body=body
        )
        return SyncItem(
            run=run, location_id=location_id, state=SyncItem.State.CHANGED, settled_at=begun_at
        )

    def keep(self) -> None:
        RawPayload.objects.bulk_create(self.kept.values(), batch_size=500)


def load(world: World, register: Register, staff: Staff) -> None:
    """Load two years of readings up to last night's, and say which location each service is.

    The county's own locations are followed from the beginning; the rest of the region joins when
    every night is kept, each with its whole history, which takes half as long and shows the same
    tables.
    """
    reading, links = Reading(world), Links(world, register, staff)
    ours = [place for place in world.places.values() if place.authority == SHORT_NAME]
    theirs = [place for place in world.places.values() if place.authority != SHORT_NAME]
    first = world.today - timedelta(BEGAN)
    reading.run(RunKind.FULL, first, payloads.as_at(world, ours, first - timedelta(1)))
    links.confirm(first)
    followed = ours
    for before, night in pairwise([first, *_nights(world.today)]):
        after, day = before - timedelta(1), night - timedelta(1)
        found = payloads.changed_between(world, followed, after, day)
        joins = (world.today - night).days == NIGHTLY
        if joins:
            found = chain(found, payloads.as_at(world, theirs, day))
            followed = [*ours, *theirs]
        if night == world.today:
            found = iter(_with_a_new_block(list(found), reading, ours[0]))
        reading.run(RunKind.FULL if joins else RunKind.CHANGES, night, found)
        links.confirm(night)
    reading.keep()


def _with_a_new_block(
    found: list[payloads.Payload], reading: Reading, place: DemoLocation
) -> list[payloads.Payload]:
    """Last night's payloads, one of them with a rating where none has stood before, as when CQC
    changes its framework.
    """
    changed = [one for one in found if one["locationId"] == place.location_id]
    payload = changed[0] if changed else reading.kept[place.location_id].payload()
    payload = payload | {"sectorFramework": {"overall": {"judgement": "Requires improvement"}}}
    return [one for one in found if one["locationId"] != place.location_id] + [payload]


def _nights(today: date) -> Iterator[date]:
    night = today - timedelta(BEGAN) + timedelta(30)
    while night < today - timedelta(NIGHTLY):
        yield night
        night += timedelta(30)
    for days_ago in range(NIGHTLY, -1, -1):
        yield today - timedelta(days_ago)


class Links:
    """Which location each service is, confirmed by an officer when CQC first showed it."""

    def __init__(self, world: World, register: Register, staff: Staff) -> None:
        self.world, self.staff = world, staff
        self.waiting = [
            (service, world.places[plan.place])
            for number, service in register.services.items()
            if (plan := register.planned[number]).place is not None
        ]

    def confirm(self, night: date) -> None:
        """Link every service whose location has been read by that night."""
        made, still = [], []
        for service, place in self.waiting:
            before = self.world.places[place.predecessor] if place.predecessor is not None else None
            is_there = place.registered_on < night
            if before and before.registered_on < night:
                link = ServiceLocation.objects.filter(service=service).first()
                if link is None:
                    made.append(
                        self._link(
                            service, before, night, until=place.registered_on if is_there else None
                        )
                    )
                elif is_there and place.number not in UNCONFIRMED:
                    ServiceLocation.objects.filter(pk=link.pk).update(until=place.registered_on)
            if not is_there or (place.number in UNCONFIRMED and before):
                still.append((service, place))
            else:
                made.append(self._link(service, place, night))
        self.waiting = still
        ServiceLocation.objects.bulk_create(made)
        append(
            event(
                "location_link.confirmed",
                link,
                by=link.confirmed_by,
                happened_at=link.confirmed_at,
                after={"location_id": link.location_id, "since": link.since.isoformat()},
            )
            for link in made
        )

    def _link(
        self, service: Service, place: DemoLocation, night: date, until: date | None = None
    ) -> ServiceLocation:
        return ServiceLocation(
            service=service,
            location_id=place.location_id,
            since=place.registered_on,
            until=until,
            confirmed_by=self.staff.seniors[service.pk % len(self.staff.seniors)],
            confirmed_at=min(at(night, 11), timezone.now()),
        )
