"""How fast we may ask: evenly spaced turns, and one pause for all when CQC says that we are too
fast.
"""

import threading
import time


class Limiter:
    """Hands out turns `60 / per_minute` seconds apart to any number of threads. `per_minute` 0
    means no limit.
    """

    def __init__(self, per_minute: int) -> None:
        self._interval = 60 / per_minute if per_minute else 0.0
        self._lock = threading.Lock()
        self._next_turn = 0.0
        self._resume_at = 0.0

    def wait(self) -> None:
        """Block until it is this thread's turn."""
        while True:
            with self._lock:
                turn = max(time.monotonic(), self._next_turn, self._resume_at)
                self._next_turn = turn + self._interval
            delay = turn - time.monotonic()
            if delay > 0:
                time.sleep(delay)
            with self._lock:
                # Whoever slept while a pause began queues again, or all would fire together at its
                # end.
                if self._resume_at <= turn:
                    return

    def pause(self, seconds: float) -> None:
        """Let nobody start for so many seconds from now; a longer pause already begun stays as it
        is.
        """
        with self._lock:
            self._resume_at = max(self._resume_at, time.monotonic() + seconds)
