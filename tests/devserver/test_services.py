"""The embedded PostgreSQL and Valkey: any folder, any user, and how they end."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.deep
ROOT = Path(__file__).resolve().parent.parent.parent
# Says that it is there, and goes when its input ends.
USER = """
import os, sys
from devserver import embedded
embedded.provide()
import psycopg, redis
def ask():
    psycopg.connect(os.environ["DATABASE_URL"]).close()
    redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
ask()
print("there", flush=True)
for line in sys.stdin:
    if line.strip() == "watch":
        embedded.watch()
    try:
        ask()
        print("answers", flush=True)
    except Exception as fault:
        print("fails", fault, flush=True)
"""


def environment(var: Path) -> dict[str, str]:
    ours = ("REDIS_URL", "SECRET_KEY", "BROKER_PREFIX", "CAREQUALITY_PROCESS")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.endswith("DATABASE_URL") and name not in ours
    }
    return {**kept, "CAREQUALITY_MODE": "test", "CAREQUALITY_VAR": str(var)}


class User:
    """A process that uses the services of a folder."""

    def __init__(self, var: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER],
            cwd=ROOT,
            env=environment(var),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def says(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        if not line:
            assert self.process.stderr is not None
            pytest.fail(self.process.stderr.read())
        return line

    def asks(self, word: str = "ask") -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return self.says()

    def goes(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(60)


def running(var: Path) -> list[tuple[int, str]]:
    """The processes of the services of that folder, and their keepers."""
    mark = f"CAREQUALITY_VAR={var}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if (
                entry.name.isdigit()
                and mark in (entry / "environ").read_bytes()
                and "-c" not in command
            ):
                found.append((int(entry.name), command))
        except OSError:
            continue
    # Valkey writes its title over its environment: it is found by its keeper.
    found += [
        (int(child), "valkey-server")
        for pid, command in found
        if command.rstrip().endswith("devserver.keeper valkey")
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ]
    return [(pid, command) for pid, command in found if command]


def until(asked: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if asked():
            return True
        time.sleep(0.1)
    return False


def pid_of(var: Path, word: str) -> int:
    return min(pid for pid, command in running(var) if word in command)


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "a council’s own, it's here" / "var"


@pytest.fixture
def use(var: Path) -> Iterator[Callable[[], User]]:
    users: list[User] = []

    def start() -> User:
        users.append(User(var))
        return users[-1]

    yield start
    for user in users:
        user.process.kill()
        user.process.wait()
    assert until(lambda: not running(var)), running(var)


@pytest.mark.parametrize("name", ["a b", "it's", "a, b", "ö’s"])
def test_services_start_below_a_path_of_any_name(name):
    # Short, so that the socket stands in the folder itself.
    with tempfile.TemporaryDirectory(prefix="cq", suffix=name) as folder:
        var = Path(folder)
        user = User(var)
        assert user.says() == "there"
        user.goes()
        assert until(lambda: not running(var)), running(var)


def test_services_start_below_a_path_too_long_for_a_socket(tmp_path):
    var = tmp_path.joinpath(*["a-long-name-of-a-folder"] * 6)
    user = User(var)
    assert user.says() == "there"
    user.goes()
    assert until(lambda: not running(var)), running(var)


def test_services_run_until_their_last_user_goes(use, var):
    first, second = use(), use()
    assert {first.says(), second.says()} == {"there"}
    first.goes()
    assert second.asks() == "answers"
    second.goes()
    assert until(lambda: not running(var)), running(var)


def test_services_end_when_their_only_user_is_killed(use, var):
    user = use()
    user.says()
    user.process.send_signal(signal.SIGKILL)
    user.process.wait()
    assert until(lambda: not running(var)), running(var)


def test_services_end_with_their_keepers_and_are_started_again_for_whoever_watches(use, var):
    user = use()
    user.says()
    for pid, command in running(var):
        if "devserver.keeper" in command:
            os.kill(pid, signal.SIGKILL)
    assert until(lambda: not running(var)), running(var)
    user.asks("watch")
    assert until(lambda: user.asks("watch") == "answers")


@pytest.mark.parametrize("service", ["bin/postgres", "valkey-server"])
def test_service_that_stops_is_started_again(use, var, service):
    user = use()
    user.says()
    first = pid_of(var, service)
    os.kill(first, signal.SIGKILL)
    assert until(lambda: any(service in command and pid != first for pid, command in running(var)))
    assert until(lambda: user.asks() == "answers")


def test_service_that_cannot_start_says_why_in_a_sentence(use, var):
    user = use()
    user.says()
    user.goes()
    (var / "postgres" / "postgresql.conf").write_text("no_such_setting = on\n")
    failed = User(var)
    assert failed.process.wait(90) == 1
    assert failed.process.stderr is not None
    said = failed.process.stderr.read()
    assert "The embedded postgres could not be started" in said
    assert "no_such_setting" in said
    assert "Traceback" not in said


def test_passwords_survive_a_start_that_was_cut_off(use, var):
    user = use()
    user.says()
    user.goes()
    before = (var / "secrets.json").read_bytes()
    (var / "secrets.new").write_text("")  # what a machine leaves that goes down while it writes
    again = use()
    assert again.says() == "there"
    assert (var / "secrets.json").read_bytes() == before


def test_second_user_of_the_machine_starts_their_own(tmp_path):
    reachable = all(
        folder.stat().st_mode & 0o001 for folder in Path(sys.executable).resolve().parents
    )
    if os.geteuid() != 0 or not reachable or not os.access("/usr/bin/setpriv", os.X_OK):
        pytest.skip("Only root can become another user, who must be let in to this Python.")
    other = 65534
    for owner in (0, other):
        folder = tmp_path / str(owner)
        folder.mkdir()
        os.chown(folder, owner, owner)
    for folder in [tmp_path, *tmp_path.parents]:
        folder.chmod(folder.stat().st_mode | 0o055)
    first = User(tmp_path / "0" / "var")
    assert first.says() == "there"
    done = subprocess.run(
        [
            *("setpriv", f"--reuid={other}", f"--regid={other}", "--clear-groups"),
            *(sys.executable, "-c", USER),
        ],
        cwd=ROOT,
        env={**environment(tmp_path / str(other) / "var"), "HOME": str(tmp_path / str(other))},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    first.goes()
    assert done.stdout == "there\n", done.stderr
