"""What identifies a person in a text that should identify nobody: NHS numbers and dates of birth.

It asks and never decides: the writer may confirm.
"""

import re
from datetime import date

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# The check digit of an NHS number: NHS Data Dictionary, "NHS NUMBER", Modulus 11.
# Spaces and hyphens of every width: word processors put in their own (U+2010 to U+2015).
_HYPHEN = "\u2010-\u2015-"
_BETWEEN = rf"[\s.{_HYPHEN}]{{0,2}}"
_TEN_DIGITS = re.compile(rf"(?<![\d+])\d{{3}}{_BETWEEN}\d{{3}}{_BETWEEN}\d{{4}}(?!\d)")
_MONTH = "|".join(MONTHS)
_DATE = re.compile(
    rf"(?<!\d)(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[\s./{_HYPHEN}]+"
    rf"(?P<month>\d{{1,2}}|(?:{_MONTH})[a-z]*)[\s.,/{_HYPHEN}]+(?P<year>\d{{4}}|\d{{2}})"
    rf"|\b(?P<first_month>(?:{_MONTH})[a-z]*)\s+(?P<later_day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+"
    r"(?P<later_year>\d{4})"
    r"|(?P<iso>\d{4})-(?P<iso_month>\d{2})-(?P<iso_day>\d{2}))(?!\d)",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:born(?: on)?|d\.?\s?o\.?\s?b\.?|dates? of birth|birthday)\W{0,3}(?:is|was|on)?\W{0,3}$",
    re.IGNORECASE,
)
# Nobody older has lived, and nobody who uses services for adults is younger.
OLDEST, YOUNGEST = 120, 16


def found_in(text: str, today: date) -> dict[str, list[str]]:
    """What looks like an identifier, in words and as it is written: `an NHS number`, `a date of
    birth`.
    """
    found = {
        "an NHS number": nhs_numbers_in(text),
        "a date of birth": dates_of_birth_in(text, today),
    }
    return {what: words for what, words in found.items() if words}


def nhs_numbers_in(text: str) -> list[str]:
    """Ten digits whose last is the check digit of the others, each once and in order."""
    return list(dict.fromkeys(m.group() for m in _TEN_DIGITS.finditer(text) if _checks(m.group())))


def _checks(written: str) -> bool:
    digits = [int(each) for each in written if each.isdigit()]
    if len(set(digits)) == 1:
        return False
    check = 11 - sum(n * weight for n, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    # A remainder of one has no check digit: no such number is given.
    return check != 10 and check % 11 == digits[9]


def dates_of_birth_in(text: str, today: date) -> list[str]:
    """Dates on which somebody who uses services may have been born: called so, or so long ago that
    no visit or call lies there.
    """
    found = []
    for match in _DATE.finditer(text):
        day = _day(match, today)
        if day is None or day > today:
            continue
        is_called_so = _BORN.search(text[: match.start()])
        if is_called_so or YOUNGEST <= today.year - day.year <= OLDEST:
            found.append(match.group())
    return list(dict.fromkeys(found))


def _day(match: re.Match[str], today: date) -> date | None:
    """The day that is written; None for what is no day."""
    given = match.groupdict()
    month = given["iso_month"] or given["month"] or given["first_month"]
    number = int(month) if month.isdigit() else _number_of(month)
    year = int(given["iso"] or given["year"] or given["later_year"])
    if year < 100:
        # Of two digits: the last such year that is not to come.
        century = today.year // 100 * 100
        year += century if century + year <= today.year else century - 100
    try:
        day = given["iso_day"] or given["day"] or given["later_day"]
        return date(year, number, int(day))
    except ValueError:
        return None


def _number_of(month: str) -> int:
    return MONTHS.index(month[:3].lower()) + 1
