"""The look of one lane, again and again: every other second, and at once when a job is inserted. It
needs PostgreSQL alone.
"""

import logging
import os
import time
from functools import partial

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from core.jobs import queue
from core.jobs.handlers import HEARD, WORKS
from core.jobs.names import Lane

logger = logging.getLogger(__name__)

LOOK_EVERY = 2.0  # seconds
HEARD_EVERY = 20.0
CHANNEL = "core_jobs"
AT_ONCE = 20


class LaneLoop:
    """Works a lane until this process is asked to end, or the one that started it is gone."""

    def __init__(self, lane: Lane, *, parent: int | None = None) -> None:
        self.lane = lane
        self.parent = parent
        # So that it is heard of at its first look.
        self.heard_at = -HEARD_EVERY
        self.listens: object = None
        # A few at a time, so that it is heard of between them.
        self.work = (
            WORKS[lane.value] if lane.value in WORKS else partial(queue.work, lane, most=AT_ONCE)
        )

    def go_on(self) -> None:
        while not queue.stopping.is_set() and not self._is_orphan():
            try:
                self._look()
            except DatabaseError as error:
                logger.warning("The lane %s cannot reach the database: %s", self.lane, error)
                self._pause()
            except Exception:
                # A lane never ends by an error of its work: that would stop everything behind it.
                logger.exception("A look of the lane %s failed", self.lane)
                self._pause()

    def _look(self) -> None:
        close_old_connections()
        # Before the work: what is inserted meanwhile is then still heard of.
        self._listen()
        self._be_heard()
        if not self.work() and not queue.stopping.is_set():
            self._wait()

    def _is_orphan(self) -> bool:
        # A worker that was killed cannot end its lanes: each asks for itself whether it is still
        # there.
        return self.parent is not None and os.getppid() != self.parent

    def _listen(self) -> None:
        connection.ensure_connection()
        # LISTEN belongs to a connection: one that was opened anew has to say it again.
        if self.listens is not connection.connection:
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            self.listens = connection.connection

    def _wait(self) -> None:
        connection.ensure_connection()
        for notice in connection.connection.notifies(timeout=LOOK_EVERY):
            if notice.payload == self.lane:
                return

    def _pause(self) -> None:
        # What failed may have left the connection broken: the next look opens another.
        connection.close()
        queue.stopping.wait(LOOK_EVERY)

    def _be_heard(self) -> None:
        if time.monotonic() - self.heard_at >= HEARD_EVERY:
            for tell in HEARD:
                tell(self.lane, timezone.now())
            self.heard_at = time.monotonic()
