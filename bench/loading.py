"""Loading an England's worth of rows, against what PostgreSQL itself needs for them."""

import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from bench import cqc_files, database
from bench.england import places
from bench.table import Measured, seconds

DAY = date(2026, 7, 1)
TABLES = ("ratings_location", "ratings_rating")
FOREIGN_KEY = """ALTER TABLE bare_ratings_rating ADD FOREIGN KEY (location_id)
                 REFERENCES bare_ratings_location DEFERRABLE INITIALLY DEFERRED"""
EMPTIED = (*TABLES, "ratings_locationchange", "ratings_filechange")
AT_ONCE = 5_000
SAMPLE = 400  # locations for update_or_create
ROUNDS = 3  # the best of them counts: what else a machine does only ever adds


def whole(folder: Path) -> list[Measured]:
    """The two files from their bytes to the last row, in a process of its own; then the same file
    again.
    """
    found = []
    for name, write in (
        ("HSCA_Active_Locations", cqc_files.active_file),
        ("Latest_ratings", cqc_files.ratings_file),
    ):
        path = folder / f"01_July_2026_{name}.ods"
        size = write(path, as_at=DAY)
        result = _in_a_process_of_its_own(path)
        what = f"{name}.ods: {result['rows']:,} rows, {size / 1e6:,.0f} MB of XML, read and merged"
        found.append(Measured(name, what, seconds(result["first"]), result["first"]))
        found.append(
            Measured(
                f"{name}, reading",
                "  of that, reading",
                seconds(result["reading"]),
                result["reading"],
            )
        )
        memory = result["memory"]
        found.append(
            Measured(
                f"{name}, memory in MB",
                "  memory of the process",
                f"{memory:,.0f} MB",
                memory,
                "",
                memory,
                500,
                unit="MB",
            )
        )
        same = result["same"]
        found.append(
            Measured(
                f"{name}, again",
                "  the very same file again",
                seconds(same),
                same,
                "",
                same,
                0.1,
                unit="s",
            )
        )
    return found


def _in_a_process_of_its_own(path: Path) -> dict[str, Any]:
    completed = subprocess.run(
        [sys.executable, "-m", "bench.one_file", str(path)],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(completed.stdout.splitlines()[-1])
    return found


def rows() -> tuple[list[Measured], float]:
    """The rows alone: into empty tables, again unchanged, and by the ORM; returns also the time of
    the first load.
    """
    staged = list(batches(1.0))
    first, again, bare, with_keys = [], [], [], []
    number = 0
    for _ in range(ROUNDS):
        database.empty(*EMPTIED)
        first.append(load(staged, DAY))
        settle()
        again.append(load(staged, DAY))
        number, took = bare_copy()
        bare.append(took)
        with_keys.append(bare_copy(foreign_keys=True)[1])
    best, copy, checked = min(first), min(bare), min(with_keys)
    by_orm, sample = update_or_create(staged)
    per_row = by_orm / sample
    return [
        Measured(
            "rows",
            f"{number:,} rows into empty tables",
            seconds(best),
            best,
            f"bare COPY, same indexes: {seconds(copy)}",
            best / copy,
            1.5,
        ),
        Measured(
            "rows, against checked keys",
            "  against a COPY that checks foreign keys too",
            "",
            best,
            seconds(checked),
            best / checked,
        ),
        Measured(
            "rows, unchanged",
            "the same rows again, unchanged",
            seconds(min(again)),
            min(again),
            "the first time",
            min(again) / best,
            0.25,
        ),
        Measured(
            "rows, update_or_create",
            "the same by update_or_create",
            f"{seconds(per_row * number)} (from {sample:,} rows)",
            per_row * number,
            "the first time",
            per_row * number / best,
            50,
            at_least=True,
        ),
    ], best


def batches(share: float, as_at: date = DAY) -> Iterator[tuple[Any, list[Any], list[Any]]]:
    """The rows of both files, as the reader gives them: kind, locations, ratings."""
    from ratings.cqc.words import key_question_of, primary_type, rating_of, service_type_of
    from ratings.files.headings import FileKind
    from ratings.files.rows import LocationRow, RatingRow

    active: list[LocationRow] = []
    latest: list[LocationRow] = []
    ratings: list[RatingRow] = []
    for place in places(share, as_at=as_at):
        kind = service_type_of(place.kind)
        types = (kind,) if kind else ()
        directorate = "Adult social care" if place.is_social_care else "Primary medical services"
        address = f"{place.street}, {place.town}"
        row = LocationRow(
            place.location_id,
            place.provider_id,
            place.name,
            None,
            directorate,
            True,
            place.registered_on,
            None,
            False,
            place.is_care_home,
            place.beds,
            address,
            place.postcode,
            place.authority,
            place.region,
            tuple(one.value for one in types),
            primary_type(types) or "",
            ("Older People",),
            None,
        )
        active.append(row)
        if place.ratings:
            unsaid = {
                "registered_on",
                "beds",
                "is_dormant",
                "is_registered",
                "service_types",
                "primary_type",
                "specialisms",
            }
            row = row._replace(**dict.fromkeys(unsaid))
            latest.append(row if place.is_social_care else row._replace(directorate=None))
        for question, word, published_on in place.ratings:
            asked, rating = key_question_of(question), rating_of(word)
            assert asked
            assert rating
            ratings.append(
                RatingRow(
                    place.location_id,
                    "",
                    "",
                    asked.value,
                    rating.value,
                    published_on,
                    "inspection",
                    place.inherited,
                )
            )
    overall = [one for one in ratings if one.key_question == "overall"]
    yield FileKind.ACTIVE, active, overall
    yield FileKind.RATINGS, latest, ratings


def load(staged: list[tuple[Any, list[Any], list[Any]]], day: date) -> float:
    """Stage and merge both files' rows; returns the seconds."""
    from django.utils import timezone

    from ratings.files.merge import Snapshot, merge
    from ratings.files.staging import Staging
    from ratings.models import FileImport

    file_import = FileImport.objects.create(
        name="bench", sha256="bench", size=1, asked_at=timezone.now()
    )
    began = time.perf_counter()
    for kind, locations, ratings in staged:
        with Staging() as staging:
            for at in range(0, max(len(locations), len(ratings)), AT_ONCE):
                staging.add(locations[at : at + AT_ONCE], ratings[at : at + AT_ONCE])
            merge(
                Snapshot(kind, day, True),
                now=timezone.now(),
                import_id=file_import.pk,
                is_dry_run=False,
            )
    return time.perf_counter() - began


def bare_copy(*, foreign_keys: bool = False) -> tuple[int, float]:
    """COPY what is held into empty tables with the same indexes; returns the rows and the seconds.

    PostgreSQL copies no foreign keys with a table: `foreign_keys` adds the one from ratings to
    locations.
    """
    number, took = 0, 0.0
    with database.owner() as connection:
        for table in TABLES:
            connection.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
            if foreign_keys and table == "ratings_rating":
                connection.execute(FOREIGN_KEY)
            data = io.BytesIO()
            with connection.cursor().copy(
                f"COPY (SELECT * FROM {table} WHERE true) TO STDOUT"
            ) as source:
                for piece in source:
                    data.write(piece)
            began = time.perf_counter()
            _copy(connection, f"bare_{table}", data.getvalue())
            took += time.perf_counter() - began
            [(count,)] = connection.execute(f"SELECT count(*) FROM bare_{table}")
            number += count
        for table in reversed(TABLES):
            connection.execute(f"DROP TABLE bare_{table}")
    return number, took


def _copy(connection: psycopg.Connection, table: str, data: bytes) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as target:
        target.write(data)


def update_or_create(staged: list[tuple[Any, list[Any], list[Any]]]) -> tuple[float, int]:
    """The plain way, on a sample: each location and rating looked up and saved; returns seconds and
    rows.
    """
    from django.utils import timezone

    from ratings.models import Location, Rating

    (_, places_, _), (_, _, ratings) = staged
    sample = places_[:SAMPLE]
    ids = {row.location_id for row in sample}
    of_sample = [row for row in ratings if row.location_id in ids]
    now = timezone.now()
    began = time.perf_counter()
    for row in sample:
        values = {
            key: value
            for key, value in row._asdict().items()
            if value is not None and key != "location_id"
        }
        Location.objects.update_or_create(
            location_id=row.location_id,
            defaults={**values, "read_at": now},
            create_defaults={**values, "first_seen_at": now, "read_at": now},
        )
    for row in of_sample:
        Rating.objects.update_or_create(
            location_id=row.location_id,
            service_group=row.service_group,
            key_question=row.key_question,
            published_on=row.published_on,
            retracted_at=None,
            defaults={"rating": row.rating, "source": row.source},
            create_defaults={"rating": row.rating, "source": row.source, "learned_at": now},
        )
    return time.perf_counter() - began, len(sample) + len(of_sample)


def settle() -> None:
    """What autovacuum does within minutes of a large load."""
    with database.owner() as connection:
        for table in TABLES:
            connection.execute(f"VACUUM (ANALYZE) {table}")
