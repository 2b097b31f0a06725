"""From the lines of a file to rows that can be staged: what each says, in our words, and what of it
we cannot use.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ratings.files import days
from ratings.files.errors import UnreadableError
from ratings.files.headings import FileKind, Layout, layout_of, nearest_miss
from ratings.files.opening import open_sheets
from ratings.files.rows import LocationRow, ProblemReporter, RatingRow, Rows
from ratings.files.sheets import Line, Sheets

AT_ONCE = 5_000
# Headings stand within the first lines of a sheet, below a banner or a preamble.
PREAMBLE = 20
NOT_OURS = (
    "This is not a file that we can use. Upload one that CQC publishes: Active Locations, Latest"
    " ratings, the directory, Deactivated Locations, or the dashboard’s export of locations."
)
SAYS_ITS_DAY = ("as at", "as of", "produced on", "as on")


class Problem(NamedTuple):
    """What could not be used: the whole row, or (`is_cell`) one cell of a row that went in without
    it.
    """

    sheet: str
    row: int
    column: str
    value: str
    reason: str
    is_cell: bool


@dataclass(slots=True)
class Batch:
    """A handful of rows."""

    locations: list[LocationRow] = field(default_factory=list)
    ratings: list[RatingRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Reading:
    """One pass over a file. Use in a `with`; iterate `batches()` to its end, then everything else
    is known.

    `kind`; `stated_on` (the day that the file says it is of, in a sheet, its preamble or its name;
    None if nowhere); `rows` read; `not_ratings` (rows such as "Not rated", which end nothing);
    `progress`. Raises `UnreadableError` when the file is none of CQC's or cannot be read to its
    end.
    """

    def __init__(self, path: Path, *, name: str, today: date) -> None:
        self._sheets: Sheets = open_sheets(path)
        self._name = name
        self._today = today
        self._problems: list[Problem] = []
        self._stated_within: date | None = None
        self.kind: FileKind | None = None
        self.rows = 0
        self.not_ratings = 0

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self._sheets.close()

    @property
    def progress(self) -> float:
        return self._sheets.progress

    @property
    def stated_on(self) -> date | None:
        return self._stated_within or days.day_in_words(self._name)

    def batches(self) -> Iterator[Batch]:
        """The rows of every sheet that is ours, a few thousand at a time."""
        batch, rows = Batch(), None
        reader: _Sheet | None = None
        for line in self._sheets:
            if reader is None or reader.name != line.sheet:
                reader = _Sheet(line.sheet)
            if reader.layout is None or rows is None:
                self._look_for_headings(reader, line)
                if reader.layout is not None:
                    rows = self._rows_of(reader.layout, line.sheet, rows)
                continue
            self.rows += 1
            rows.read(line.number, line.cells, batch.locations, batch.ratings)
            if self.rows % AT_ONCE == 0:
                yield self._with_problems(batch, rows)
                batch = Batch()
        if rows is None:
            raise UnreadableError(self._why_not_ours())
        yield self._with_problems(batch, rows)

    def _rows_of(self, layout: Layout, sheet: str, before: Rows | None) -> Rows:
        if self.kind is not None and layout.kind is not self.kind:
            raise UnreadableError("The file holds two of CQC’s files. Upload them one at a time.")
        self.kind = layout.kind
        seen = before.seen if before else {}
        return Rows(layout, self._today, self._reporter(sheet, layout), seen)

    def _reporter(self, sheet: str, layout: Layout) -> ProblemReporter:
        def report(
            row: int, column: str, value: str, reason: str, *, is_cell: bool = False
        ) -> None:
            self._problems.append(
                Problem(sheet, row, layout.title(column), value[:100], reason, is_cell)
            )

        return report

    def _with_problems(self, batch: Batch, rows: Rows) -> Batch:
        batch.problems, self._problems = self._problems, []
        self.not_ratings += rows.not_ratings
        rows.not_ratings = 0
        return batch

    def _look_for_headings(self, sheet: "_Sheet", line: Line) -> None:
        sheet.lines += 1
        if sheet.lines <= PREAMBLE:
            sheet.layout = layout_of(line.cells)
            if sheet.layout is None:
                self._nearest = nearest_miss(line.cells) or self._nearest
        if sheet.layout is None and self._stated_within is None and sheet.lines <= 200:
            self._stated_within = _day_said(line.cells)

    _nearest: str | None = None

    def _why_not_ours(self) -> str:
        if self._nearest:
            return f"No sheet of this file is one of CQC’s. {self._nearest}"
        return NOT_OURS


@dataclass(slots=True)
class _Sheet:
    name: str
    layout: Layout | None = None
    lines: int = 0


def _day_said(cells: Sequence[str]) -> date | None:
    text = " ".join(" ".join(cells).split())
    lower = text.casefold()
    for words in SAYS_ITS_DAY:
        at = lower.find(words)
        if at >= 0 and (day := days.day_in_words(text[at:])):
            return day
    return None


__all__ = ["Batch", "Mapping", "Problem", "Reading"]
