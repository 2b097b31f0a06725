"""`script/server`: everything in one terminal. Starts the embedded services, migrates, loads the
demonstration once, and keeps web, worker, public worker, beat and (without a CQC key) the stand-in
CQC server running until Ctrl-C ends them all.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import django

from devserver import embedded, older_data

ADDRESS = "127.0.0.1"
STOP_WITHIN = 20  # seconds that a process has to finish what it holds


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
            self.process = subprocess.Popen(self.command, env=environment, start_new_session=True)  # noqa: S603 - our own commands

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
    subprocess.run([sys.executable, "manage.py", *arguments], check=True)  # noqa: S603 - our own command


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


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carequality.settings")
    os.chdir(Path(__file__).resolve().parent.parent)
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    embedded.provide()
    port = os.environ.get("PORT", "8000")
    with socket.socket() as probe:
        if probe.connect_ex((ADDRESS, int(port))) == 0:
            raise SystemExit(
                f"Something already answers on port {port}. Choose another: PORT=8001 script/server"
            )
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
    try:
        while not stopping:
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
