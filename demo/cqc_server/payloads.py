"""Where the stand-in server finds its locations: a folder of payloads, or memory."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

Payload = dict[str, Any]
LOOK_EVERY = 0.5  # seconds between two looks at a folder


class Payloads(Protocol):
    """What the server asks of its source."""

    def ids(self) -> list[str]:
        """Every location's id, in a stable order."""
        ...

    def get(self, location_id: str) -> Payload | None:
        """One payload, or None."""
        ...

    def changed(self, start: datetime, end: datetime) -> list[str]:
        """Ids changed from `start` up to but not at `end`."""
        ...


class Memory:
    """Payloads held in memory, or made when they are asked for (`make` with `ids`), with the
    moments they changed.
    """

    def __init__(
        self,
        payloads: Iterable[Payload] = (),
        *,
        ids: Iterable[str] = (),
        make: Callable[[str], Payload] | None = None,
    ) -> None:
        self._lock = threading.Lock()
        self._payloads: dict[str, Payload | None] = dict.fromkeys(ids)
        self._make = make
        self._changed_at: dict[str, datetime] = {}
        for payload in payloads:
            self.put(payload)

    def put(self, payload: Payload, *, at: datetime | None = None) -> None:
        """Add or replace a location; `/changes` will name it at that moment (now, unless told)."""
        with self._lock:
            location_id = payload["locationId"]
            self._payloads[location_id] = payload
            self._changed_at[location_id] = at or datetime.now(UTC)

    def remove(self, location_id: str) -> None:
        """Take a location away: it then answers 404, and `/changes` goes on naming it."""
        with self._lock:
            self._payloads.pop(location_id)

    def ids(self) -> list[str]:
        with self._lock:
            return list(self._payloads)

    def get(self, location_id: str) -> Payload | None:
        with self._lock:
            if location_id not in self._payloads:
                return None
            payload = self._payloads[location_id]
        return self._make(location_id) if payload is None and self._make else payload

    def changed(self, start: datetime, end: datetime) -> list[str]:
        with self._lock:
            return [one for one, at in self._changed_at.items() if start <= at < end]


class Folder:
    """Every `location_*.json` of a folder, read afresh when a file changes. A file's time is when
    it changed.

    A `changes.json` beside them (`{id: ISO moment}`) takes the place of the files' times, so that a
    folder copied from elsewhere can say when its locations changed.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise FileNotFoundError(f"There is no folder {folder}.")
        self._folder = folder
        self._lock = threading.Lock()
        self._read: dict[Path, tuple[float, str, Payload]] = {}
        self._held: dict[str, tuple[float, Payload]] = {}
        self._look_again_at = 0.0

    def ids(self) -> list[str]:
        return list(self._by_id())

    def get(self, location_id: str) -> Payload | None:
        found = self._by_id().get(location_id)
        return found[1] if found else None

    def changed(self, start: datetime, end: datetime) -> list[str]:
        moments_given = self._moments_given()
        moments = {
            location_id: moments_given.get(location_id, datetime.fromtimestamp(modified, UTC))
            for location_id, (modified, _) in self._by_id().items()
        }
        return [one for one, at in moments.items() if start <= at < end]

    def _by_id(self) -> Mapping[str, tuple[float, Payload]]:
        with self._lock:
            if time.monotonic() < self._look_again_at:
                return self._held
            fresh = {}
            for path in sorted(self._folder.glob("location_*.json")):
                modified = path.stat().st_mtime
                held = self._read.get(path)
                if held is None or held[0] != modified:
                    payload = json.loads(path.read_bytes())
                    held = (modified, payload["locationId"], payload)
                fresh[path] = held
            self._read = fresh
            self._held = {
                location_id: (modified, payload)
                for modified, location_id, payload in fresh.values()
            }
            # Looking through thousands of files for every request would take longer than the
            # request.
            self._look_again_at = time.monotonic() + LOOK_EVERY
            return self._held

    def _moments_given(self) -> dict[str, datetime]:
        path = self._folder / "changes.json"
        if not path.exists():
            return {}
        return {
            one: datetime.fromisoformat(at) for one, at in json.loads(path.read_bytes()).items()
        }
