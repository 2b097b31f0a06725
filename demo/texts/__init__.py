"""What the demonstration's people wrote: what goes wrong in services, and what is done about it.
All invented.
"""

from demo.texts.ordinary import ABUSE, CONCERNS, FINDINGS, MEETINGS, SUMMARIES, WELFARE
from demo.texts.themes import (
    CALLS,
    CARE,
    LEADERSHIP,
    MEDICINES,
    MONEY,
    STAFFING,
    THEMES,
    Fault,
    Theme,
)

__all__ = [
    "ABUSE",
    "CALLS",
    "CARE",
    "CONCERNS",
    "FINDINGS",
    "LEADERSHIP",
    "MEDICINES",
    "MEETINGS",
    "MONEY",
    "STAFFING",
    "SUMMARIES",
    "THEMES",
    "WELFARE",
    "Fault",
    "Theme",
]
