"""Names that were given up and do not come back: the first column of docs/renames.csv, looked for
whole in every file.
"""

import csv
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
# The map itself, and what tells of the past.
PAST = ("docs/renames.csv", "docs/adr/", "CHANGELOG.md", ".git-blame-ignore-revs")
OTHERS = (
    "LICENSE",
    "documents/dejavu/LICENCE.txt",
    "static/vendor/",
    "tests/vendor/",
    "tests/data/",
    "script/vendor",
    "requirements",
)


def old_words() -> list[str]:
    with (HERE / "renames.csv").open(newline="") as file:
        return [row["old"] for row in csv.DictReader(file)]


def found() -> list[str]:
    """Where an old name stands, as `file:line: name`."""
    words = sorted(old_words(), key=len, reverse=True)
    pattern = re.compile(r"(?<![\w./-])(?:" + "|".join(map(re.escape, words)) + r")(?![\w-])")
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    hits = []
    for name in listed.stdout.splitlines():
        if name.startswith((*PAST, *OTHERS)) or not (ROOT / name).is_file():
            continue
        try:
            lines = (ROOT / name).read_text().splitlines()
        except UnicodeDecodeError:
            continue
        hits += [
            f"{name}:{number}: {hit[0]}"
            for number, line in enumerate(lines, 1)
            for hit in pattern.finditer(line)
        ]
    return hits


def main() -> int:
    hits = found()
    if hits:
        sys.stderr.write(
            "Old names, see docs/renames.csv for the new ones:\n" + "\n".join(hits) + "\n"
        )
    return bool(hits)


if __name__ == "__main__":
    sys.exit(main())
