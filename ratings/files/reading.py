"""From the lines of a file to rows that can be staged: what each says, in our words, and what of it
we cannot use.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from documents.folding import letters_and_digits
from documents.spreadsheets.errors import UnreadableError
from documents.spreadsheets.lines import Line, Sheets
from documents.spreadsheets.opening import open_sheets
from ratings.files import days
from ratings.files.cells import LONGEST_CELL, ProblemReporter, clean
from ratings.files.expected import NO_ROWS, NO_SUCH_COLUMN, missing_columns, why_of_no_use
from ratings.files.headings import NAMES, FileKind, Layout, layout_of, nearest_miss
from ratings.files.rows import LocationRow, RatingRow, Rows
from ratings.files.seen import Seen

AT_ONCE = 5_000  # rows, or problems
LETTERS_AT_ONCE = 2_000_000
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
    `not_read` (sheets that hold nothing of ours, with their rows); `progress`. Raises
    `UnreadableError` when the file is none of CQC's, cannot be read to its end, or says nothing of
    what its kind is for.
    """

    def __init__(self, path: Path, *, name: str, today: date) -> None:
        self._sheets: Sheets = open_sheets(path, longest_cell=LONGEST_CELL)
        self._name = name
        self._today = today
        self._problems: list[Problem] = []
        self._stated_within: date | None = None
        self._layout: Layout | None = None
        self._seen = Seen()
        self._said: set[str] = set()
        self._nearest: str | None = None
        self.kind: FileKind | None = None
        self.rows = 0
        self.not_ratings = 0
        self.not_read: dict[str, int] = {}

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
        batch, rows, letters = Batch(), 0, 0
        sheet: _Sheet | None = None
        for line in self._sheets:
            if sheet is None or sheet.name != line.sheet:
                sheet = _Sheet(line.sheet, repeats=_repeats_others(line.sheet))
            if sheet.rows is None:
                self._look_for_headings(sheet, line)
                continue
            self.rows += 1
            self._read(sheet.rows, line, batch)
            rows += 1
            letters += line.letters
            if max(rows, len(self._problems)) >= AT_ONCE or letters >= LETTERS_AT_ONCE:
                yield self._with_problems(batch, sheet.rows)
                batch, rows, letters = Batch(), 0, 0
        if self._layout is None:
            raise UnreadableError(self._why_not_ours())
        if not self.rows:
            raise UnreadableError(NO_ROWS.format(NAMES[self._layout.kind]))
        yield self._with_problems(batch, sheet.rows if sheet else None)
        if why := why_of_no_use(self._layout, self._said, self.rows):
            raise UnreadableError(why)

    def _read(self, rows: Rows, line: Line, batch: Batch) -> None:
        for fault in line.faults:
            if fault.column is None:
                self._report(line.sheet, line.number, "", fault.value, fault.reason, is_cell=False)
                return
            # A column that we do not read may hold what it likes.
            if title := rows.layout.used.get(fault.column):
                rows.said |= {our for our, at in rows.layout.at.items() if at == fault.column}
                self._report(line.sheet, line.number, title, fault.value, fault.reason)
        rows.read(line.number, line.cells, batch.locations, batch.ratings)

    def _begin(self, sheet: "_Sheet", layout: Layout, line: Line) -> None:
        if self.kind is not None and layout.kind is not self.kind:
            raise UnreadableError("The file holds two of CQC’s files. Upload them one at a time.")
        self.kind, self._layout = layout.kind, self._layout or layout
        self._seen.begin(sheet.name)
        for heading in missing_columns(layout):
            self._report(sheet.name, line.number, heading, "", NO_SUCH_COLUMN)
        sheet.rows = Rows(
            layout,
            self._today,
            self._reporter(sheet.name, layout),
            self._seen,
            self._said,
            self._sheets.day_zero,
        )

    def _reporter(self, sheet: str, layout: Layout) -> ProblemReporter:
        def report(
            row: int, column: str, value: str, reason: str, *, is_cell: bool = False
        ) -> None:
            self._report(sheet, row, layout.title(column), value, reason, is_cell=is_cell)

        return report

    def _report(
        self, sheet: str, row: int, title: str, value: str, reason: str, *, is_cell: bool = True
    ) -> None:
        name = _shown(sheet)
        self._problems.append(Problem(name, row, title, _shown(value), reason, is_cell))

    def _with_problems(self, batch: Batch, rows: Rows | None) -> Batch:
        batch.problems, self._problems = self._problems, []
        if rows is not None:
            self.not_ratings += rows.not_ratings
            rows.not_ratings = 0
        return batch

    def _look_for_headings(self, sheet: "_Sheet", line: Line) -> None:
        sheet.lines += 1
        layout = None
        if sheet.lines <= PREAMBLE and not sheet.repeats:
            layout = layout_of(line.cells)
            if layout is None:
                self._nearest = nearest_miss(line.cells) or self._nearest
        if layout is not None:
            self.not_read.pop(_shown(sheet.name), None)
            self._begin(sheet, layout, line)
            return
        self.not_read[_shown(sheet.name)] = sheet.lines
        if self._stated_within is None and sheet.lines <= 200:
            self._stated_within = _day_said(line.cells)

    def _why_not_ours(self) -> str:
        if self._nearest:
            return f"No sheet of this file is one of CQC’s. {self._nearest}"
        return NOT_OURS


@dataclass(slots=True)
class _Sheet:
    name: str
    repeats: bool = False
    rows: Rows | None = None
    lines: int = 0


def _repeats_others(sheet: str) -> bool:
    """Whether a sheet lists locations of the other sheets again: those with two registrations."""
    return "dualregist" in letters_and_digits(sheet[:200])


def _shown(text: str) -> str:
    """The beginning of a text as the database can hold it and a list can show it."""
    return clean(text[:200])[:100]


def _day_said(cells: Sequence[str]) -> date | None:
    text = " ".join(" ".join(cells).split())
    lower = text.casefold()
    for words in SAYS_ITS_DAY:
        at = lower.find(words)
        if at >= 0 and (day := days.day_in_words(text[at:])):
            return day
    return None


__all__ = ["Batch", "Mapping", "Problem", "Reading"]
