"""How CQC has judged a fictitious place, from its registration to some weeks past today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from core.calendar import is_working_day
from providers.vocabulary import ServiceType
from ratings.vocabulary import KeyQuestion, RatingWord

ASSESSED_FROM = date(2024, 3, 1)  # the single assessment framework
LOOK_AHEAD = 45  # days past today
QUESTIONS = [question for question in KeyQuestion if question is not KeyQuestion.OVERALL]
O, G, RI, I = (  # noqa: E741 - as CQC’s tables say
    RatingWord.OUTSTANDING,
    RatingWord.GOOD,
    RatingWord.REQUIRES_IMPROVEMENT,
    RatingWord.INADEQUATE,
)

FIRST = {O: 0.03, G: 0.76, RI: 0.18, I: 0.03}
NEXT = {
    O: {O: 0.60, G: 0.33, RI: 0.07, I: 0.00},
    G: {O: 0.05, G: 0.78, RI: 0.145, I: 0.025},
    RI: {O: 0.01, G: 0.60, RI: 0.32, I: 0.07},
    I: {O: 0.00, G: 0.25, RI: 0.62, I: 0.13},
}
# Days until CQC comes again; it comes late to what it thinks well of.
AGAIN = {O: (700, 1500), G: (650, 1400), RI: (330, 560), I: (170, 260)}
SCORES = {O: (88, 97), G: (63, 87), RI: (39, 62), I: (25, 38)}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The ratings that one report gave to one service (`kind` None: to the whole place)."""

    kind: ServiceType | None
    overall: RatingWord
    questions: tuple[tuple[KeyQuestion, RatingWord, int], ...]  # with the score in per cent


@dataclass(frozen=True, slots=True)
class InspectionReport:
    published_on: date
    visited_on: date
    is_assessment: bool
    link: str
    judgements: tuple[Judgement, ...]

    @property
    def worst(self) -> RatingWord:
        return max((one.overall for one in self.judgements), key=[O, G, RI, I].index)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A report that comes out `in_days` after today (before it, if negative), and what it says."""

    in_days: int
    rating: RatingWord
    before: RatingWord


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    types: tuple[ServiceType, ...]
    registered_on: date
    today: date
    leaning: float = 0.0  # above 0: better than most
    is_troubled: bool = False
    news: News | None = None


# Last night's changes, what the next night will bring, and the nights after: one service in each
# twentieth of the register.
NEWS = {
    0: News(in_days=-1, rating=RI, before=G),
    1: News(in_days=0, rating=G, before=RI),
    2: News(in_days=-1, rating=I, before=RI),
    3: News(in_days=-1, rating=G, before=RI),
    4: News(in_days=-2, rating=RI, before=G),
    5: News(in_days=0, rating=RI, before=G),
    6: News(in_days=-3, rating=G, before=RI),
    7: News(in_days=1, rating=RI, before=G),
    8: News(in_days=2, rating=I, before=G),
    9: News(in_days=-1, rating=G, before=G),
    10: News(in_days=-1, rating=O, before=G),
    11: News(in_days=0, rating=G, before=I),
    12: News(in_days=3, rating=RI, before=G),
    13: News(in_days=-1, rating=RI, before=G),
    14: News(in_days=0, rating=O, before=G),
}
SLICES = 20


def news_for(number: int, services: int) -> News | None:
    """The news of that service: of the first in its slice of the register, if the slice has any."""
    piece = number * SLICES // services
    is_first = number == 0 or (number - 1) * SLICES // services != piece
    return NEWS.get(piece) if is_first else None


def history(course: Course, rng: Random) -> tuple[InspectionReport, ...]:
    """Every report, oldest first."""
    return tuple(_reports(course, rng))


def _reports(course: Course, rng: Random) -> Iterator[InspectionReport]:
    end = course.today + timedelta(LOOK_AHEAD)
    special = _special(course, rng)
    day = course.registered_on + timedelta(rng.randint(170, 420))
    rating: RatingWord | None = None
    assessed = False
    while day < end and (not special or day < special[0][0] - timedelta(170)):
        rating = _draw(rng, NEXT[rating] if rating else FIRST, course.leaning)
        assessed = assessed or (day >= ASSESSED_FROM and rng.random() < 0.7)
        yield _report(course.types, _working(day), rating, assessed, rng)
        day += timedelta(rng.randint(*AGAIN[rating]))
    for day, published in special:
        assessed = assessed or (day >= ASSESSED_FROM and rng.random() < 0.7)
        yield _report(course.types, day, published, assessed, rng)


def _working(day: date) -> date:
    """That day, or the last working day before it: CQC does not publish at weekends."""
    while not is_working_day(day):
        day -= timedelta(1)
    return day


def _special(course: Course, rng: Random) -> list[tuple[date, RatingWord]]:
    """The end of a history that is told rather than drawn."""
    published: list[tuple[date, RatingWord]] = []
    if course.news:
        out = course.today + timedelta(course.news.in_days)
        before = _working(out - timedelta(rng.randint(200, 600)))
        published = [(before, course.news.before), (out, course.news.rating)]
    elif course.is_troubled:
        last = _working(course.today - timedelta(rng.randint(60, 260)))
        published = [
            (_working(last - timedelta(rng.randint(300, 400))), RI),
            (last, I if rng.random() < 0.6 else RI),
        ]
    return [
        (day, rating) for day, rating in published if day > course.registered_on + timedelta(20)
    ]


def _draw(rng: Random, odds: dict[RatingWord, float], leaning: float) -> RatingWord:
    weights = [
        share * (1 + 3 * leaning if rating in (O, G) else max(0.1, 1 - 4 * leaning))
        for rating, share in odds.items()
    ]
    return rng.choices(list(odds), weights)[0]


def _report(
    types: tuple[ServiceType, ...], day: date, rating: RatingWord, is_assessment: bool, rng: Random
) -> InspectionReport:
    judgements = [_judgement(types[0] if is_assessment else None, rating, rng)]
    if is_assessment:
        for kind in types[1:]:
            other = rating if rng.random() < 0.6 else _draw(rng, NEXT[rating], 0)
            judgements.append(_judgement(kind, other, rng))
    return InspectionReport(
        published_on=day,
        visited_on=day - timedelta(rng.randint(28, 60)),
        is_assessment=is_assessment,
        link=str(UUID(int=rng.getrandbits(128), version=4)),
        judgements=tuple(judgements),
    )


def _judgement(kind: ServiceType | None, overall: RatingWord, rng: Random) -> Judgement:
    by_question = dict.fromkeys(QUESTIONS, G)
    match overall:
        case RatingWord.OUTSTANDING:
            for question in rng.sample(QUESTIONS, 2):
                by_question[question] = O
        case RatingWord.GOOD:
            if rng.random() < 0.2:
                by_question[rng.choice(QUESTIONS)] = RI
            elif rng.random() < 0.1:
                by_question[rng.choice(QUESTIONS)] = O
        case RatingWord.REQUIRES_IMPROVEMENT:
            by_question[KeyQuestion.SAFE] = by_question[KeyQuestion.WELL_LED] = RI
            if rng.random() < 0.5:
                by_question[KeyQuestion.EFFECTIVE] = RI
        case RatingWord.INADEQUATE:
            by_question[KeyQuestion.SAFE] = by_question[KeyQuestion.WELL_LED] = I
            by_question[KeyQuestion.EFFECTIVE] = RI
            if rng.random() < 0.5:
                by_question[KeyQuestion.RESPONSIVE] = RI
    # CQC lists the questions in no fixed order.
    shown = rng.sample(QUESTIONS, len(QUESTIONS))
    return Judgement(
        kind=kind,
        overall=overall,
        questions=tuple((q, by_question[q], rng.randint(*SCORES[by_question[q]])) for q in shown),
    )
