from suspensions.figures.in_force import by_district, by_type, share_of_contracted
from suspensions.figures.papers import (
    CARE_HOME_LABELS,
    LABELS,
    OTHER_LABELS,
    districts_of,
    label_of,
    suspensions_in_force,
)
from suspensions.figures.time import flow, length, month_ends, monthly

__all__ = [
    "CARE_HOME_LABELS",
    "LABELS",
    "OTHER_LABELS",
    "by_district",
    "by_type",
    "districts_of",
    "flow",
    "label_of",
    "length",
    "month_ends",
    "monthly",
    "share_of_contracted",
    "suspensions_in_force",
]
