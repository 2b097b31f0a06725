"""A file's rows on their way into the database: COPY into temporary tables that only this
connection sees.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import islice
from types import TracebackType
from typing import Any, Self

from django.db import connection

from documents.folding import name_key
from ratings.files.rows import LocationRow, RatingRow

LOCATION_TYPES = {
    "is_registered": "boolean",
    "registered_on": "date",
    "deregistered_on": "date",
    "is_dormant": "boolean",
    "is_care_home": "boolean",
    "beds": "integer",
    "service_types": "varchar[]",
    "specialisms": "varchar[]",
    "last_inspected_on": "date",
    "name_key": 'text COLLATE "C"',
}
# The name's key is no cell of a file: a COPY fills it as saving a row does.
LOCATION_COLUMNS = (*LocationRow._fields, "name_key")
RATING_TYPES = {"published_on": "date", "is_inherited": "boolean"}
TABLES = ("staged_location", "staged_rating")


class Staging:
    """The staging tables, made on entry and dropped on exit. They are of the session, so that rows
    can be staged in small transactions while a page shows how far the reading has come.
    """

    def __enter__(self) -> Self:
        self.drop()
        with connection.cursor() as cursor:
            cursor.execute(_create("staged_location", LOCATION_COLUMNS, LOCATION_TYPES))
            cursor.execute(_create("staged_rating", RatingRow._fields, RATING_TYPES))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        # In a transaction that has failed, its rollback takes them away.
        if connection.is_usable() and not connection.needs_rollback:
            self.drop()

    def drop(self) -> None:
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")

    def add(self, locations: Iterable[LocationRow], ratings: Iterable[RatingRow]) -> None:
        """Stage a batch of rows."""
        copy("staged_location", LOCATION_COLUMNS, map(_line, locations))
        copy("staged_rating", RatingRow._fields, map(_rating_line, ratings))


def copy(table: str, columns: Iterable[str], lines: Iterator[str]) -> None:
    """COPY lines of PostgreSQL's text format into a table."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as target,
    ):
        # By pieces: the server takes one in while the next is made.
        while piece := "".join(islice(lines, 250)):
            target.write(piece)


def _create(table: str, columns: Iterable[str], types: dict[str, str]) -> str:
    definitions = ", ".join(f"{column} {types.get(column, 'varchar')}" for column in columns)
    return f"CREATE TEMPORARY TABLE {table} ({definitions})"


def _line(row: LocationRow) -> str:
    # A hundred thousand of these, nineteen cells each: what is plain text or nothing costs no call.
    cells = [
        "\\N"
        if value is None
        else value
        if value.__class__ is str and "\\" not in value
        else _cell(value)
        for value in row
    ]
    cells.append("\\N" if row.name is None else _cell(name_key(row.name)))
    return "\t".join(cells) + "\n"


def _rating_line(row: RatingRow) -> str:
    # Half a million of these: only the group's name can hold a character that needs care.
    location_id, group, service_type, question, rating, published_on, source, is_inherited = row
    if "\\" in group:
        group = group.replace("\\", "\\\\")
    return (
        f"{location_id}\t{group}\t{service_type}\t{question}\t{rating}"
        f"\t{published_on.isoformat()}\t{source}\t{'t' if is_inherited else 'f'}\n"
    )


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value.replace("\\", "\\\\")
    if isinstance(value, tuple):
        return _array(value)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int | date):
        return str(value)
    raise TypeError(f"No column takes a {type(value).__name__}.")


@lru_cache(1_000)
def _array(values: tuple[str, ...]) -> str:
    quoted = (item.replace("\\", "\\\\").replace('"', '\\"') for item in values)
    return ("{" + ",".join(f'"{item}"' for item in quoted) + "}").replace("\\", "\\\\")
