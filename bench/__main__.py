"""`script/bench [PART ...]`: measure, and print a table. Parts: files, rows, comparison, growth,
sync, placement; all of them by default.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import baseline, comparing, database, growing, loading, placing, syncing
from bench.table import Measured, show

PARTS = ("files", "rows", "comparison", "growth", "sync", "placement")


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="write what was measured to this file too"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help=(
            f"exit with 1 when a line lost more than {baseline.TOLERANCE:.0%} against the baseline"
        ),
    )
    parser.add_argument(
        "--store",
        nargs=2,
        metavar=("COMMIT", "FOLDER"),
        help=(
            "measure nothing: write bench/baseline.json from the files that runs at that commit"
            " wrote to the folder"
        ),
    )
    given = parser.parse_args()
    if given.store:
        commit, folder = given.store
        baseline.store(sorted(Path(folder).glob("*.json")), commit)
        return
    asked = given.parts or list(PARTS)
    if unknown := set(asked) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    found: list[Measured] = []
    stored = baseline.lines()
    with database.prepared(), tempfile.TemporaryDirectory(prefix="bench-") as folder:
        measures: dict[str, Callable[[], list[Measured]]] = {
            "files": lambda: loading.whole(Path(folder)),
            "rows": lambda: loading.rows()[0],
            "comparison": _comparison,
            "growth": growing.growth,
            "sync": syncing.sync,
            "placement": placing.placement,
        }
        try:
            for part in PARTS:
                if part in asked:
                    print(f"Measuring {part} ...", flush=True)
                    found += measures[part]()
        finally:
            report(found, stored)
            if given.write:
                given.write.write_text(
                    json.dumps({one.key: one.stored() for one in found}, indent=2)
                )
    if given.check and (worse := [one.key for one in found if baseline.is_worse(one, stored)]):
        sys.exit(
            f"Worse than the baseline by more than {baseline.TOLERANCE:.0%}: {', '.join(worse)}"
        )


def report(found: list[Measured], stored: dict[str, Any]) -> None:
    """Print where it was measured, and the table beside the lines of the stored baseline."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    busy, _, _ = os.getloadavg()
    print(
        f"\n{machine}, PostgreSQL {database.version}; {busy:.1f} processes wanted a core at the"
        " end."
    )
    print("Ratios are of this one run; what else this machine does moves them.\n")
    show(found, {one.key: baseline.against(one, stored) for one in found})


def _comparison() -> list[Measured]:
    database.empty(*loading.EMPTIED)
    loading.load(list(loading.batches(1.0)), loading.DAY)
    return comparing.comparison()


if __name__ == "__main__":
    main()
