"""The comparisons that have a page: each a figure of `settings.FIGURES`, what may be asked of it, and its charts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from carequality.figures import Figure, Row
from ratings.views.comparisons import charts
from ratings.views.comparisons.charts import Chart
from ratings.views.comparisons.options import (
    AuthorityOptions,
    AuthoritySpanOptions,
    CohortOptions,
    DayOptions,
    LocalityOptions,
    TrendOptions,
)


def last_day(row: Row, column: str, chosen: dict[str, Any]) -> date:
    return date.fromisoformat(str(chosen["as_at"]))


def first_day_before(row: Row, column: str, chosen: dict[str, Any]) -> date:
    """The first day of the span under the column `before`."""
    return date.fromisoformat(str(chosen["since" if column == "before" else "as_at"]))


def month_end(row: Row, column: str, chosen: dict[str, Any]) -> date:
    """The day that the row names, as `ratings_trend` prints it."""
    return datetime.strptime(str(row.cells[1]), "%d %B %Y").date()  # noqa: DTZ007 - a day, not a moment


@dataclass(frozen=True)
class Comparison:
    """`headings` is how many leading columns name a row; `behind` is what the ids behind its numbers are. `day_of`
    is the day of a number, by its row, its column's key and what was chosen."""

    name: str
    title: str
    sentence: str
    options: type[DayOptions]
    charts: Callable[[Figure], list[Chart]]
    headings: int = 1
    is_wide: bool = False
    behind: str = "locations"
    day_of: Callable[[Row, str, dict[str, Any]], date] = last_day
    empty: str = (
        "There is nothing to compare for that day. An administrator keeps the region’s authorities on the "
        "council’s page; CQC’s locations come with its first reading."
    )


OFFERED = (
    Comparison(
        "regional-comparison",
        "Regional comparison",
        "The authorities of the region side by side, by service type and rating, and where each stands.",
        AuthorityOptions,
        charts.regional_comparison,
        is_wide=True,
    ),
    Comparison(
        "league",
        "Good or Outstanding",
        "The share of Good or Outstanding against the region, England and the family of similar councils.",
        AuthorityOptions,
        charts.league,
        headings=2,
    ),
    Comparison(
        "ratings-trend",
        "Ratings over time",
        "Month ends over any span, in each rating and sector, against the council’s own targets.",
        TrendOptions,
        charts.ratings_trend,
        headings=2,
        day_of=month_end,
    ),
    Comparison(
        "ratings-by-domain",
        "Ratings by key question",
        "Overall and the five key questions by rating, for every sector.",
        AuthorityOptions,
        charts.ratings_by_domain,
        headings=2,
    ),
    Comparison(
        "ratings-by-locality",
        "By district or locality",
        "The council’s own services by the place where they are, against them all.",
        LocalityOptions,
        charts.ratings_by_locality,
        behind="services",
    ),
    Comparison(
        "rating-shifts",
        "How services were re-rated",
        "Between two days: how many were re-rated, and of those how many improved or got worse.",
        AuthoritySpanOptions,
        charts.rating_shifts,
        headings=2,
    ),
    Comparison(
        "since",
        "What changed since a day",
        "Ratings published and registrations begun or ended after the day of a table that was reported.",
        AuthoritySpanOptions,
        charts.since,
        empty="CQC published nothing in these days.",
    ),
    Comparison(
        "repeat-ratings",
        "Low twice or more running",
        "Services rated Requires improvement or Inadequate time after time, and since when.",
        AuthorityOptions,
        charts.repeat_ratings,
        empty="No service has been rated low twice or more running.",
    ),
    Comparison(
        "inspections-overdue",
        "Age of ratings",
        "How long ago CQC published the rating that stands, and who was never rated.",
        AuthorityOptions,
        charts.inspections_overdue,
    ),
    Comparison(
        "key-question-signals",
        "Signals of a low rating",
        "Which key questions are low where the overall rating is low, by sector.",
        AuthorityOptions,
        charts.key_question_signals,
        headings=2,
    ),
    Comparison(
        "contract-cohort",
        "A contract at two dates",
        "The services of a contract or framework by rating, then and now, those not inspected in the base.",
        CohortOptions,
        charts.contract_cohort,
        behind="services",
        day_of=first_day_before,
    ),
)
BY_NAME = {comparison.name: comparison for comparison in OFFERED}
