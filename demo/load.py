"""The whole demonstration council, loaded in one transaction: all of it or nothing."""

import time
from collections.abc import Callable
from datetime import date

from django.db import transaction

from core import events
from core.models import CouncilProfile, Event
from demo import (
    breaches,
    concerns,
    council,
    cqc_data,
    evidence,
    food,
    formal_steps,
    monitoring,
    papers,
    people,
    register,
    suspensions,
    targets,
)
from demo.context import DemoContext
from demo.record import at
from demo.visits import completed, past
from demo.world import World

LOADED = "demonstration.loaded"
DEFAULT_SERVICES = 400


@transaction.atomic
def load(services: int, today: date, say: Callable[[str], None] = lambda line: None) -> World:
    """Load a council of that many services as at `today`; `say` is told how long each part took."""
    began = time.monotonic()

    def show_progress(part: str) -> None:
        nonlocal began
        now = time.monotonic()
        say(f"{part}: {now - began:.1f} s")
        began = now

    world = World(services, today)
    council.load()
    staff = people.load()
    targets.load(today, staff)
    held = register.load(world, staff)
    show_progress("council, people and register")
    cqc_data.load(world, held, staff)
    show_progress("locations and ratings")
    food.load(today)
    show_progress("food hygiene ratings")
    context = DemoContext(world, held, staff)
    completed.load_templates(context)
    breaches.load(context)
    with_suspensions = suspensions.load(context)
    show_progress("suspensions")
    others = [
        (number, service)
        for number, service in held.services.items()
        if number not in with_suspensions
    ]
    past.load_past(context, others)
    completed.load_present(
        context, [(number, service) for number, service in others if service.closed_on is None]
    )
    evidence.load(context)
    show_progress("audits")
    concerns.load(context, others)
    show_progress("concerns")
    formal_steps.load(context, others)
    show_progress("formal steps")
    monitoring.load(context)
    show_progress("reports, programme and good practice")
    papers.start(context)
    show_progress("papers")
    profile = CouncilProfile.objects.get()
    loaded = {"services": services, "today": today.isoformat()}
    events.record(LOADED, by=None, about=profile, after=loaded, happened_at=at(today, 0, 15))
    return world


def loaded_world(today: date) -> World:
    """The world that this database holds, or the one that would be loaded today."""
    event = Event.objects.filter(kind=LOADED).first()
    if event is None:
        return World(DEFAULT_SERVICES, today)
    return World(event.after["services"], date.fromisoformat(event.after["today"]))
