"""`script/snapshot FOLDER`: write what the demonstration says on one fixed day. `--compare A B`:
what differs between two.
"""

import argparse
import sys
from pathlib import Path

from snapshot.comparing import compare, words
from snapshot.roles import ROLES


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="script/snapshot", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", metavar="FOLDER", help="new or empty")
    parser.add_argument("--roles", default=",".join(ROLES), help="some alone, parted by commas")
    parser.add_argument(
        "--compare", type=Path, nargs=2, metavar=("A", "B"), help="exit status 1 if they differ"
    )
    parser.add_argument(
        "--map", type=Path, metavar="FILE", help="CSV of old,new names to take as the same"
    )
    asked = parser.parse_args(arguments)
    if asked.compare:
        for folder in asked.compare:
            if not folder.is_dir():
                parser.error(f"no such folder: {folder}")
        before, after = asked.compare
        lines = list(compare(before, after, words(asked.map) if asked.map else ()))
        for line in lines:
            print(line)
        return 1 if lines else 0
    if asked.folder is None:
        parser.error("name a folder to write into, or --compare two")
    if asked.folder.exists() and (not asked.folder.is_dir() or any(asked.folder.iterdir())):
        parser.error(f"{asked.folder} is there already and not empty")
    roles = asked.roles.split(",")
    if unknown := sorted(set(roles) - set(ROLES)):
        parser.error(f"no such role: {', '.join(unknown)} (of {', '.join(ROLES)})")
    from snapshot.taking import take

    take(asked.folder, [role for role in ROLES if role in roles])
    return 0


if __name__ == "__main__":
    sys.exit(main())
