"""Keeps an embedded service: starts it, starts it again when it ends, and stops it when nobody uses
it.

`python -m devserver.keeper postgres` or `valkey`, begun by `embedded.provide()`. The service ends
with its keeper, however that ends, so that nothing is left behind.
"""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from devserver import embedded, postgres, users, valkey
from devserver.processes import ends_with_parent

LOOK_EVERY = 0.2  # seconds
STARTS_WITHIN = 60  # seconds in which a service has to answer
STOPS_WITHIN = 30
# One that ends at once is tried again so long: another of the same folder may be ending.
TRIED_FOR = 15


@dataclass(frozen=True)
class Service:
    """What its keeper has to know of a service."""

    name: str
    command: Callable[[], list[str]]
    answers: Callable[[], bool]
    stop: int
    options: Callable[[], dict[str, Any]] = dict

    @property
    def log(self) -> Path:
        """Where the service writes what it has to say."""
        return embedded.var() / f"{self.name}.log"

    @property
    def ready(self) -> Path:
        """A file that is there while the service answers."""
        return embedded.var() / f"{self.name}.ready"

    @property
    def failure(self) -> Path:
        """A file with a sentence, where the service could not be started."""
        return embedded.var() / f"{self.name}.failed"


def service(name: str) -> Service:
    """The service of that name. Raises `KeyError` for any other."""
    folder = embedded.var() / name
    return {
        "postgres": lambda: Service(
            name,
            lambda: _postgres(folder),
            lambda: _postgres_answers(folder),
            postgres.STOP,
            postgres.as_system_user,
        ),
        "valkey": lambda: Service(
            name,
            lambda: valkey.command(folder, embedded.kept_secrets()["valkey"]),
            lambda: _port_answers(valkey.port(folder)),
            valkey.STOP,
        ),
    }[name]()


def _postgres(folder: Path) -> list[str]:
    postgres.prepare(folder, for_tests=embedded.mode() == "test")
    return postgres.command(folder)


def _postgres_answers(folder: Path) -> bool:
    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect(postgres.url(folder), connect_timeout=2).close()
        return True
    return False


def _port_answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((valkey.ADDRESS, port), timeout=1):
        return True
    return False


class Keeper:
    """One service and the process that runs it."""

    def __init__(self, kept: Service) -> None:
        self.service = kept
        self.process: subprocess.Popen[bytes] | None = None
        self.asked_to_stop = False

    def run(self) -> None:
        """Keep the service until nobody uses it."""
        signal.signal(signal.SIGTERM, self._stop)
        self.service.failure.unlink(missing_ok=True)
        try:
            self._start()
            while not self.asked_to_stop and not self._unused():
                if self.process is None or self.process.poll() is not None:
                    self._start()
                time.sleep(LOOK_EVERY)
        except (OSError, subprocess.CalledProcessError, TimeoutError) as fault:
            said = getattr(fault, "stderr", "") or str(fault)
            self.service.failure.write_text(f"{said.strip()}\n")
        finally:
            self._end()

    def _stop(self, _number: int, _frame: object) -> None:
        self.asked_to_stop = True

    def _start(self) -> None:
        """Start the service and wait until it answers. What the last one left (a lock of a killed
        server that is still ending) is waited for: it ends by itself and is tried again until the
        time is over.
        """
        self.service.ready.unlink(missing_ok=True)
        began = time.monotonic()
        while time.monotonic() < began + STARTS_WITHIN and not self.asked_to_stop:
            if self.process is None or self.process.poll() is not None:
                if time.monotonic() > began + TRIED_FOR:
                    break
                with self.service.log.open("ab") as log:
                    self.process = subprocess.Popen(  # noqa: S603 - the wheels' own programs
                        self.service.command(),
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        cwd=embedded.var() / self.service.name,
                        preexec_fn=ends_with_parent(self.service.stop),
                        **self.service.options(),
                    )
            time.sleep(LOOK_EVERY / 2)
            if self.process.poll() is None and self.service.answers():
                self.service.ready.write_text(str(os.getpid()))
                return
        if not self.asked_to_stop:
            raise TimeoutError(_last_lines(self.service.log))

    def _unused(self) -> bool:
        if users.any_alive(embedded.users_of(self.service.name)):
            return False
        # Somebody may be about to join: they hold the lock from before they look until they have
        # joined, and the service is stopped while it is held here.
        with embedded.lock_if_free("provide") as held:
            if not held or users.any_alive(embedded.users_of(self.service.name)):
                return False
            self._end()
            return True

    def _end(self) -> None:
        self.service.ready.unlink(missing_ok=True)
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.service.stop)
        try:
            self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _last_lines(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(lines[-5:]) or "It wrote nothing."


@contextlib.contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether this process is the only keeper of that service; it stays so until the block ends."""
    with (embedded.var() / f"{name}.keeper.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def main() -> None:
    """Keep the service named on the command line; nothing to do where another keeper has it."""
    name = sys.argv[1]
    with alone(name) as only:
        if only:
            Keeper(service(name)).run()


if __name__ == "__main__":
    main()
