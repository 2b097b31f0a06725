"""A stand-in for ClamAV's daemon: it speaks the two commands that are asked of it, and knows one
virus.
"""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.documents.made import EICAR

LONGEST_STREAM = 25 * 1024 * 1024


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            letter = self.rfile.read(1)
            if not letter:
                return
            command += letter
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM\0":
            self.wfile.write(self._scan() + b"\0")

    def _scan(self) -> bytes:
        held = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            held += self.rfile.read(size)
            if len(held) > self.server.longest:  # type: ignore[attr-defined]  # said by who starts it
                return b"INSTREAM size limit exceeded. ERROR"
        self.server.scanned.append(held)  # type: ignore[attr-defined]  # kept for the tests
        return b"stream: Eicar-Test-Signature FOUND" if EICAR in held else b"stream: OK"


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class Clamd:
    """Where it listens, and what it was given."""

    def __init__(self, address: str, scanned: list[bytes]) -> None:
        self.address = address
        self.scanned = scanned


@contextmanager
def running(path: Path | None = None, longest: int = LONGEST_STREAM) -> Iterator[Clamd]:
    """At a port of its own, or at the path of a socket."""
    server = _Unix(str(path), _Handler) if path else _Tcp(("127.0.0.1", 0), _Handler)
    server.longest, server.scanned = longest, []  # type: ignore[union-attr]  # read by the handler
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    port = "" if path else f"127.0.0.1:{server.server_address[1]}"
    try:
        yield Clamd(str(path) if path else port, server.scanned)  # type: ignore[union-attr]  # set above
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
