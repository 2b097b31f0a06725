"""Reading a payload that may lack anything: missing data is an omitted key, and a value of the
wrong type counts as absent.
"""

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from documents import dates
from documents.text import clean_line

LONDON = ZoneInfo("Europe/London")


def mapping(payload: dict[str, Any], key: str) -> dict[str, Any]:
    """The JSON object under the key; empty where there is none."""
    value = payload.get(key)
    return value if isinstance(value, dict) else {}


def objects(payload: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The JSON objects under the key, also where one stands alone."""
    value = payload.get(key)
    if isinstance(value, dict):
        return [value]
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def text(payload: dict[str, Any], key: str) -> str:
    """The text under the key in one line; empty where there is none."""
    value = payload.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return clean_line(str(value))


def yes(payload: dict[str, Any], key: str) -> bool:
    """Whether the key says yes."""
    return text(payload, key).casefold() in {"y", "yes", "true"}


def whole_number(value: object) -> int | None:
    """A number of things, below 100,000."""
    found = number(value)
    return int(found) if found is not None and 0 <= found < 100_000 else None


def number(value: object) -> float | None:
    """A number, also where it is written as text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) < 1e9 else None


def day(payload: dict[str, Any], key: str, problems: list[str]) -> date | None:
    """The day under the key; one that is no date is named among the problems."""
    typed = text(payload, key)
    found = day_of(typed)
    if typed and found is None:
        problems.append(f"{key} is not a date: {typed[:40]!r}.")
    return found


def day_of(typed: str) -> date | None:
    """The day in England of a date or moment as CQC writes it: ISO, `YYYY-MM-DD HH:MM:SS` or
    dd/mm/yyyy.
    """
    moment = _moment_of(typed)
    return moment.date() if moment else None


def second_of_day(typed: str) -> int:
    """The second of its day that a moment is; 0 where only a day is given."""
    moment = _moment_of(typed)
    return (moment.hour * 60 + moment.minute) * 60 + moment.second if moment else 0


def _moment_of(typed: str) -> datetime | None:
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", typed):
        typed = f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}"
    try:
        moment = datetime.fromisoformat(typed)
        moment = moment.astimezone(LONDON) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None
    return moment if dates.can_be_published(moment.date()) else None
