"""The one bound on whole numbers as they come in: counts that people type, and numbers in addresses
and in what devices send.
"""

import re

DIGITS = re.compile(r"[0-9]{1,19}")
MEASURED = re.compile(r"[+-]?(?:[0-9]{1,10}(?:\.[0-9]{0,2})?|\.[0-9]{1,2})")
# Where a field says no most of its own: what the smallest of the database's columns holds.
MOST_COUNTED = 32_767
# The largest that names a record.
LARGEST_ID = 2**63 - 1


def whole_number(text: str | None, most: int = LARGEST_ID) -> int | None:
    """The number that the digits 0 to 9 of a text make, if it is at most `most`; None for anything
    else, such as other scripts' digits, a sign, or thousands of digits.
    """
    if not text or not DIGITS.fullmatch(text):
        return None
    number = int(text)
    return number if number <= most else None


def is_measured(text: str) -> bool:
    """Whether the text is a number such as 12 or -12.5: ten digits at most, and two after the
    point.
    """
    return MEASURED.fullmatch(text) is not None
