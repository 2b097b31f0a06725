"""The days in CQC's files: dd/mm/yyyy, ISO, the dashboard's American kind, a spreadsheet's serial
number; and a file's own day.
"""

import re
from datetime import date, timedelta
from functools import lru_cache

from documents import dates
from documents.spreadsheets.values import EXCEL_ZERO

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 0{1,2}:00(?::00)?)?")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) \d{1,2}:\d{2}(?::\d{2})? ?[AaPp][Mm]")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_SERIAL = re.compile(r"(\d{5})(?:\.0*)?")
_IN_WORDS = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[ _-]+([A-Za-z]{3,9})[ _,-]+(\d{4})(?!\d)")
_ISO_IN_TEXT = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")


@lru_cache(maxsize=20_000)
def day_of(text: str, zero: date = EXCEL_ZERO) -> date | None:
    """The day that a cell names; None if it names none. `zero` is that of the workbook's serial
    numbers.
    """
    if match := _AMERICAN.fullmatch(text):
        return _day(match[3], match[1], match[2])
    if match := _DAY_FIRST.fullmatch(text):
        return _day(match[3], match[2], match[1])
    if match := _ISO.fullmatch(text):
        return _day(*match.groups())
    if match := _SERIAL.fullmatch(text):
        found = zero + timedelta(days=int(match[1]))
        return found if dates.can_be_published(found) else None
    return day_in_words(text) if text[:1].isdigit() else None


def day_in_words(text: str) -> date | None:
    """The first day that a sentence or file name gives, such as `01_July_2026`, `19 August 2026` or
    `2026-07-01`.
    """
    for match in _IN_WORDS.finditer(text):
        if (month := dates.month_of(match[2])) and (day := _day(match[3], str(month), match[1])):
            return day
    match_iso = _ISO_IN_TEXT.search(text)
    return _day(*match_iso.groups()) if match_iso else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if dates.can_be_published(found) else None
