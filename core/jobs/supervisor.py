"""The worker's lanes: a process for each, started with the worker, started again when it ends, and
ended with it.

Processes and not threads of the worker: with Celery's prefork pool a thread of the parent would be
copied half-way into children that are forked later, and a rendering that takes all of a core, or
all of the memory, would hold the messages up. They begin before the worker has reached its broker,
and go on while it is away.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from celery import bootsteps

from core.jobs.names import Lane

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent.parent
END_WITHIN = 10.0  # seconds that a lane has to put back or finish what it holds
STEADY_AFTER = 120.0  # seconds after which a lane is taken to have started well
LONGEST_PAUSE = 60.0


class LaneProcess:
    """One lane's process: started again when it ends by itself, more slowly each time that it did
    not last.
    """

    def __init__(
        self, lane: str, *, command: Sequence[str] = (), steady_after: float = STEADY_AFTER
    ) -> None:
        self.lane = lane
        self.command = command or (
            *(sys.executable, "-m", "django", "work_lane", lane),
            *("--parent", str(os.getpid())),
        )
        self.steady_after = steady_after
        self.process: subprocess.Popen[bytes] | None = None
        self.failed_starts = 0
        self.started_at = 0.0
        self.next_start = 0.0

    def tend(self) -> None:
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            logger.error(
                "The lane %s ended (%s); it is started again.", self.lane, self.process.returncode
            )
            self.process = None
            # One that ran well for weeks and ends has not failed to start: it is back in a second
            # or two, and not after the longest pause.
            if time.monotonic() - self.started_at >= self.steady_after:
                self.failed_starts = 0
            self.next_start = time.monotonic() + min(2**self.failed_starts, LONGEST_PAUSE)
            self.failed_starts += 1
        if time.monotonic() >= self.next_start:
            self.started_at = time.monotonic()
            self.process = subprocess.Popen(self.command, cwd=ROOT, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            # What it held is a row that says `running`: it is claimed again when nothing is heard
            # of it.
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Tends the lanes from a thread of its own: the worker's own timers stand still while it looks
    for its broker.
    """

    def __init__(self, lanes: tuple[str, ...]) -> None:
        self.lanes = [LaneProcess(lane) for lane in lanes]
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self._tend, name="lanes", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def _tend(self) -> None:
        while not self.ending.is_set():
            for lane in self.lanes:
                lane.tend()
            self.ending.wait(1)

    def end(self) -> None:
        self.ending.set()
        # The thread first, since it would start again what ends. Then all lanes are asked before
        # any is waited for, so that they share the time.
        self.thread.join(5)
        for lane in self.lanes:
            lane.end()
        deadline = time.monotonic() + END_WITHIN
        for lane in self.lanes:
            lane.wait(deadline)


def lanes_of_this_process() -> tuple[str, ...]:
    """The process that sees only what is public does its own lane and no other; the app's does all
    others.
    """
    public = os.environ.get("CAREQUALITY_PROCESS") == "public"
    return tuple(lane.value for lane in Lane if (lane == Lane.PUBLIC) == public)


class LanesStep(bootsteps.StartStopStep):
    """Adds the lanes to a Celery worker: `app.steps["worker"].add(LanesStep)`. Begins once the pool
    has forked.
    """

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.supervisor: Supervisor | None = None

    def start(self, parent: Any) -> None:
        self.supervisor = Supervisor(lanes_of_this_process())
        self.supervisor.start()

    def stop(self, parent: Any) -> None:
        if self.supervisor is not None:
            self.supervisor.end()
            self.supervisor = None

    terminate = stop
