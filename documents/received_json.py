"""JSON as it comes in from devices and from other systems, of a bounded depth."""

import json
from typing import Any, NoReturn

# What our devices and CQC send is five deep at most.
DEEPEST = 20
LONGEST_NUMBER = 30  # digits


class NotJson(ValueError):
    """What came is no JSON that is taken; `str` of it says why."""


def read(body: bytes | str, *, deepest: int = DEEPEST) -> Any:
    """What the JSON holds.

    Raises `NotJson`: it is damaged, nested deeper than `deepest`, or has a number that is none or
    that is longer than any of ours.
    """
    try:
        found = json.loads(body, parse_constant=_refuse, parse_int=_whole_number)
    except NotJson:
        raise
    except (ValueError, RecursionError) as fault:
        raise NotJson("It is not JSON, or it is nested too deeply.") from fault
    _check(found, deepest)
    return found


def _refuse(name: str) -> NoReturn:
    raise NotJson(f"{name} is not a number.")


def _whole_number(text: str) -> int:
    # Python refuses to read thousands of digits, which takes it long.
    if len(text) > LONGEST_NUMBER:
        raise NotJson("A number is too long.")
    return int(text)


def _check(found: Any, deepest: int) -> None:
    """One level after another, so that depth costs no stack."""
    level = [found]
    for _ in range(deepest + 1):
        level = [one for one in level if isinstance(one, dict | list)]
        if not level:
            return
        level = [
            inner for one in level for inner in (one.values() if isinstance(one, dict) else one)
        ]
    raise NotJson("It is nested too deeply.")
