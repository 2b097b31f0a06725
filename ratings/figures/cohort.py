"""The services of a contract or framework at two dates, by rating; who was not inspected stays in
the base.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

from core.dates import day_in_words
from core.models import CouncilProfile
from core.workflow import NotAllowed
from documents.folding import name_key
from figures.charting import BESIDE, Chart
from figures.figure import Column, Figure, Row, Share, name_of
from figures.options import KnownOptions, SpanOptions
from figures.registration import register_figure
from govuk.charts import NOT_RATED, RATINGS, RATINGS_AND_NOT_RATED, Bar, StackedBars
from providers.models import Contract, Service
from ratings.figures import words
from ratings.figures.register import held_on
from ratings.figures.spans import span_from
from ratings.figures.tallies import Tally

NOT_INSPECTED = "Not inspected"
EVERY = "All contracts"
# A contract: its service, framework, reference, first and last day.
Under = tuple[int, str, str, date, date | None]
PLACES = 1


class CohortOptions(SpanOptions, KnownOptions):
    """Also which contract or framework, and which one before it."""

    framework = forms.ChoiceField(label="Contract or framework", required=False)
    framework_before = forms.ChoiceField(
        label="Contract or framework on the first day",
        required=False,
        help_text="If it was a different one then",
    )
    field_order = ["framework", "framework_before", "since", "as_at", "known_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(name, name) for name in frameworks()]
        self.offer("framework", [("", "Every contract"), *named])
        self.offer("framework_before", [("", "The same"), *named])


def first_or_last(row: Row, column: str, chosen: dict[str, Any]) -> date:
    """The first day of the span under the column `before`."""
    day: date = chosen["since" if column == "before" else "as_at"]
    return day


def two_days(figure: Figure) -> list[Chart]:
    """The services of each of the two days by rating, those not inspected among them."""
    keys = [part.key for part in RATINGS_AND_NOT_RATED]
    not_inspected = replace(NOT_RATED, label=NOT_INSPECTED)
    bars = []
    for location, column in enumerate(figure.columns[1:], 1):
        cells = [row.cells[location] for row in figure.rows]
        counts = [cell.numerator if isinstance(cell, Share) else 0 for cell in cells]
        bars.append(
            Bar(column.label, dict(zip(keys, counts, strict=True)), note=f"{sum(counts)} services")
        )
    return [
        StackedBars(
            key="chart",
            title=figure.title,
            description=(
                "A bar for each day: the share of the services under contract in each rating."
                f" {BESIDE}"
            ),
            parts=(*RATINGS, not_inspected),
            bars=bars,
            label_width=250,
        )
    ]


@register_figure(
    "contract-cohort",
    label="A contract at two dates",
    area="ratings",
    order=110,
    sentence=(
        "The services of a contract or framework by rating, then and now, including those not"
        " inspected."
    ),
    options=CohortOptions,
    charts=two_days,
    behind="rated-service",
    day_of=first_or_last,
    empty=words.NOTHING_TO_COMPARE,
)
def contract_cohort(
    as_at: date,
    since: date | None = None,
    known_at: datetime | None = None,
    framework: str = "",
    framework_before: str = "",
    *,
    council: CouncilProfile | None = None,
) -> Figure:
    """The services under contract on two days, by their ratings on each.

    Numerator: open services under the contract on the day with that overall rating on it.
    Denominator: all open services under the contract on the day, those not inspected among them.
    Source: the council's contracts and register, and CQC's published ratings.

    `framework` is a contract's framework or its reference, every contract unless named;
    `framework_before` is the one that stood in its place on the first day.

    Raises `NotAllowed`: `wrong-way-round`, `unknown-contract`.
    """
    since = span_from(since, as_at)
    then = framework_before or framework
    tallies = _tallies({since: then, as_at: framework}, known_at)
    before, after = tallies[since], tallies[as_at]
    ratings: list[tuple[str | None, str]] = [*words.RATINGS, (None, NOT_INSPECTED)]
    rows = tuple(
        Row(
            (
                label,
                Share(len(before.of(key)), len(before.counted), PLACES),
                Share(len(after.of(key)), len(after.counted), PLACES),
            ),
            (("before", tuple(before.of(key))), ("after", tuple(after.of(key)))),
        )
        for key, label in ratings
    )
    return Figure(
        name="contract-cohort",
        title=f"Ratings of the services under contract: {framework or EVERY.lower()}",
        as_at=as_at,
        authority=name_of(council),
        columns=(
            Column("rating", "CQC rating"),
            Column("before", f"{then or EVERY}, {day_in_words(since)}", kind="share"),
            Column("after", f"{framework or EVERY}, {day_in_words(as_at)}", kind="share"),
        ),
        rows=rows,
        notes=(
            (
                "Each number is a percentage of all the services under the contract on that day,"
                " including those not inspected."
            ),
            (
                "Not inspected means that CQC had not published a rating of the service by that"
                " day, or that the service is not linked to a location registered with CQC."
            ),
            words.SOURCE,
        ),
        findings=(
            (
                f"{_services(before)} on {day_in_words(since)}, {_services(after)} on"
                f" {day_in_words(as_at)}; {len(set(before.counted) & set(after.counted))} on both."
            ),
        ),
    )


def frameworks() -> list[str]:
    """The frameworks that contracts name, in the order of the alphabet."""
    named = Contract.objects.exclude(framework="").order_by()
    return sorted(named.values_list("framework", flat=True).distinct(), key=name_key)


def _tallies(named: Mapping[date, str], known_at: datetime | None) -> dict[date, Tally]:
    """The services under the contract or framework that is named for each day, by the rating that
    they had on it.
    """
    contracts = list(
        Contract.objects.order_by("pk").values_list(
            "service", "framework", "reference", "starts_on", "ends_on"
        )
    )
    under = {day: _under(contracts, framework, day) for day, framework in named.items()}
    services = _open_services(under)
    held = held_on(services, known_at)
    tallies = {day: Tally() for day in named}
    for day, tally in tallies.items():
        for one in held[day]:
            # Without a rating too: a contract is judged by all that it buys.
            tally.add(one.rating, one.key)
    return tallies


def _under(contracts: Iterable[Under], framework: str, day: date) -> set[int]:
    """The services of the contracts of that framework, or of that reference, that are in force on
    the day.
    """
    found = list(contracts)
    if framework:
        # A framework before a reference: a reference names one contract, a framework many.
        found = [one for one in found if one[1] == framework] or [
            one for one in found if one[2] == framework
        ]
        if not found:
            raise NotAllowed(
                "unknown-contract",
                f"There is no contract or framework named {framework}.",
                "framework",
            )
    return {
        service_id
        for service_id, _, _, starts_on, ends_on in found
        # A contract's last day is a day under it.
        if starts_on <= day and (ends_on is None or ends_on >= day)
    }


def _open_services(under: Mapping[date, set[int]]) -> dict[date, list[Service]]:
    """Those of the services of each day that were open on it, in one query."""
    days = list(under)
    was_open = {
        f"open_{location}": Exists(Service.objects.open_on(day).filter(pk=OuterRef("pk")))
        for location, day in enumerate(days)
    }
    services = list(
        Service.objects.filter(pk__in=set().union(*under.values()))
        .annotate(**was_open)
        .order_by("name_key", "pk")
    )
    return {
        day: [one for one in services if one.pk in under[day] and getattr(one, f"open_{location}")]
        for location, day in enumerate(days)
    }


def _services(tally: Tally) -> str:
    number = len(tally.counted)
    return "1 service" if number == 1 else f"{number} services"
