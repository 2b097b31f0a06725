"""Every rating of a payload, in whichever of its blocks it stands, and what could be one and was
not read.

CQC prints ratings by inspection under `currentRatings` and `historicRatings`, and those of the
single assessment framework under `assessment`. What becomes of several of one service is
`ratings.cqc.timeline`'s.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from documents.folding import letters_and_digits
from providers.vocabulary import ServiceType
from ratings.cqc import words
from ratings.cqc.payload import day, mapping, objects, second_of_day, text
from ratings.cqc.records import WHOLE
from ratings.cqc.timeline import Found
from ratings.vocabulary import WORST_FIRST, KeyQuestion, RatingSource

CURRENT = "current"
# What CQC and others call an assessment that another has taken the place of, or that was withdrawn.
PAST = frozenset(
    {
        "historic",
        "historical",
        "past",
        "previous",
        "archived",
        "superseded",
        "replaced",
        "withdrawn",
        "expired",
        "closed",
        "notcurrent",
    }
)
MOST_NAMED = 20
# No word that CQC uses for a rating is longer.
LONGEST_WORD = 100
# Where a text of the payload may read as a rating and is none.
NAMES = ("name", "locationName", "alsoKnownAs", "brandName")


@dataclass
class Reader:
    """Reads the ratings of one payload. `problems` takes what could not be used; `alarms` what may
    be a rating and was lost.
    """

    types: tuple[ServiceType, ...]
    problems: list[str]
    alarms: list[str] = field(default_factory=list)
    _read: set[int] = field(default_factory=set)

    def ratings_of(self, payload: dict[str, Any], location_id: str) -> list[Found]:
        """All that the payload's known blocks hold; what is left over is named."""
        found = [
            *self._current_inspection(payload),
            *self._past_inspections(payload),
            *self._assessments(payload),
        ]
        unread = list(self._unread(payload, ""))
        for where, said in unread[:MOST_NAMED]:
            self._alarm(f"Not read: {where} says {said[:60]!r}, which may be a rating.")
        if len(unread) > MOST_NAMED:
            self._alarm(f"Not read: {len(unread) - MOST_NAMED} more that may be ratings.")
        return [one.without_own_id(location_id) for one in found]

    def _alarm(self, said: str) -> None:
        if said not in self.alarms:
            self.alarms.append(said)

    # Inspections

    def _current_inspection(self, payload: dict[str, Any]) -> Iterator[Found]:
        current = mapping(payload, "currentRatings")
        for block, group in _rated_blocks(current):
            yield from self._inspection(block, group, fallback=current, is_current=True)

    def _past_inspections(self, payload: dict[str, Any]) -> Iterator[Found]:
        for report in objects(payload, "historicRatings"):
            for block, group in _rated_blocks(report):
                yield from self._inspection(block, group, fallback=report, is_current=False)

    def _inspection(
        self, block: dict[str, Any], group: str, *, fallback: dict[str, Any], is_current: bool
    ) -> Iterator[Found]:
        questions = objects(block, "keyQuestionRatings")
        for row, question in self._questions_and_overall(block, questions):
            # Day, link and owner may stand at the question, at its block or at the whole report:
            # the nearest counts.
            published_on = (
                day(row, "reportDate", self.problems)
                or day(block, "reportDate", self.problems)
                or day(fallback, "reportDate", self.problems)
            )
            link = (
                text(row, "reportLinkId")
                or text(block, "reportLinkId")
                or text(fallback, "reportLinkId")
            )
            owner = (
                text(row, "organisationId")
                or text(block, "organisationId")
                or text(fallback, "organisationId")
            )
            if not owner and question is KeyQuestion.OVERALL:
                owner = _owner_of_report(questions, link)
            yield from self._one(
                row,
                group,
                question,
                published_on=published_on,
                source=RatingSource.INSPECTION,
                is_current=is_current,
                inherited_from=owner,
                link=link,
            )

    # The single assessment framework

    def _assessments(self, payload: dict[str, Any]) -> list[Found]:
        undecided: list[tuple[Found, str, str]] = []
        for assessment in objects(payload, "assessment"):
            ratings = mapping(assessment, "ratings")
            groups = []
            for group in objects(ratings, "asgRatings"):
                name = text(group, "name")
                if not name and text(group, "rating"):
                    self._alarm("An assessment does not name its service.")
                groups += [
                    (one, status, name) for one, status in self._assessed(assessment, group, name)
                ]
            undecided += groups
            for block in objects(ratings, "overall"):
                whole = [
                    (one, status, "the whole location")
                    for one, status in self._assessed(assessment, block, WHOLE)
                ]
                undecided += self._beside([one for one, _, _ in groups], whole)
        return self._decided(undecided)

    def _assessed(
        self, assessment: dict[str, Any], block: dict[str, Any], group: str
    ) -> Iterator[tuple[Found, str]]:
        moment = "assessmentPlanPublishedDateTime"
        published_on = (
            day(assessment, moment, self.problems)
            or day(block, moment, self.problems)
            or day(block, "assessmentDate", self.problems)
            or day(assessment, "assessmentDate", self.problems)
        )
        status = letters_and_digits(text(block, "status"))
        for row, question in self._questions_and_overall(
            block, objects(block, "keyQuestionRatings")
        ):
            for one in self._one(
                row,
                group,
                question,
                published_on=published_on,
                source=RatingSource.ASSESSMENT,
                is_current=status == CURRENT,
                inherited_from="",
                link=text(block, "assessmentPlanId") or text(assessment, "assessmentPlanId"),
                second_of_day=second_of_day(text(assessment, moment)),
            ):
                yield one, status

    def _beside(
        self, groups: list[Found], whole: list[tuple[Found, str, str]]
    ) -> list[tuple[Found, str, str]]:
        """Of ratings for the whole location those of which no service's own was given beside. One
        that is worse than all of them is told, since it is not the same fact told again.
        """
        kept = []
        for one, status, name in whole:
            beside = [rival.rating for rival in groups if rival.key_question is one.key_question]
            if not beside:
                kept.append((one, status, name))
            elif WORST_FIRST.index(one.rating) < min(map(WORST_FIRST.index, beside)):
                self._alarm(
                    f"Not used: an assessment rates the location {one.rating.label}"
                    f" ({one.key_question.label}), and each of its services higher."
                )
        return kept

    def _decided(self, undecided: list[tuple[Found, str, str]]) -> list[Found]:
        """Assessments with a status that we know, and those whose status is missing or new: the
        latest of a service stands, unless one that is called current is as late.
        """
        latest: dict[tuple[str, KeyQuestion], date] = {}
        for one, status, _ in undecided:
            if status not in PAST:
                key = one.service, one.key_question
                latest[key] = max(latest.get(key, one.published_on), one.published_on)
        called_current = {
            (one.service, one.key_question, one.published_on)
            for one, status, _ in undecided
            if status == CURRENT
        }
        decided = []
        for one, status, name in undecided:
            if status != CURRENT and status not in PAST:
                says = (
                    f"of a status that we do not know ({status!r})"
                    if status
                    else "without a status"
                )
                key = one.service, one.key_question
                stands = latest[key] == one.published_on and (*key, one.published_on) not in (
                    called_current
                )
                told = (
                    f"An assessment of {name} {says}:"
                    f" {'it stands as the latest' if stands else 'it is taken as past'}."
                )
                if told not in self.problems:
                    self.problems.append(told)
                one = replace(one, is_current=stands)
            decided.append(one)
        return decided

    # One rating

    def _questions_and_overall(
        self, block: dict[str, Any], questions: list[dict[str, Any]]
    ) -> Iterator[tuple[dict[str, Any], KeyQuestion]]:
        yield block, KeyQuestion.OVERALL
        for row in questions:
            question = words.key_question_of(name := text(row, "name"))
            if question is None or question is KeyQuestion.OVERALL:
                self._alarm(f"A key question of an unknown name: {name!r}.")
                continue
            yield row, question

    def _one(
        self,
        row: dict[str, Any],
        group: str,
        question: KeyQuestion,
        *,
        published_on: date | None,
        source: RatingSource,
        is_current: bool,
        inherited_from: str,
        link: str,
        second_of_day: int = 0,
    ) -> Iterator[Found]:
        word = text(row, "rating")
        self._read.add(id(row))
        rating = words.rating_of(word)
        if rating is None:
            # "Inspected but not rated" and its like end nothing: the rating before them stands.
            if not words.is_known_rating_word(word):
                self._alarm(f"A rating word that we do not know: {word!r}.")
            return
        if published_on is None:
            self._alarm(f"A rating ({question.value}, {rating.value}) without a date.")
            return
        for name, kind in words.services_rated(group, self.types):
            yield Found(
                service_group=name,
                service_type=kind,
                key_question=question,
                rating=rating,
                published_on=published_on,
                source=source,
                is_current=is_current,
                inherited_from=inherited_from.upper(),
                report_link=link,
                score=_score(row) if source is RatingSource.ASSESSMENT else None,
                second_of_day=second_of_day,
            )

    # What was left over

    def _unread(self, value: object, path: str) -> Iterator[tuple[str, str]]:
        """Where a word for a rating stands that nobody read, at any depth and under any key; and
        whatever stands under a key that speaks of a rating.
        """
        if isinstance(value, list):
            for one in value:
                yield from self._unread_text(one, path, "")
                yield from self._unread(one, path)
        elif isinstance(value, dict):
            for key, inner in value.items():
                where = f"{path}.{key}" if path else str(key)
                was_read = key == "rating" and id(value) in self._read
                if not was_read and (path or key not in NAMES):
                    yield from self._unread_text(inner, where, letters_and_digits(str(key)))
                yield from self._unread(inner, where)

    def _unread_text(self, value: object, where: str, key: str) -> Iterator[tuple[str, str]]:
        if not isinstance(value, str) or len(value) > LONGEST_WORD:
            return
        speaks_of_rating = re.search(r"rating(?:word|value|name|text)?$", key)
        if words.rating_of(value) or (speaks_of_rating and not words.is_known_rating_word(value)):
            yield ascii(where)[1:-1][:120], value


def _rated_blocks(ratings: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    yield mapping(ratings, "overall"), WHOLE
    for service in objects(ratings, "serviceRatings"):
        if name := text(service, "name"):
            yield service, name


def _owner_of_report(questions: list[dict[str, Any]], link: str) -> str:
    """Whose the overall rating is: its key questions say so, it does not (seen after changes of
    owner).
    """
    of_same_report = [q for q in questions if not link or text(q, "reportLinkId") == link]
    owners = {text(q, "organisationId") for q in of_same_report}
    return owners.pop() if len(owners) == 1 else ""


def _score(row: dict[str, Any]) -> int | None:
    # CQC's own schema misspells the key; scores are text, sometimes with a sign.
    typed = text(row, "percentageScore") or text(row, "percengtageScore")
    match = re.fullmatch(r"(\d{1,3})(\.\d+)?\s*%?", typed)
    return round(float(match[1] + (match[2] or ""))) if match else None
