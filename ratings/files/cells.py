"""The cells of one row by our names for their columns, each looked at before it is believed."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from documents.spreadsheets.values import EXCEL_ZERO
from documents.text import clean_line
from ratings.files import days
from ratings.files.headings import Layout

# Letters of a cell: several times the longest that CQC has published, a list of specialisms.
LONGEST_CELL = 4_000
# No cell that names a day, a word or a number is longer; what is longer is not worth remembering.
LONGEST_WORD = 100
_LINE_ENDS = re.compile(r" *(?! )[\s\x00-\x1f\x7f][\s\x00-\x1f\x7f]*")


class ProblemReporter(Protocol):
    """Takes note of what cannot be used."""

    def __call__(
        self, row: int, column: str, value: str, reason: str, *, is_cell: bool = False
    ) -> None: ...


class Cells:
    """The row that is being read. `said` holds those of our columns in which some row says
    something.
    """

    def __init__(
        self,
        layout: Layout,
        today: date,
        report: ProblemReporter,
        said: set[str],
        zero: date = EXCEL_ZERO,
    ) -> None:
        self.said = said
        self.layout = layout
        self._kind = layout.kind
        self._at = layout.at
        self._today = today
        self._report = report
        self._zero = zero
        self._row = 0
        self._cells: Sequence[str] = ()

    def _text(self, column: str) -> str:
        at = self._at.get(column)
        return clean(self._cells[at]) if at is not None and at < len(self._cells) else ""

    def _word(self, column: str) -> str:
        return self._text(column)[:LONGEST_WORD]

    def _said(self, column: str, length: int, *, upper: bool = False) -> str | None:
        text = self._text(column)
        if len(text) > length:
            self._refuse(column, text, f"This has more than {length} characters.", is_cell=True)
            return None
        return (text.upper() if upper else text) or None

    def _day_of(self, text: str) -> date | None:
        return days.day_of(text, self._zero) if len(text) <= LONGEST_WORD else None

    def _day(self, column: str) -> date | None:
        text = self._text(column)
        day = self._day_of(text) if text else None
        if text and day is None:
            self._refuse(column, text, "This is not a date.", is_cell=True)
        elif day is not None and day > self._today:
            self._refuse(column, text, "This date is in the future.", is_cell=True)
            return None
        return day

    def _yes(self, column: str) -> bool | None:
        text = self._text(column)
        return is_yes(text) if text else None

    def _refuse(self, column: str, value: str, reason: str, *, is_cell: bool = False) -> None:
        self._report(self._row, column, value, reason, is_cell=is_cell)


def clean(text: str) -> str:
    """The text of a cell in one line. CQC writes a hyphen where it has nothing to say."""
    if text.isascii() and text.isprintable() and text[:1] not in ("", " ", "-") and text[-1] != " ":
        return text
    text = clean_line(_LINE_ENDS.sub(" ", text))
    return "" if text == "-" else text


def is_yes(text: str) -> bool:
    """Whether a cell says yes."""
    return text.strip().casefold() in {"y", "yes", "true", "1"}


def parts_of(text: str) -> list[str]:
    """The parts of a list in one cell: by bars in the directory, by commas in the dashboard."""
    return [part for part in map(str.strip, text.split("|" if "|" in text else ",")) if part]
