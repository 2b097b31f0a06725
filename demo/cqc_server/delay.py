"""How long an answer is held back, and how many are held back at once."""

import threading
import time


class Delay:
    """Holds answers back for so many seconds. `most_at_once` is the most that were held back at the
    same time.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.most_at_once = 0
        self._held_back = 0
        self._lock = threading.Lock()

    def wait(self) -> None:
        if not self.seconds:
            return
        with self._lock:
            self._held_back += 1
            self.most_at_once = max(self.most_at_once, self._held_back)
        time.sleep(self.seconds)
        with self._lock:
            self._held_back -= 1
