"""What is staged against what is held: first a plan of every difference, then, unless only asked,
its execution.

Everything is set-wise: an England's worth of rows is a dozen statements. The rules are those of
docs/adr/0020-files.md:

- **The day decides.** A file's facts are of its day. A location that we have read since (from CQC's
  API or a later file) keeps what it has. A file that does not say its day overwrites nothing.
- **What a file leaves out is no news**: a missing location is not closed, an empty cell empties
  nothing.
- **A rating is never changed**: what a file ends or corrects is retracted and, if it stood, learned
  again with its end. A rating published later than the file's stays. An older rating fills a gap in
  the history, up to the next that we hold, and replaces nothing.
- **Of a whole location and its services the latest published holds**, key question by key question
  (`ratings.files.assessments`). What is set aside is listed.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from ratings.files import assessments, news
from ratings.files.headings import FileKind
from ratings.files.staging import LOCATION_COLUMNS

NEWLY_REGISTERED = timedelta(days=90)
LISTED = 2_000  # of each kind of change, for the page
LOCK = "ratings.sync"
BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)

TEXT = (
    "cqc_provider_id",
    "name",
    "name_key",
    "brand_name",
    "directorate",
    "address",
    "postcode",
    "local_authority",
    "region",
)
DIRECT = ("registered_on", "beds", "last_inspected_on")
FIELDS = LOCATION_COLUMNS[1:]
# What a file says in its own words, or only by inference, fills what is empty and changes nothing.
FILLS_ONLY: dict[FileKind, frozenset[str]] = {
    FileKind.DIRECTORY: frozenset({"address"}),
    FileKind.RATINGS: frozenset({"address", "directorate"}),
    FileKind.DASHBOARD: frozenset({"directorate", "specialisms"}),
    FileKind.ACTIVE: frozenset({"specialisms"}),
}
PLANS = (
    "planned_location",
    "repeated",
    "taken",
    "planned_rating",
    "assessed",
    "set_aside",
    "whole",
    "held",
    "ended_rating",
    "beside",
)


class BusyError(Exception):
    """CQC is being read, or another file merged: come again."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The file whose rows are staged: its kind, the day of its facts, whether it says that day
    itself.
    """

    kind: FileKind
    day: date
    is_stated: bool

    @property
    def moment(self) -> datetime:
        """The first moment of its day: whoever asked CQC on that day asked later."""
        return timezone.make_aware(datetime.combine(self.day, time.min))


@transaction.atomic
def merge(snapshot: Snapshot, *, now: datetime, import_id: int, is_dry_run: bool) -> dict[str, int]:
    """Merge what is staged; returns how many of each kind of change, which are listed as rows of
    the import.

    The news for people (`LocationChange`) are written with `noticed_at` = `now`. Raises `BusyError`
    when CQC is being read.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [LOCK])
        if not cursor.fetchone()[0]:
            raise BusyError("CQC is being read, or another file is being merged.")
        # The plan is made of what is held now: nobody may write a location or a rating until it has
        # been carried out. Readers are not kept waiting.
        cursor.execute("LOCK TABLE ratings_location, ratings_rating IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        # The planner needs to know of the plans how long they are, hardly more.
        cursor.execute("SET LOCAL default_statistics_target = 10")
        parameters = {
            # Without a stated day it is older than everything that was ever read: it fills gaps
            # alone.
            "moment": snapshot.moment if snapshot.is_stated else BEFORE_ALL,
            "read_at": min(now, snapshot.moment) if snapshot.is_stated else now,
            "now": now,
            "new_since": timezone.localdate(now) - NEWLY_REGISTERED,
            "import_id": import_id,
            "listed": LISTED,
        }
        merge_cursor = _MergeCursor(cursor, parameters)
        cursor.execute("ANALYZE staged_location (location_id)")
        cursor.execute(f"ANALYZE staged_rating ({', '.join(KEY)})")
        _plan_locations(merge_cursor, snapshot)
        _plan_ratings(merge_cursor)
        counts = merge_cursor.counts()
        for statement in news.LISTS:
            merge_cursor.run(statement)
        if not is_dry_run:
            _execute(merge_cursor)
        for plan in PLANS:
            cursor.execute(f"DROP TABLE pg_temp.{plan}")
    return counts


class _MergeCursor:
    """A cursor with the parameters of the merge at hand."""

    def __init__(self, cursor: Any, parameters: dict[str, Any]) -> None:
        self.cursor = cursor
        self.parameters = parameters

    def run(self, statement: str) -> int:
        self.cursor.execute(statement, self.parameters)
        return int(self.cursor.rowcount)

    def plan(self, table: str, query: str, *keys: str) -> int:
        """Keep a query's answer, and what the planner should know of the columns that it is joined
        by; returns its rows.
        """
        number = self.run(f"CREATE TEMPORARY TABLE {table} AS {query}")
        self.cursor.execute(f"ANALYZE {table} ({', '.join(keys)})")
        return number

    def counts(self) -> dict[str, int]:
        self.cursor.execute(news.COUNTS)
        names = [column.name for column in self.cursor.description]
        return dict(zip(names, self.cursor.fetchone(), strict=True))


# Locations


def _plan_locations(merge_cursor: _MergeCursor, snapshot: Snapshot) -> None:
    fills_only = FILLS_ONLY.get(snapshot.kind, frozenset())
    merged = ",\n".join(f"{_merged(column, column in fills_only)} AS {column}" for column in FIELDS)
    before = ", ".join(f"l.{column}" for column in FIELDS)
    after = ", ".join(f"m.{column}" for column in FIELDS)
    merge_cursor.plan(
        "planned_location",
        f"""SELECT m.*, m.is_new OR ROW({after}) IS DISTINCT FROM ROW({before}) AS is_changed
            FROM (SELECT s.location_id, l.location_id IS NULL AS is_new,
                         COALESCE(l.read_at <= %(moment)s, true) AS is_fresh,
                         (l.read_at AT TIME ZONE 'Europe/London')::date AS read_on, {merged}
                  FROM staged_location s LEFT JOIN ratings_location l USING (location_id)) m
            LEFT JOIN ratings_location l USING (location_id)""",  # noqa: S608 - names from the code
        "location_id",
    )


def _merged(column: str, fills_only: bool) -> str:
    if column in TEXT or column == "primary_type":
        if fills_only:
            return f"COALESCE(NULLIF(l.{column}, ''), s.{column}, '')"
        return f"COALESCE(s.{column}, l.{column}, '')"
    if column in DIRECT:
        return f"COALESCE(s.{column}, l.{column})"
    if column == "is_registered":
        return "COALESCE(s.is_registered, l.is_registered, true)"
    if column == "deregistered_on":
        return (
            "CASE WHEN s.is_registered THEN NULL ELSE COALESCE(s.deregistered_on,"
            " l.deregistered_on) END"
        )
    if column in ("service_types", "specialisms"):
        if fills_only:
            return f"COALESCE(NULLIF(l.{column}, '{{}}'), s.{column}, '{{}}')"
        return f"COALESCE(s.{column}, l.{column}, '{{}}')"
    return f"COALESCE(s.{column}, l.{column}, false)"


# Ratings

KNOWN_NOW = "retracted_at IS NULL"
KEY = ("location_id", "service_group", "key_question")
LAST_AND_LOWEST = f"published_on DESC, {news.RANK.format('rating')}"


def _plan_ratings(merge_cursor: _MergeCursor) -> None:
    merge_cursor.plan(
        "repeated",
        """SELECT location_id, service_group, key_question FROM staged_rating
           GROUP BY location_id, service_group, key_question HAVING count(*) > 1""",
        *KEY,
    )
    # Of several that a file prints for one key question the later, of one day the lowest.
    merge_cursor.plan(
        "taken",
        f"""SELECT DISTINCT ON (location_id, service_group, key_question) s.*
            FROM staged_rating s JOIN repeated USING (location_id, service_group, key_question)
            ORDER BY location_id, service_group, key_question, {LAST_AND_LOWEST}""",  # noqa: S608 - names from the code
        *KEY,
    )
    # Most of a month's file is what the last one said: all that follows is of what differs.
    merge_cursor.plan(
        "planned_rating",
        f"""SELECT row_number() OVER () AS id, d.*, NULL::date AS until, NULL::varchar AS stood,
                   p.is_fresh, p.is_new, p.read_on
            FROM (SELECT * FROM staged_rating
                  WHERE ({", ".join(KEY)}) NOT IN (SELECT * FROM repeated)
                  UNION ALL SELECT * FROM taken) d
            JOIN planned_location p USING (location_id)
            WHERE NOT EXISTS (SELECT FROM ratings_rating r WHERE {_same_as("d")})""",  # noqa: S608 - names from the code
        "id",
        *KEY,
    )
    assessed = merge_cursor.plan(
        "assessed",
        assessments.ASSESSED.format(last_and_lowest=LAST_AND_LOWEST),
        "location_id",
        "key_question",
    )
    merge_cursor.plan("set_aside", assessments.REPEATED, "location_id")
    if assessed:
        merge_cursor.run(assessments.WHOLE_ENDED)
        merge_cursor.run(f"INSERT INTO set_aside {assessments.NO_RATING}")
        merge_cursor.run("DELETE FROM planned_rating WHERE until <= published_on")
    merge_cursor.plan("whole", assessments.WHOLE, "location_id", "key_question")
    if assessed:
        merge_cursor.run(assessments.ASSESSMENT_ENDED)
    merge_cursor.plan("held", HELD, *KEY)
    merge_cursor.plan("ended_rating", ENDED, "id")
    merge_cursor.plan("beside", BESIDE, "id")
    # What we hold stands already on its day, or it is an older file's last word on what we have
    # read since.
    merge_cursor.run("""DELETE FROM planned_rating w
           WHERE id IN (SELECT id FROM beside WHERE is_covered)
              OR NOT (is_fresh OR id IN (SELECT id FROM beside WHERE next_on IS NOT NULL))""")
    merge_cursor.run(
        "UPDATE planned_rating w SET until = LEAST(w.until, b.next_on), stood = b.stood FROM beside"
        " b WHERE b.id = w.id"
    )


def _same_as(row: str) -> str:
    """That `r` is known now and is the same rating as the row."""
    columns = ("location_id", "key_question", "service_group", "published_on", "rating")
    return " AND ".join([f"r.{KNOWN_NOW}", *(f"r.{column} = {row}.{column}" for column in columns)])


# What we hold of the key questions that the file is about.
HELD = """
    SELECT r.* FROM ratings_rating r
    WHERE r.retracted_at IS NULL
      AND ((r.location_id, r.key_question) IN (SELECT location_id, key_question FROM planned_rating)
           OR (r.location_id, r.key_question) IN (SELECT location_id, key_question FROM assessed))
"""

# What stands and is ended by a later one of its own group, corrected by one of its own day, or
# ended by an assessment. An end on its own first day means that it is only retracted.
ENDED = f"""
    SELECT h.*, e.ends_on, e.ends_on > h.published_on AS has_stood
    FROM held h JOIN (
        SELECT h.id, min(ends_on) AS ends_on FROM (
            SELECT h.id, w.published_on AS ends_on FROM held h
            JOIN planned_rating w ON w.location_id = h.location_id
                           AND w.key_question = h.key_question
                           AND w.service_group = h.service_group
            WHERE w.is_fresh AND h.superseded_on IS NULL AND w.published_on >= h.published_on
            UNION ALL {assessments.HELD_ENDED}
        ) h WHERE ends_on IS NOT NULL GROUP BY h.id
    ) e ON e.id = h.id
"""  # noqa: S608 - names from the code

# Of each new one that we hold others beside: when the next of its group or,
# of the whole location and its services, of another is; whether it is covered; and what stood.
BESIDE = f"""
    SELECT n.*, s.rating AS stood
    FROM (
        SELECT w.id,
               min(h.published_on) FILTER (
                   WHERE h.published_on > w.published_on
                     AND (h.service_group = w.service_group OR {assessments.FOLLOWS})
               ) AS next_on,
               bool_or(h.service_group = w.service_group AND h.published_on <= w.published_on
                       AND (h.superseded_on > w.published_on
                            OR (h.superseded_on IS NULL AND NOT w.is_fresh))) AS is_covered
        FROM planned_rating w JOIN held h USING (location_id, key_question) GROUP BY w.id
    ) n
    LEFT JOIN (
        SELECT DISTINCT ON (w.id) w.id, h.rating
        FROM planned_rating w JOIN held h USING (location_id, key_question)
        WHERE h.superseded_on IS NULL
        ORDER BY w.id, h.service_group = w.service_group DESC, {news.RANK.format("h.rating")}
    ) s ON s.id = n.id
"""  # noqa: S608 - names from the code


# Execution


def _execute(merge_cursor: _MergeCursor) -> None:
    # The news first: they compare the plan with what is still held.
    for statement in (news.OF_LOCATIONS, news.OF_RATINGS):
        merge_cursor.run(statement)
    fields = ", ".join(FIELDS)
    planned = ", ".join(f"p.{field}" for field in FIELDS)
    merge_cursor.run(
        f"""INSERT INTO ratings_location (location_id, {fields}, first_seen_at, read_at)
            SELECT location_id, {fields}, %(now)s, %(read_at)s FROM planned_location WHERE is_new"""  # noqa: S608 - names from the code
    )
    merge_cursor.run(
        f"""UPDATE ratings_location l SET ({fields}) = ROW({planned})
            FROM planned_location p
            WHERE p.location_id = l.location_id AND p.is_fresh AND p.is_changed AND NOT p.is_new"""  # noqa: S608 - names from the code
    )
    merge_cursor.run("""UPDATE ratings_location l SET read_at = %(read_at)s FROM planned_location p
           WHERE p.location_id = l.location_id AND p.is_fresh AND l.read_at < %(read_at)s""")
    # Before the new ones: the database refuses two ratings of one thing that stand at once.
    merge_cursor.run(
        "UPDATE ratings_rating r SET retracted_at = %(now)s FROM ended_rating e WHERE r.id = e.id"
    )
    merge_cursor.run(
        f"""INSERT INTO ratings_rating ({RATING_FIELDS}, superseded_on, learned_at)
            SELECT {RATING_FIELDS}, ends_on, %(now)s FROM ended_rating WHERE has_stood"""  # noqa: S608 - names from the code
    )
    merge_cursor.run(
        f"""INSERT INTO ratings_rating ({RATING_FIELDS}, superseded_on, learned_at)
            SELECT w.location_id, w.service_group, w.service_type, w.key_question, w.rating,
                   w.published_on, w.source, COALESCE(b.before, ''), '', NULL, w.until, %(now)s
            FROM planned_rating w
            LEFT JOIN (SELECT location_id, min(related_location_id) AS before
                       FROM ratings_locationrelation
                       WHERE is_predecessor GROUP BY location_id HAVING count(*) = 1) b
              ON b.location_id = w.location_id AND w.is_inherited"""  # noqa: S608 - names from the code
    )


RATING_FIELDS = (
    "location_id, service_group, service_type, key_question, rating, published_on, source, "
    "inherited_from, report_link, score"
)
