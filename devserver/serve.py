"""`script/server`: everything in one terminal. Starts the embedded services, migrates, loads the
demonstration once, and keeps web, worker, public worker, beat and (without a CQC key) the stand-in
CQC server running until Ctrl-C ends them all.
"""

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import django

from devserver import embedded, older_data
from devserver.processes import ends_with_parent

ADDRESS = "127.0.0.1"
STOP_WITHIN = 20  # seconds that a process has to finish what it holds
WATCH_EVERY = 2  # seconds between two looks at the embedded services


class Child:
    """A process of ours: started again when it ends by itself, more slowly each time."""

    def __init__(self, name: str, command: list[str], **environment: str) -> None:
        self.name = name
        self.command = command
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self.next_start = 0.0

    def tend(self) -> None:
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None and self.next_start == 0.0:
            self.next_start = time.monotonic() + min(2**self.starts, 60)
            print(f"{self.name} ended; starting it again.", flush=True)  # noqa: T201 - the terminal is this program's page
        if time.monotonic() >= self.next_start:
            self.starts += 1
            self.next_start = 0.0
            environment = {
                key: value for key, value in {**os.environ, **self.environment}.items() if value
            }
            # A session of its own: Ctrl-C reaches this program alone, which ends the others in
            # order.
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                self.command,
                env=environment,
                start_new_session=True,
                # It does not go on serving when this program is killed. One thread only: nothing
                # else holds a lock.
                preexec_fn=ends_with_parent(),
            )

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])


def answers(port: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((ADDRESS, int(port))) == 0


def manage(*arguments: str) -> None:
    """Run a management command to its end. Raises `SystemExit` with a sentence when it fails."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, preexec_fn=ends_with_parent(), check=False)  # noqa: S603 - our own command, one thread
    if done.returncode:
        raise SystemExit(
            f"`manage.py {arguments[0]}` failed: see what it says above. Nothing is served."
        )


def children(port: str) -> list[Child]:
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "carequality"]
    schedule = str(embedded.var() / "celerybeat-schedule")
    web = [
        sys.executable,
        "-m",
        "gunicorn",
        "carequality.wsgi",
        "--bind",
        f"{ADDRESS}:{port}",
        "--no-control-socket",
        "--log-level",
        "warning",
    ]
    found = [
        Child(
            "web",
            [
                *web,
                "--worker-class",
                "gthread",
                "--workers",
                "2",
                "--threads",
                "8",
                "--access-logfile",
                "/dev/null",
            ],
        ),
        Child(
            "worker",
            [*celery, "worker", "-Q", "app", "-c", "1", "-n", "app@%h", "--loglevel", "WARNING"],
        ),
        Child(
            "public-worker",
            [
                *celery,
                "worker",
                "-Q",
                "public",
                "-c",
                "1",
                "-n",
                "public@%h",
                "--loglevel",
                "WARNING",
            ],
            # It holds the public login and no other: an empty value is left out of its environment.
            CAREQUALITY_PROCESS="public",
            SECRET_KEY="",
            CQC_API_KEY="",
            DATABASE_URL="",
            OWNER_DATABASE_URL="",
            ADMIN_DATABASE_URL="",
            BACKUP_DATABASE_URL="",
        ),
        Child("beat", [*celery, "beat", "--schedule", schedule, "--loglevel", "WARNING"]),
    ]
    if not os.environ.get("CQC_API_KEY") and embedded.mode() == "demonstration":
        stand_in = free_port()
        os.environ["CQC_API_URL"] = f"http://{ADDRESS}:{stand_in}/public/v1"
        os.environ["CQC_API_KEY"] = "demonstration"
        found.append(
            Child(
                "CQC stand-in", [sys.executable, "manage.py", "serve_cqc", "--port", str(stand_in)]
            )
        )
    if not os.environ.get("FSA_API_URL") and embedded.mode() == "demonstration":
        stand_in = free_port()
        os.environ["FSA_API_URL"] = f"http://{ADDRESS}:{stand_in}"
        found.append(
            Child(
                "FSA stand-in", [sys.executable, "manage.py", "serve_fsa", "--port", str(stand_in)]
            )
        )
    return found


def say(port: str) -> None:
    lines = [f"carequality is served on http://{ADDRESS}:{port}"]
    if embedded.mode() == "demonstration":
        django.setup()
        from demo import people  # needs Django's settings

        lines += ["", "Fictitious demonstration council. Sign in as:"]
        lines += [
            f"  {person.username:<14}{people.PASSWORD}   {person.group}" for person in people.PEOPLE
        ]
    lines += ["", "Ctrl-C stops everything that this command started."]
    print("\n".join(lines), flush=True)  # noqa: T201 - the terminal is this program's page


def port_of(text: str) -> int:
    """The port that the environment names. Raises `SystemExit` when it is none."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SystemExit(f"PORT is {text!r}: use a number from 1 to 65535, such as PORT=8001.")
    return int(text)


@contextlib.contextmanager
def only_one(port: int) -> Iterator[int]:
    """Hold this folder for one server; gives the port that the last one served, 0 where it ended by
    itself.

    Raises `SystemExit` when another serves it. The lock ends with its holder, however that ends.
    """
    path = embedded.var() / "server.json"
    with path.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = _read(path)
            pid, on = other.get("pid", "?"), other.get("port", "?")
            raise SystemExit(
                f"carequality is already served from this folder on port {on} by process {pid}."
                f" End it with Ctrl-C in its terminal, or with: kill {pid}"
            ) from None
        last = int(_read(path).get("port", 0))
        _write(path, {"pid": os.getpid(), "port": port})
        try:
            yield last
        finally:
            _write(path, {})


def _read(path: Path) -> dict[str, int]:
    text = path.read_text()
    found: dict[str, int] = json.loads(text) if text else {}
    return found


def _write(path: Path, found: dict[str, int]) -> None:
    path.write_text(json.dumps(found))


def wait_for_port(port: int, last: int) -> None:
    """Wait until the processes of a server that was killed have left its port.

    Raises `SystemExit` when something else has it.
    """
    deadline = time.monotonic() + (STOP_WITHIN if port == last else 0)
    while answers(str(port)):
        if time.monotonic() > deadline:
            raise SystemExit(
                f"Port {port} is in use. Choose another: PORT={port + 1} script/server"
            )
        time.sleep(0.2)


def main() -> None:
    """Serve until Ctrl-C or SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carequality.settings")
    os.chdir(Path(__file__).resolve().parent.parent)
    port = port_of(os.environ.get("PORT", "8000"))
    try:
        with only_one(port) as last:
            wait_for_port(port, last)
            _serve(str(port))
    except KeyboardInterrupt:
        raise SystemExit("Stopped before it was served.") from None


def _serve(port: str) -> None:
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    embedded.provide()
    if older_data.remove_if_older():
        print(older_data.MADE_ANEW, flush=True)  # noqa: T201 - the terminal is this program's page
    manage("migrate", "--verbosity", "0")
    manage("collectstatic", "--no-input", "--verbosity", "0")
    family = children(port)
    if embedded.mode() == "demonstration":
        size = os.environ.get("DEMO_SERVICES")
        manage("demo", "--if-empty", *(["--services", size] if size else []))
    signal.signal(signal.SIGINT, stop)
    said = False
    look_at = 0.0
    try:
        while not stopping:
            if time.monotonic() > look_at:
                # A keeper restarts its service; a keeper that was killed is started again here.
                embedded.watch()
                look_at = time.monotonic() + WATCH_EVERY
            for child in family:
                child.tend()
            if not said and answers(port):
                say(port)
                said = True
            time.sleep(0.2)
    finally:
        for child in family:
            child.stop()
        deadline = time.monotonic() + STOP_WITHIN
        for child in family:
            child.wait(deadline)


if __name__ == "__main__":
    main()
