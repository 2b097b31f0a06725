"""The virus scanner: ClamAV's daemon, asked over its socket.

Source: the manual page of clamd(8), INSTREAM: lengths of four bytes in network order, each before
its piece, and a length of 0 at the end; the answer is one line. See docs/adr/0043-stored-files.md
for why no library stands here.
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

PIECE = 1 << 16
LONGEST_ANSWER = 4096
CONNECT_WITHIN = 2.0  # seconds
ANSWER_WITHIN = 20.0


class ScannerError(Exception):
    """The scanner did not say whether a file holds a virus. The message is for the officer."""


@dataclass(frozen=True)
class Verdict:
    """What the scanner found: the virus by its name there, or nothing."""

    found: str = ""


def is_set_up() -> bool:
    """Whether the council has a scanner that files are given to."""
    return bool(settings.CLAMD_ADDRESS)


def scan(data: bytes) -> Verdict:
    """What the scanner finds in these bytes. Raises `ScannerError`."""
    with _asked() as connection:
        connection.sendall(b"zINSTREAM\0")
        try:
            for start in range(0, len(data), PIECE):
                piece = data[start : start + PIECE]
                connection.sendall(struct.pack("!L", len(piece)) + piece)
            connection.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            # It has closed because the stream is longer than it takes: its answer says so.
            pass
        answer = _answer(connection)
    if answer.endswith(" OK"):
        return Verdict()
    if answer.endswith(" FOUND"):
        return Verdict(answer.removesuffix(" FOUND").rpartition(": ")[2][:200] or "a virus")
    raise ScannerError(f"The virus scanner could not scan the file: {answer or 'no answer'}.")


def answers() -> bool:
    """Whether the scanner is there."""
    try:
        with _asked() as connection:
            connection.sendall(b"zPING\0")
            return _answer(connection) == "PONG"
    except ScannerError:
        return False


@contextmanager
def _asked() -> Iterator[socket.socket]:
    address = settings.CLAMD_ADDRESS
    try:
        with _connected(address) as connection:
            connection.settimeout(ANSWER_WITHIN)
            yield connection
    except (OSError, ValueError) as fault:
        raise ScannerError("The virus scanner does not answer.") from fault


def _connected(address: str) -> socket.socket:
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_WITHIN)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(CONNECT_WITHIN)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
        piece = connection.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.split(b"\0")[0].decode("utf-8", "replace").strip()
