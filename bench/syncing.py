"""The nightly reading over real HTTP: the rate limit held without a 429, and the speed without
one.
"""

import multiprocessing
import resource
import time
from multiprocessing.connection import Connection
from typing import Any

from bench import database
from bench.table import Measured

PER_MINUTE = 1_500
HELD_FOR = 750  # locations: half a minute at the limit
UNLIMITED = 1_500
DELAY = 0.08
KEY = "bench"


def sync() -> list[Measured]:
    """Whole runs, database included, against the stand-in server in a process of its own."""
    held = _run(HELD_FOR, per_minute=PER_MINUTE, server_limit=PER_MINUTE, delay=0.25)
    quick = _run(UNLIMITED, per_minute=0, server_limit=0, delay=DELAY)
    rate = held["requests"] / held["took"] * 60
    return [
        Measured(
            "sync, requests a minute at the limit",
            f"sync at the limit: {held['requests']} requests in {held['took']:.0f} s",
            f"{rate:,.0f} a minute",
            rate,
            f"{PER_MINUTE:,} a minute allowed",
            rate / PER_MINUTE,
            0.95,
            at_least=True,
        ),
        Measured(
            "sync, answers of 429",
            "  answers of 429",
            str(held["busy"]),
            held["busy"],
            "",
            held["busy"],
            0,
            unit="answers",
        ),
        Measured(
            "sync, share of a core",
            "  processor of our process",
            f"{held['cpu']:.1%} of a core",
            held["cpu"],
            "",
            held["cpu"],
            0.25,
            unit="of a core",
        ),
        Measured(
            "sync, locations a second without a limit",
            f"sync without a limit, {DELAY * 1000:.0f} ms a reply",
            f"{quick['requests'] / quick['took']:,.0f} locations a second",
            quick["requests"] / quick["took"],
            "",
            quick["requests"] / quick["took"],
            60,
            at_least=True,
            unit="a second",
        ),
    ]


def _run(number: int, *, per_minute: int, server_limit: int, delay: float) -> dict[str, Any]:
    from django.utils import timezone

    from ratings.actions import sync as sync_actions
    from ratings.api.client import Limits
    from ratings.cqc.client import Client
    from ratings.models import RunKind, RunState

    database.empty("ratings_location", "ratings_syncrun", "ratings_rawpayload")
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(theirs, number, server_limit, delay), daemon=True
    )
    server.start()
    url = ours.recv()
    try:
        with Client(
            key=KEY, user_agent="bench", base_url=url, limits=Limits(per_minute=per_minute)
        ) as client:
            sync_actions.ask_for_run(RunKind.FULL, now=timezone.now())
            cpu, began = _cpu(), time.perf_counter()
            [run] = sync_actions.work_runs(client) or []
            took, cpu = time.perf_counter() - began, _cpu() - cpu
        assert run.state == RunState.FINISHED, run.stopped_because
        assert run.counts()["changed"] == number
        ours.send("counts")
        return {
            "took": took,
            "cpu": cpu / took,
            "requests": run.requests,
            "busy": ours.recv().get(429, 0),
        }
    finally:
        server.terminate()
        server.join()


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _serve(pipe: Connection, number: int, per_minute: int, delay: float) -> None:
    from bench.payloads import payload
    from demo.cqc_server.payloads import Memory
    from demo.cqc_server.server import CqcServer

    source = Memory(ids=[f"1-{5_000_000 + at}" for at in range(number)], make=payload)
    with CqcServer(source, key=KEY, per_minute=per_minute, delay=delay) as server:
        pipe.send(server.url)
        pipe.recv()
        pipe.send(dict(server.answered))
        pipe.recv()
