"""From every rating found in a payload to periods of which no two overlap.

One service group and key question has one rating at a time. A rating of the single assessment
framework, once it is current for any service of the location, takes the place of the inspections'
for that key question: CQC leaves those stale. Assessments that are no longer current are history
only where something later ended them, since CQC does not say when they ended; the inspection stands
otherwise.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from ratings.cqc.records import RatingRecord
from ratings.cqc.words import service_type_of
from ratings.vocabulary import WORST_FIRST, KeyQuestion, RatingSource, RatingWord


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A rating as it stands in a payload, before anyone asked when it ended."""

    service_group: str
    key_question: KeyQuestion
    rating: RatingWord
    published_on: date
    source: RatingSource
    is_current: bool
    inherited_from: str
    report_link: str
    score: int | None = None
    second_of_day: int = 0  # of its publication, where CQC gives the time as well

    def without_own_id(self, location_id: str) -> "Found":
        """CQC names the organisation also where it is the location itself: that is no
        inheritance.
        """
        return replace(self, inherited_from="") if self.inherited_from == location_id else self


def periods(found: Iterable[Found]) -> tuple[RatingRecord, ...]:
    """The periods, by service group and key question, oldest first; no two of one overlap."""
    by_question: dict[KeyQuestion, list[Found]] = defaultdict(list)
    for one in found:
        by_question[one.key_question].append(one)
    made = [period for question in by_question.values() for period in _of_one_question(question)]
    return tuple(
        sorted(
            made,
            key=lambda r: (
                r.service_group,
                list(KeyQuestion).index(r.key_question),
                r.published_on,
            ),
        )
    )


def _of_one_question(found: list[Found]) -> list[RatingRecord]:
    current_since = min(
        (
            one.published_on
            for one in found
            if one.source is RatingSource.ASSESSMENT and one.is_current
        ),
        default=None,
    )
    inspections = [
        one
        for one in found
        if one.source is RatingSource.INSPECTION
        and (current_since is None or one.published_on < current_since)
    ]
    assessments = _with_an_end(
        [one for one in found if one.source is RatingSource.ASSESSMENT], inspections
    )

    made = []
    for group, ones in _by_group(inspections + assessments):
        for one, after in zip(ones, [*ones[1:], None], strict=True):
            superseded_on = _end(one, after, inspections, assessments)
            if superseded_on != one.published_on:
                made.append(_period(one, group, superseded_on))
    return made


def _end(
    one: Found, after: Found | None, inspections: list[Found], assessments: list[Found]
) -> date | None:
    """The day on which a rating ended; its own day if another of that day took its place; None
    while it stands.
    """
    ends = [after.published_on] if after else []
    if one.source is RatingSource.INSPECTION:
        ends += [
            rival.published_on for rival in assessments if rival.published_on >= one.published_on
        ]
    elif not one.is_current:
        ends += [
            rival.published_on for rival in inspections if rival.published_on > one.published_on
        ]
        if after is None:
            ends += [
                o.published_on
                for o in assessments
                if o.is_current and o.published_on > one.published_on
            ]
    # A current assessment is ended by the next of its own group only, whatever else is published
    # later.
    return min(ends, default=None)


def _with_an_end(assessments: list[Found], inspections: list[Found]) -> list[Found]:
    """Leave out assessments that are not current and that nothing which stands ended later.

    One that is later than its own group's current assessment did not end that either: it was
    withdrawn.
    """
    current = [one for one in assessments if one.is_current]
    last = max((one.published_on for one in [*inspections, *current]), default=date.min)
    last_of_group = {
        one.service_group: one.published_on for one in sorted(current, key=lambda o: o.published_on)
    }
    return [
        one
        for one in assessments
        if one.is_current
        or one.published_on < min(last, last_of_group.get(one.service_group, last))
    ]


def _by_group(found: list[Found]) -> list[tuple[str, list[Found]]]:
    """The ratings of each group and source in order of day, one a day."""
    groups: dict[tuple[str, RatingSource], dict[date, Found]] = defaultdict(dict)
    for one in sorted(found, key=_precedence):
        groups[one.service_group, one.source].setdefault(one.published_on, one)
    return [
        (group, [by_day[day] for day in sorted(by_day)])
        for (group, _), by_day in sorted(groups.items())
    ]


def _precedence(one: Found) -> tuple[object, ...]:
    """Which of one day's ratings holds: what CQC calls current, the last of the day, the lowest,
    our own; then by link.
    """
    lowest = WORST_FIRST.index(one.rating)
    return (
        not one.is_current,
        -one.second_of_day,
        lowest,
        bool(one.inherited_from),
        one.report_link,
    )


def _period(one: Found, group: str, superseded_on: date | None) -> RatingRecord:
    return RatingRecord(
        service_group=group,
        service_type=service_type_of(group),
        key_question=one.key_question,
        rating=one.rating,
        published_on=one.published_on,
        superseded_on=superseded_on,
        source=one.source,
        inherited_from=one.inherited_from,
        report_link=one.report_link,
        score=one.score,
    )
