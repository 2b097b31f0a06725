"""`script/bench [PART ...]`: measure, and print a table. Parts: files, rows, comparison, growth, sync; all of them by default."""

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import comparing, database, growing, loading, syncing
from bench.table import Measured, show

PARTS = ("files", "rows", "comparison", "growth", "sync")


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write what was measured to this file too")
    given = parser.parse_args()
    asked = given.parts or list(PARTS)
    if unknown := set(asked) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    found: list[Measured] = []
    with database.prepared(), tempfile.TemporaryDirectory(prefix="bench-") as folder:
        measures: dict[str, Callable[[], list[Measured]]] = {
            "files": lambda: loading.whole(Path(folder)),
            "rows": lambda: loading.rows()[0],
            "comparison": _comparison,
            "growth": growing.growth,
            "sync": syncing.sync,
        }
        try:
            for part in PARTS:
                if part in asked:
                    print(f"Measuring {part} ...", flush=True)
                    found += measures[part]()
        finally:
            tell(found)
            if given.write:
                given.write.write_text(json.dumps({one.key: one.stored() for one in found}, indent=2))


def tell(found: list[Measured]) -> None:
    """Print where it was measured, and the table."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    busy, _, _ = os.getloadavg()
    print(f"\n{machine}, PostgreSQL {database.version}; {busy:.1f} processes wanted a core at the end.")
    print("Ratios are of this one run; what else this machine does moves them.\n")
    show(found)


def _comparison() -> list[Measured]:
    database.empty(*loading.EMPTIED)
    loading.load(list(loading.batches(1.0)), loading.DAY)
    return comparing.comparison()


if __name__ == "__main__":
    main()
