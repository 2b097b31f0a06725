"""Services that stay low, and which key questions go with a low rating."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from core.dates import age_in_words, day_in_words
from core.models import CouncilProfile
from figures.charting import BESIDE, Chart, cells_of
from figures.figure import Column, Figure, Row, Share
from figures.registration import register_figure
from govuk.charts import Bar, ChartPart, StackedBars
from ratings.figures import words
from ratings.figures.drawing import shares_of
from ratings.figures.options import AuthorityOptions
from ratings.figures.ranks import joined
from ratings.figures.rated_locations import (
    Period,
    RatedLocation,
    authority_named,
    rated_locations,
    sector_named,
    sectors_of,
)
from ratings.figures.tallies import Behind, share_of
from ratings.rules import rating_label
from ratings.vocabulary import KEY_QUESTIONS, KeyQuestion

LEAST = 2


TWICE = ChartPart("2", "Twice", "#f2b134", "#0b0c0c", "stripes")
THREE_TIMES = ChartPart("3", "Three times", "#d4351c")
FOUR_TIMES = ChartPart("4", "Four times or more", "#53284f")


def times_running(figure: Figure) -> list[Chart]:
    """How many times in a row, for each service type of the list."""
    by_type: dict[str, dict[str, int]] = {}
    for row in figure.rows:
        cells = cells_of(figure, row)
        times = int(str(cells["times"]))
        counts = by_type.setdefault(str(cells["sector"]), {"2": 0, "3": 0, "4": 0})
        counts[str(min(times, 4))] += 1
    bars = [
        Bar(name, counts, note=f"{sum(counts.values())} in all")
        for name, counts in sorted(by_type.items())
    ]
    described = (
        "A bar for each type of service: how many were rated low twice, three times, or four times"
        " or more in a row."
    )
    parts = (TWICE, THREE_TIMES, FOUR_TIMES)
    return [
        replace(chart, in_counts=True)
        for chart in shares_of("Low ratings in a row", described, parts, bars)
        if isinstance(chart, StackedBars)
    ]


LOW_TOO = ChartPart("low", "Low in the key question too", "#9e1b32")
NOT_LOW = ChartPart("not_low", "Good or Outstanding in it", "#4a9d6b", "#0b0c0c")


def low_by_question(figure: Figure) -> list[Chart]:
    """For each sector, the services with a low overall rating by whether each key question is
    low.
    """
    by_sector: dict[str, list[Bar]] = {}
    for row in figure.rows:
        share = cells_of(figure, row)["with_low"]
        if isinstance(share, Share) and share.denominator:
            counts = {"low": share.numerator, "not_low": share.denominator - share.numerator}
            bar = Bar(str(row.cells[1]), counts, note=f"{share.denominator} low overall")
            by_sector.setdefault(str(row.cells[0]), []).append(bar)
    return [
        StackedBars(
            key=f"chart-{number}",
            title=f"{sector} with a low overall rating, by key question",
            description=(
                "A bar for each key question: of the services with a low overall rating, the share"
                f" that are low in it too. {BESIDE}"
            ),
            parts=(LOW_TOO, NOT_LOW),
            bars=bars,
        )
        for number, (sector, bars) in enumerate(by_sector.items())
    ]


@register_figure(
    "repeat-ratings",
    label="Low twice or more in a row",
    area="ratings",
    order=80,
    sentence="Services rated Requires improvement or Inadequate again and again, and since when.",
    options=AuthorityOptions,
    charts=times_running,
    behind="location",
    empty="No services were rated low twice or more in a row.",
)
def repeat_ratings(
    as_at: date,
    known_at: datetime | None = None,
    authority: str | None = None,
    *,
    council: CouncilProfile | None = None,
) -> Figure:
    """Services whose last two or more ratings in a row were Requires improvement or Inadequate.

    A row for each location, the longest run first; where CQC rates its services apart, one for each
    run. The finding's numerator: locations with such a run; its denominator: registered locations
    with an overall rating on the day. Source: CQC's register and published ratings.

    Raises `NotAllowed`: `unknown-authority`.
    """
    own = authority_named(authority, council)
    found = [
        location
        for location in rated_locations(
            as_at, authorities=[own], known_at=known_at, from_the_beginning=True
        )
        if location.is_counted_on(as_at)
    ]
    rows: list[tuple[int, Row]] = []
    rated = sum(location.rating_on(as_at) is not None for location in found)
    repeated: set[str] = set()
    for location in found:
        for run, sectors in _low_runs(location, as_at):
            repeated.add(location.location_id)
            last = run[-1]
            rows.append(
                (
                    len(run),
                    Row(
                        (
                            location.name or location.location_id,
                            ", ".join(sector_named(sector) for sector in sectors),
                            rating_label(last.rating),
                            len(run),
                            " then ".join(rating_label(period.rating) for period in run),
                            f"{day_in_words(run[0].published_on)}",
                            f"{day_in_words(last.published_on)}",
                            age_in_words(last.published_on, as_at),
                        ),
                        (("name", (location.location_id,)),),
                    ),
                )
            )
    rows.sort(key=lambda row: -row[0])
    share = Share(len(repeated), rated)
    return Figure(
        name="repeat-ratings",
        title="Rated Requires improvement or Inadequate twice or more in a row",
        as_at=as_at,
        authority=own,
        columns=(
            Column("name", "Location"),
            Column("sector", "Service"),
            Column("rating", "Rating"),
            Column("times", "Ratings in a row", kind="count"),
            Column("run", "Which ratings"),
            Column("low_since", "Low since"),
            Column("published", "Last published"),
            Column("age", "Age of rating"),
        ),
        rows=tuple(row for _, row in rows),
        notes=(
            (
                "We count overall ratings published one after another, up to the current one. A"
                " rating inherited from an earlier registration counts as one."
            ),
            words.REGISTERED,
            words.SOURCE,
        ),
        findings=(
            (f"{share.in_full} of the rated locations were rated low twice or more in a row.",)
            if rated
            else ()
        ),
    )


def _low_runs(location: RatedLocation, as_at: date) -> list[tuple[list[Period], list[str]]]:
    """The runs of low ratings that end in what stands, with the sectors that each is of."""
    found: dict[tuple[tuple[date, str], ...], tuple[list[Period], list[str]]] = {}
    days = sorted(
        {period.published_on for period in location.periods if period.published_on <= as_at}
    )
    for sector in location.types:
        run: list[Period] = []
        last: Period | None = None
        # What counts in a sector may change on the day of any rating of the location, so each is
        # looked at; the same one again is no further rating.
        for day in (*days, as_at):
            current = location.current_on(day, sector)
            if current is None or current == last:
                continue
            last = current
            # A better rating in between ends the run.
            run = [*run, current] if current.rating in words.LOW else []
        if len(run) >= LEAST and location.current_on(as_at, sector) == run[-1]:
            key = tuple((period.published_on, period.rating) for period in run)
            found.setdefault(key, (run, []))[1].append(sector)
    return list(found.values())


@register_figure(
    "key-question-signals",
    label="Signals of a low rating",
    area="ratings",
    order=100,
    sentence="Which key questions are low where the overall rating is low, by type of service.",
    options=AuthorityOptions,
    charts=low_by_question,
    behind="location",
    headings=2,
    empty=words.NOTHING_TO_COMPARE,
)
def key_question_signals(
    as_at: date,
    known_at: datetime | None = None,
    authority: str | None = None,
    *,
    council: CouncilProfile | None = None,
) -> Figure:
    """Which key questions are low where the overall rating is low, and where it is not.

    Three shares of locations rated both overall and for the key question. Low where overall is low:
    numerator, low in both; denominator, low overall. Low where overall is not: numerator, low in
    the key question alone; denominator, Good or Outstanding overall. The third: numerator, low in
    both; denominator, low in the key question. Source: CQC's register and published ratings.

    Raises `NotAllowed`: `unknown-authority`.
    """
    own = authority_named(authority, council)
    questions = [KeyQuestion.OVERALL.value, *(question.value for question in KEY_QUESTIONS)]
    found = rated_locations(as_at, authorities=[own], known_at=known_at, questions=questions)
    rows: list[Row] = []
    findings: list[str] = []
    for sector, label in sectors_of(found):
        there = [location for location in found if location.is_in(sector)]
        of_sector = [_signal(label, question, there, sector, as_at) for question in KEY_QUESTIONS]
        rows += of_sector
        findings += _strongest(label, of_sector)
    return Figure(
        name="key-question-signals",
        title="Key questions that go with a low overall rating",
        as_at=as_at,
        authority=own,
        columns=(
            Column("sector", "Type of service"),
            Column("question", "Key question"),
            Column("with_low", "Low where the overall rating is low", kind="share"),
            Column(
                "with_good", "Low where the overall rating is Good or Outstanding", kind="share"
            ),
            Column("follows", "Low overall where the key question is low", kind="share"),
        ),
        rows=tuple(rows),
        notes=(
            "Low is Requires improvement or Inadequate.",
            (
                "The first percentage is of services with a low overall rating and a rating for the"
                " key question. The second is of services rated Good or Outstanding overall. The"
                " third is of services that are low in the key question."
            ),
            words.ROUNDED,
            words.ONCE_IN_ALL,
            words.UNDER_EACH_TYPE,
            words.SOURCE,
        ),
        findings=tuple(findings),
    )


def _signal(
    label: str, question: KeyQuestion, there: Iterable[RatedLocation], sector: str, as_at: date
) -> Row:
    by_both: dict[tuple[bool, bool], list[str]] = {}
    for location in there:
        overall = location.rating_on(as_at, sector)
        asked = location.rating_on(as_at, sector, question.value)
        # Rated for both or left out: a share of what is not rated would say nothing.
        if overall and asked:
            both = overall in words.LOW, asked in words.LOW
            by_both.setdefault(both, []).append(location.location_id)
    both_low, good_but_low = by_both.get((True, True), []), by_both.get((False, True), [])
    cells = (
        label,
        question.label,
        # The first two have different denominators on purpose: the signal is how far apart they
        # are.
        share_of(both_low, [*both_low, *by_both.get((True, False), [])]),
        share_of(good_but_low, [*good_but_low, *by_both.get((False, False), [])]),
        share_of(both_low, [*both_low, *good_but_low]),
    )
    behind: Behind = (
        ("with_low", tuple(both_low)),
        ("with_good", tuple(good_but_low)),
        ("follows", tuple(both_low)),
    )
    return Row(cells, behind)


def _strongest(label: str, rows: list[Row]) -> Iterable[str]:
    """The question, or questions, most often low where the overall rating is low."""
    shares = [(row.cells[2], str(row.cells[1])) for row in rows]
    known = [
        (share, question)
        for share, question in shares
        if isinstance(share, Share) and share.numerator
    ]
    if known:
        most = max(share.numerator / share.denominator for share, _ in known)
        first = [(s, question) for s, question in known if s.numerator / s.denominator == most]
        questions = joined([question for _, question in first])
        verb = "is" if len(first) == 1 else "are"
        yield (
            f"{label}: where the overall rating is low, {questions} {verb} most often low too,"
            f" {first[0][0].in_full}."
        )
