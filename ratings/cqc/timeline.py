"""From every rating found in a payload to periods of which no two overlap.

One service and key question has one rating at a time, and of several the latest published, in
whichever block of the payload it stands: a later assessment of a service ends the inspections'
rating of the location, and a later rating of the whole location ends the assessments. Two rows of
one fact are one rating: CQC tells a current assessment of a service again among the inspections, in
the same word, on its day or within the weeks after.

Assessments that are no longer current are history only where something later ended them, since CQC
does not say when they ended; the inspection stands otherwise.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from providers.vocabulary import ServiceType
from ratings.cqc.records import WHOLE, RatingRecord
from ratings.vocabulary import WORST_FIRST, KeyQuestion, RatingSource, RatingWord

# Days within which the same word for the location is the assessment of its service told again.
TOLD_AGAIN = 92


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A rating as it stands in a payload, before anyone asked when it ended."""

    service_group: str
    service_type: ServiceType | None
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

    @property
    def service(self) -> str:
        """What it is of: two names of one type of service at a location are one service."""
        return self.service_type or self.service_group

    def covers(self, other: "Found") -> bool:
        """Whether whoever rates this rates the other's service too."""
        return self.service_group == WHOLE or self.service == other.service


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
    assessments = [one for one in found if one.source is RatingSource.ASSESSMENT]
    current = [one for one in assessments if one.is_current]
    inspections = [
        one
        for one in found
        if one.source is RatingSource.INSPECTION and not _is_told_again(one, current)
    ]
    assessments = _with_an_end(assessments, inspections)

    made = []
    for ones in _by_service(inspections + assessments):
        for one, after in zip(ones, [*ones[1:], None], strict=True):
            superseded_on = _end(one, after, inspections, assessments)
            if superseded_on != one.published_on:
                made.append(_period(one, superseded_on))
    return made


def _is_told_again(one: Found, current: list[Found]) -> bool:
    """Whether an inspection's rating is that of a current assessment; of one day the assessment
    holds, in whatever word.
    """
    return any(
        rival.published_on == one.published_on
        or (
            rival.rating is one.rating
            and 0 < (one.published_on - rival.published_on).days <= TOLD_AGAIN
        )
        for rival in current
    )


def _end(
    one: Found, after: Found | None, inspections: list[Found], assessments: list[Found]
) -> date | None:
    """The day on which a rating ended; its own day if another of that day took its place; None
    while it stands.
    """
    ends = [after.published_on] if after else []
    if one.source is RatingSource.INSPECTION:
        ends += _ends_by_assessments(one, assessments)
    else:
        whole = [rival for rival in assessments if rival.service_group == WHOLE]
        ends += [
            rival.published_on
            for rival in inspections + whole
            if rival.published_on > one.published_on and (rival.covers(one) or not one.is_current)
        ]
        if after is None and not one.is_current:
            ends += [
                rival.published_on
                for rival in assessments
                if rival.is_current and rival.published_on > one.published_on
            ]
    return min(ends, default=None)


def _ends_by_assessments(one: Found, assessments: list[Found]) -> list[date]:
    """When assessments took an inspection's place: with the first of them, or, where the inspection
    had itself ended assessments of services, once each of those has a later one.
    """
    later: dict[str, date] = {}
    for rival in assessments:
        if rival.published_on >= one.published_on:
            before = later.get(rival.service, rival.published_on)
            later[rival.service] = min(before, rival.published_on)
    ended = {
        rival.service
        for rival in assessments
        if rival.published_on < one.published_on and one.covers(rival)
    }
    if not ended:
        return list(later.values())
    ends = [later[WHOLE]] if WHOLE in later else []
    if ended <= later.keys():
        ends.append(max(later[service] for service in ended))
    return ends


def _with_an_end(assessments: list[Found], inspections: list[Found]) -> list[Found]:
    """Leave out assessments that are not current and that nothing which stands ended later.

    One that is later than its own service's current assessment did not end that either: it was
    withdrawn.
    """
    current = [one for one in assessments if one.is_current]
    last = max((one.published_on for one in [*inspections, *current]), default=date.min)
    last_of_service = {
        one.service: one.published_on for one in sorted(current, key=lambda o: o.published_on)
    }
    return [
        one
        for one in assessments
        if one.is_current or one.published_on < min(last, last_of_service.get(one.service, last))
    ]


def _by_service(found: list[Found]) -> list[list[Found]]:
    """The ratings of each service and source in order of day, one a day."""
    services: dict[tuple[str, RatingSource], dict[date, Found]] = defaultdict(dict)
    for one in sorted(found, key=_precedence):
        services[one.service, one.source].setdefault(one.published_on, one)
    return [[by_day[day] for day in sorted(by_day)] for _, by_day in sorted(services.items())]


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
        one.service_group,
    )


def _period(one: Found, superseded_on: date | None) -> RatingRecord:
    return RatingRecord(
        service_group=one.service_group,
        service_type=one.service_type,
        key_question=one.key_question,
        rating=one.rating,
        published_on=one.published_on,
        superseded_on=superseded_on,
        source=one.source,
        inherited_from=one.inherited_from,
        report_link=one.report_link,
        score=one.score,
    )
