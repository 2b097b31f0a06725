"""Comparisons of CQC's ratings. Each is one function, true of a day, and says the rows behind every number."""

from figures.registration import Area, register_area
from ratings.figures.cohort import contract_cohort
from ratings.figures.domains import ratings_by_domain
from ratings.figures.league import league
from ratings.figures.locality import ratings_by_locality
from ratings.figures.low import key_question_signals, repeat_ratings
from ratings.figures.news import since
from ratings.figures.overdue import inspections_overdue
from ratings.figures.regional import regional_comparison
from ratings.figures.shifts import rating_shifts
from ratings.figures.trend import ratings_trend

__all__ = [
    "contract_cohort",
    "inspections_overdue",
    "key_question_signals",
    "league",
    "rating_shifts",
    "ratings_by_domain",
    "ratings_by_locality",
    "ratings_trend",
    "regional_comparison",
    "repeat_ratings",
    "since",
]

register_area(
    Area(
        "ratings",
        "Comparisons",
        ("ratings.view_location",),
        intro=(
            "Each as at any day, with what stands behind every number, and as a file. They go by CQC’s types of service, to which "
            "the council’s own groups do not apply."
        ),
        base="ratings/base.html",
        tab="comparisons",
        foot="ratings/figures_foot.html",
    ),
    order=60,
)
