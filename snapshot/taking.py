"""A whole snapshot: pages, figures and schema, written into a folder."""

import sys
import time
from collections.abc import Sequence
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from snapshot import database
from snapshot.roles import ROLES
from snapshot.writing import write

AT_ONCE = 2  # processes that ask for pages
# Addresses of one pattern that the crawl opens. The first role finds most; the others add what it
# may not see.
FOLLOWED = {ROLES[0]: 8}


def take(folder: Path, roles: Sequence[str]) -> None:
    """Write the snapshot as those roles see it into an empty or new folder."""
    began = time.monotonic()

    def show_progress(part: str) -> None:
        nonlocal began
        now = time.monotonic()
        print(f"{part}: {now - began:.0f} s", file=sys.stderr, flush=True)
        began = now

    with database.prepared():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "schema.sql").write_text(database.schema(), encoding="utf-8")
        show_progress("schema")
        database.load()
        show_progress("demonstration")
        figures(folder / "figures")
        show_progress("figures")
        pages(folder, roles, show_progress)


def figures(folder: Path) -> None:
    """Every figure by its function's own defaults, as at the fixed day and a year before."""
    from core.workflow import NotAllowed
    from figures.registration import FIGURES

    today = database.MOMENT.date()
    for name in sorted(FIGURES.names()):
        for day, suffix in ((today, ""), (_year_before(today), f"@{_year_before(today)}")):
            try:
                found: dict[str, Any] = FIGURES[name].compute(as_at=day).as_json()
            except NotAllowed as refusal:
                found = {"refused": str(refusal)}
            write(folder / f"{name}{suffix}.json", found)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1)


def pages(folder: Path, roles: Sequence[str], show_progress: Any) -> None:
    """Every pattern as every role; which patterns no link leads to stands in `not_reached.txt`."""
    import logging

    from django.db import connection

    from snapshot.asking import sign_in
    from snapshot.guessing import guessed
    from snapshot.places import chosen, patterns

    # That a page is refused or missing stands in its record.
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    # All sign-ins first: the list of people says when each signed in last.
    sessions = {role: sign_in(role) for role in ROLES}
    connection.close()
    with get_context("fork").Pool(AT_ONCE) as pool:
        crawled = pool.starmap(_crawled, [(role, sessions[role]) for role in ROLES], chunksize=1)
        places = chosen([place for found in crawled for place in found])
        show_progress("crawl")
        lines = []
        for pattern in sorted(patterns()):
            if pattern.name not in places:
                places[pattern.name] = guessed(pattern)
                lines.append(f"{pattern.name}{': by guess' if places[pattern.name] else ''}")
        (folder / "not_reached.txt").write_text(
            "".join(f"{line}\n" for line in lines), encoding="utf-8"
        )
        connection.close()
        work = [(role, sessions[role], places, folder / "pages" / role) for role in roles]
        pool.starmap(_written, work, chunksize=1)
        show_progress("pages")


def _crawled(role: str, session: str) -> Any:
    from snapshot.asking import Asker
    from snapshot.places import crawl

    return crawl(Asker(role, session).links_of, FOLLOWED.get(role, 2))


def _written(role: str, session: str, places: dict[str, Any], folder: Path) -> None:
    from snapshot.asking import Asker

    asker = Asker(role, session)
    for name, variants in sorted(places.items()):
        for number, place in enumerate(variants, 1):
            write(folder / f"{name}{f'~{number}' if number > 1 else ''}.json", asker.page(place))
    write(folder / "_frame.json", asker.frame)
