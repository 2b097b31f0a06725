"""A location's ratings as its page shows them: the current ones, and all that were before."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from ratings.models import Location, Rating
from ratings.vocabulary import KEY_QUESTIONS, KeyQuestion

# What stands over a location's ratings in a table: overall, then the key questions in CQC's order.
RATING_HEADINGS = tuple(str(question.label) for question in (KeyQuestion.OVERALL, *KEY_QUESTIONS))


@dataclass(frozen=True)
class PublishedReport:
    """The ratings of one service group published on one day: the overall one, and each key
    question's in CQC's order.
    """

    group: str
    published_on: date
    source: str
    inherited_from: str
    overall: Rating | None
    questions: tuple[Rating | None, ...]

    @property
    def superseded_on(self) -> date | None:
        """When its overall rating ended; its first key question's end where it has no overall
        rating.
        """
        shown = self.overall or next((question for question in self.questions if question), None)
        return shown.superseded_on if shown else None

    @property
    def source_in_words(self) -> str:
        """`Inspection`, or `Inspection, inherited from 1-2267307649`."""
        if not self.inherited_from:
            return self.source
        return f"{self.source}, inherited from {self.inherited_from}"

    @property
    def ratings(self) -> list[tuple[str, Rating | None]]:
        """Its ratings under the headings of a table, the overall one first."""
        return list(zip(RATING_HEADINGS, (self.overall, *self.questions), strict=True))


@dataclass(frozen=True)
class CurrentRatings:
    """What stands for one service group on a day: ratings may come from several reports."""

    group: str
    overall: Rating | None
    questions: tuple[Rating | None, ...]

    @property
    def ratings(self) -> list[tuple[str, Rating | None]]:
        """Its ratings under the headings of a table, the overall one first."""
        return list(zip(RATING_HEADINGS, (self.overall, *self.questions), strict=True))


def current_ratings_of(location: Location, day: date) -> list[CurrentRatings]:
    """What stands on a day, the whole location first."""
    groups: dict[str, dict[str, Rating]] = defaultdict(dict)
    for rating in location.ratings.as_at(day).order_by("service_group"):
        groups[rating.service_group][rating.key_question] = rating
    return [
        CurrentRatings(
            group=_first(by_question).group_in_words,
            overall=by_question.get(KeyQuestion.OVERALL),
            questions=tuple(by_question.get(question) for question in KEY_QUESTIONS),
        )
        for by_question in groups.values()
    ]


def history_of(location: Location) -> list[PublishedReport]:
    """Every report that we know, the latest first."""
    reports: dict[tuple[date, str], dict[str, Rating]] = defaultdict(dict)
    for rating in location.ratings.known_now():
        reports[rating.published_on, rating.service_group][rating.key_question] = rating
    return [
        PublishedReport(
            group=_first(by_question).group_in_words,
            published_on=published_on,
            source=_first(by_question).get_source_display(),
            inherited_from=_first(by_question).inherited_from,
            overall=by_question.get(KeyQuestion.OVERALL),
            questions=tuple(by_question.get(question) for question in KEY_QUESTIONS),
        )
        for (published_on, _), by_question in sorted(
            reports.items(), key=lambda item: item[0], reverse=True
        )
    ]


def _first(by_question: dict[str, Rating]) -> Rating:
    return by_question.get(KeyQuestion.OVERALL) or next(iter(by_question.values()))
