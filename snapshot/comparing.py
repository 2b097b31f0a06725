"""What differs between two snapshots, said once for all roles that see the same difference."""

import csv
import difflib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

Words = list[tuple[str, str]]


def words(file: Path) -> Words:
    """The pairs old,new of a CSV file: names that were changed on purpose."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [(row[0], row[1]) for row in csv.reader(lines) if len(row) > 1]


def compare(before: Path, after: Path, changed: Iterable[tuple[str, str]] = ()) -> Iterator[str]:
    """The lines of the report; none when the two are equal. Names in `changed` are replaced in the
    older one first.
    """
    old, new = _read(before, list(changed)), _read(after, [])
    by_difference: dict[tuple[str, str], list[str]] = {}
    for name in sorted(old.keys() | new.keys()):
        page, role = _page_and_role(name)
        if difference := _difference(old.get(name), new.get(name)):
            by_difference.setdefault((page, difference), []).append(role)
    for (page, difference), roles in by_difference.items():
        seen_by = f" ({', '.join(roles)})" if roles[0] else ""
        yield f"== {page}{seen_by}"
        yield difference
        yield ""
    if by_difference:
        yield f"{len({page for page, _ in by_difference})} pages, figures or files differ."


def _read(folder: Path, changed: Words) -> dict[str, str]:
    return {
        _replaced(file.relative_to(folder).as_posix(), changed): _replaced(
            file.read_text(encoding="utf-8"), changed
        )
        for file in folder.rglob("*")
        if file.is_file()
    }


def _replaced(text: str, changed: Words) -> str:
    for old, new in changed:
        # Whole names alone: `view` is no part of `view-paper`.
        text = re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new.replace("\\", r"\\"), text)
    return text


def _page_and_role(name: str) -> tuple[str, str]:
    """`pages/officer/home.json` is the page `home` of the officer; other files are no one's."""
    parts = name.split("/")
    return (parts[2].removesuffix(".json"), parts[1]) if parts[0] == "pages" else (name, "")


def _difference(old: str | None, new: str | None) -> str:
    if old is None:
        return "only in the second"
    if new is None:
        return "only in the first"
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2)
    return "\n".join(line for number, line in enumerate(lines) if number > 1)
