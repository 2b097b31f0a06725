"""Who does what: each app registers its jobs' handlers in its `tasks.py`, and what follows when one
is given up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from core.jobs.models import Job
from core.jobs.names import JobKind, Lane
from core.registration import Registry

F = TypeVar("F", bound=Callable[..., Any])
# Called in the transaction that gives the job up. It may lock nothing that another holds while it
# locks jobs.
GivenUp = Callable[[Job, datetime], None]
# Does all that is due in a lane, and says how much that was.
Works = Callable[[], int]
# Told now and then that the lane of that name is alive.
Heard = Callable[[str, datetime], None]


@dataclass(frozen=True)
class Handler:
    """What does a kind of job, and who is shown that one was not done that was promised for nothing
    in particular.
    """

    kind: JobKind
    run: Callable[..., Any]
    # Empty: only whoever asked for the job is shown it.
    permissions: tuple[str, ...]


@dataclass(frozen=True)
class PromisedFor:
    """Where a thing is shown that jobs are promised for (the name of a URL), and who may see it
    there. `address_of` makes of its id what the URL takes.
    """

    page: str
    permissions: tuple[str, ...]
    address_of: Callable[[int], int]


HANDLERS: Registry[Handler] = Registry("handlers of jobs")
GIVEN_UP: Registry[GivenUp] = Registry("what follows when jobs are given up")
PROMISED_FOR: Registry[PromisedFor] = Registry("things that jobs are promised for")
WORKS: Registry[Works] = Registry("ways to work a lane")
HEARD: Registry[Heard] = Registry("who is told that a lane is alive")


def job(kind: JobKind, *permissions: str) -> Callable[[F], F]:
    """Register what does that kind: a short one takes the job's `args`, a long one the job first.
    Both must be safe to run again.

    `permissions`: who holds them all is shown what was not done, where a job is about nothing that
    is `promised_for`.
    """

    def register(run: F) -> F:
        HANDLERS.add(kind.name, Handler(kind, run, permissions))
        return run

    return register


def promised_for(
    label: str,
    *permissions: str,
    page: str = "",
    address_of: Callable[[int], int] = lambda pk: pk,
) -> None:
    """Register a model whose objects jobs are promised for, by its label, and who is shown on Today
    what was not done for them: whoever holds all of the permissions, with a link to the page.
    """
    PROMISED_FOR.add(label, PromisedFor(page, permissions, address_of))


def on_given_up(kind: JobKind) -> Callable[[GivenUp], GivenUp]:
    """Register what follows when a job of that kind is given up, for instance that the row it
    worked on says so.
    """

    def register(follow: GivenUp) -> GivenUp:
        return GIVEN_UP.add(kind.name, follow)

    return register


def works(lane: Lane) -> Callable[[Works], Works]:
    """Register another way to work a lane than `queue.work`: for a process that may not see the
    jobs' table.
    """

    def register(work: Works) -> Works:
        return WORKS.add(lane.value, work)

    return register


def heard(function: Heard) -> Heard:
    """Register who is told now and then that a lane is alive."""
    return HEARD.add(f"{function.__module__}.{function.__qualname__}", function)
