"""The services of a contract or framework at two dates, by rating; who was not inspected stays in the base."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef

from carequality.figures import Column, Figure, Row, Share
from carequality.refusals import Refused
from providers.models import Contract, Service
from ratings.figures import words
from ratings.figures.places import authority_named
from ratings.figures.register import held_services
from ratings.figures.spans import span_from
from ratings.figures.tallies import Tally

NOT_INSPECTED = "Not inspected"
EVERY = "All contracts"
PLACES = 1


def contract_cohort(
    as_at: date,
    since: date | None = None,
    known_at: datetime | None = None,
    framework: str = "",
    framework_before: str = "",
) -> Figure:
    """The services under contract on two days, each day's by their ratings on it. Source: the register and CQC.

    `framework` is a contract's framework or its reference, every contract unless named; `framework_before` is
    the one that stood in its place on the first day. Raises `Refused` for one that no contract bears.
    """
    since = span_from(since, as_at)
    then = framework_before or framework
    before, after = _tally(then, since, known_at), _tally(framework, as_at, known_at)
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
        authority=authority_named(None),
        columns=(
            Column("rating", "CQC rating"),
            Column("before", f"{then or EVERY}, {since:%-d %B %Y}", kind="share"),
            Column("after", f"{framework or EVERY}, {as_at:%-d %B %Y}", kind="share"),
        ),
        rows=rows,
        notes=(
            "Each is a percentage of all the services under the contract on that day, those not inspected among them.",
            "Not inspected: CQC had published no rating of the service by that day, or it is joined to no location "
            "registered with CQC.",
            words.SOURCE,
        ),
        findings=(
            f"{_services(before)} on {since:%-d %B %Y}, {_services(after)} on {as_at:%-d %B %Y}; "
            f"{len(set(before.counted) & set(after.counted))} on both.",
        ),
    )


def frameworks() -> list[str]:
    """The frameworks that contracts name, in the order of the alphabet."""
    named = Contract.objects.exclude(framework="").order_by("framework")
    return list(named.values_list("framework", flat=True).distinct())


def _tally(framework: str, day: date, known_at: datetime | None) -> Tally:
    contracts = Contract.objects.in_force_on(day)
    if framework:
        named = Contract.objects.filter(framework=framework) or Contract.objects.filter(reference=framework)
        if not named:
            raise Refused(f"No contract is of {framework}.")
        contracts = contracts.filter(pk__in=named.values("pk"))
    services = Service.objects.open_on(day).filter(Exists(contracts.filter(service=OuterRef("pk"))))
    tally = Tally()
    for one in held_services(services, day, known_at):
        tally.add(one.rating, one.key)
    return tally


def _services(tally: Tally) -> str:
    number = len(tally.counted)
    return "1 service" if number == 1 else f"{number} services"
