"""The values of cells as text: numbers, days, errors, and letters that a workbook escapes."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

EXCEL_ZERO = date(1899, 12, 30)
MAC_ZERO = date(1904, 1, 1)
ERROR_VALUE = "This is an error of the spreadsheet and no value, so we left the cell out."
NOT_CALCULATED = (
    "This formula has no result in the file, so we left the cell out. Open the file in a"
    " spreadsheet program and save it."
)
NO_SUCH_TEXT = "The text of this cell is not in the file, so we left the cell out."
# Excel counts a 29 February 1900, which never was: before it a serial number is a day later.
EXCEL_LEAP = 60
LAST_SERIAL = 2_958_465  # 31 December 9999

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ERRORS = frozenset(
    {
        "#null!",
        "#div/0!",
        "#value!",
        "#ref!",
        "#name?",
        "#num!",
        "#n/a",
        "#getting_data",
        "#spill!",
        "#connect!",
        "#blocked!",
        "#unknown!",
        "#field!",
        "#calc!",
        "#busy!",
        "#python!",
        "#external!",
        "#timeout!",
    }
)
# LibreOffice's errors bear a number; signs alone stand where the column was too narrow.
_NUMBERED_OR_HIDDEN = re.compile(r"Err:\d{3}|#{3,}")
# What a format for numbers says besides its signs: texts, colours, conditions, padding.
_NO_SIGNS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.|general', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BUILT_IN_TIMES = {18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56}
_BUILT_IN_DAYS = {*range(14, 23), *range(27, 37), *range(50, 59)}
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0*)?)?Z?")
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")


def is_error(text: str) -> bool:
    """Whether a spreadsheet wrote this in place of a value that it could not work out."""
    return text.strip().casefold() in _ERRORS or bool(_NUMBERED_OR_HIDDEN.fullmatch(text.strip()))


def unescaped(text: str) -> str:
    """The text without the escapes (`_x000D_`) by which a workbook writes letters that XML cannot
    hold; its line ends as line feeds.
    """
    text = _ESCAPED.sub(_letter, text).replace("\r\n", "\n").replace("\r", "\n")
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _letter(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code else ""


def number(text: str) -> str:
    """A number as a person writes it: no exponent, at most 15 digits, as spreadsheets show it."""
    if text.isdecimal() and text.isascii():
        return text
    try:
        value = float(text)
    except ValueError:
        return text
    if not value:
        return "0"
    short = f"{value:.15g}"
    return f"{Decimal(short):f}" if "e" in short else short


@lru_cache(maxsize=10_000)
def moment(text: str, zero: date, is_time: bool = False) -> str:
    """The day, day and time, or (`is_time`: so it is shown) time that a serial number stands for,
    as ISO 8601; the text itself where it is none.
    """
    try:
        serial = float(text)
    except ValueError:
        return text
    if not 0 <= serial < LAST_SERIAL + 1:
        return text
    days, part = divmod(serial, 1)
    seconds = round(part * 86_400)
    if not days and (is_time or zero == EXCEL_ZERO):
        minutes, seconds = divmod(min(seconds, 86_399), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    if zero == EXCEL_ZERO and days < EXCEL_LEAP:
        days += 1
    try:
        at = datetime(zero.year, zero.month, zero.day) + timedelta(days=days, seconds=seconds)  # noqa: DTZ001 - a spreadsheet knows no zone
    except OverflowError:
        return text
    return at.isoformat() if seconds % 86_400 else at.date().isoformat()


def iso_moment(text: str) -> str:
    """A day that the file gives in ISO 8601 already: without a midnight; a time by the clock."""
    if match := _DURATION.fullmatch(text):
        return f"{int(match[1]):02}:{match[2]}:{match[3]}"
    day, rest = text[:10], text[10:]
    return day if _MIDNIGHT.fullmatch(rest) else text


class Shown(StrEnum):
    """How a format shows a number."""

    NUMBER = "number"
    DAY = "day"
    TIME = "time"


def shown_as(code: int, text: str = "") -> Shown:
    """How a format shows a number: Excel's own format of that code, or one written out. A length of
    time (`[h]:mm`) is a number.
    """
    if not text:
        is_time = code in _BUILT_IN_TIMES
        return Shown.TIME if is_time else Shown.DAY if code in _BUILT_IN_DAYS else Shown.NUMBER
    first = text.split(";")[0]
    if _ELAPSED.search(first):
        return Shown.NUMBER
    signs = set(_NO_SIGNS.sub("", first).lower())
    if signs & set("dy"):
        return Shown.DAY
    if signs & set("hs"):
        return Shown.TIME
    return Shown.DAY if "m" in signs else Shown.NUMBER
