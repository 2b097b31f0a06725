"""Which processes use an embedded service: it runs as long as one of them does."""

import os
from pathlib import Path

from devserver.processes import started_at


def join(folder: Path) -> None:
    """This process uses the service of that folder from now on."""
    folder.mkdir(exist_ok=True)
    pid = os.getpid()
    (folder / str(pid)).write_text(started_at(pid))


def leave(folder: Path, pid: int) -> None:
    """The process uses it no more."""
    (folder / str(pid)).unlink(missing_ok=True)


def any_alive(folder: Path) -> bool:
    """Whether a process still uses it; whoever was killed without leaving is taken off the list."""
    alive = False
    for user in list(folder.iterdir()) if folder.exists() else []:
        # A file that is being written is empty for a moment: it counts.
        if (since := started_at(int(user.name))) and _begun(user) in ("", since):
            alive = True
        else:
            user.unlink(missing_ok=True)
    return alive


def _begun(user: Path) -> str:
    try:
        return user.read_text()
    except OSError:
        return ""
