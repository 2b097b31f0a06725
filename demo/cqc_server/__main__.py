"""`python -m demo.cqc_server --folder FOLDER --port 8099`: the stand-in over a folder of
payloads.
"""

import argparse
import contextlib
import json
import os
from pathlib import Path

from demo.cqc_server.faults import KINDS, Fault
from demo.cqc_server.payloads import Folder
from demo.cqc_server.server import CqcServer


def main() -> None:
    """Serve until interrupted."""
    kinds = "\n".join(f"  {kind:14} {means}" for kind, means in KINDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m demo.cqc_server",
        description="A stand-in for CQC's Syndication API.",
        epilog=(
            f"Kinds of fault:\n{kinds}\n\nPUT /_faults replaces them; GET /_counts tells what was"
            " asked."
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--folder", type=Path, required=True, help="where the location_*.json are")
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--key",
        default=os.environ.get("CQC_API_KEY", ""),
        help="the key to ask for; none by default",
    )
    parser.add_argument(
        "--per-minute",
        type=int,
        default=0,
        help="requests a minute before it answers 429; 0: no limit",
    )
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--faults", type=Path, help="a JSON file with a list of faults")
    given = parser.parse_args()
    faults = (
        [Fault.read(one) for one in json.loads(given.faults.read_text())] if given.faults else []
    )
    server = CqcServer(
        Folder(given.folder),
        key=given.key,
        faults=faults,
        per_minute=given.per_minute,
        delay=given.delay,
        port=given.port,
        host=given.host,
    )
    print(f"CQC stand-in with {len(server.payloads.ids())} locations at {server.url}", flush=True)  # noqa: T201  its one line
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
