"""Phrases that several rules say."""

from datetime import date

from core.dates import day_in_words


def not_in_future(what: str) -> str:
    """What is said of a day to come: `The date of consent must be today or in the past.`"""
    return f"{what} must be today or in the past."


def not_before(what: str, day: date) -> str:
    """What is said of a day before another: what happened that day, and which days will do."""
    return f"{what} on {day_in_words(day)}. Enter that day or a later one."


def overdue_actions(number: int) -> str:
    """`1 overdue action`, `3 overdue actions`."""
    return "1 overdue action" if number == 1 else f"{number} overdue actions"


def high_risk_concerns(number: int) -> str:
    """`1 open concern of high risk`, `3 open concerns of high risk`."""
    return "1 open concern of high risk" if number == 1 else f"{number} open concerns of high risk"


def months_since_audit(number: int) -> str:
    """`1 month since the last audit`, `3 months since the last audit`."""
    return f"{'1 month' if number == 1 else f'{number} months'} since the last audit"
