"""Figures of the monitoring: the year's programme, and the improvement programme's shift. Exempt matter as far as they speak of results."""

from collections import Counter
from datetime import date

from audits.models import Enrolment, Place, Support, year_days, year_in_words, year_of
from audits.standing import State, audits_between, state_of
from carequality.figures import Column, Figure, Row, Share
from carequality.models import CouncilProfile
from providers.models import ServiceType


def _authority() -> str:
    council = CouncilProfile.current()
    return council.short_name if council else ""


def programme_progress(as_at: date) -> Figure:
    """The programme of the year in which the day lies: what was promised, what was done, what has slipped, by type of service."""
    year = year_of(as_at)
    places = list(Place.objects.of(year).select_related("service"))
    made = audits_between([place.service_id for place in places], *year_days(year))
    rows = []
    for service_type in ServiceType:
        mine = [place for place in places if place.service.service_type == service_type]
        if not mine:
            continue
        states = {place.pk: state_of(place, made.get(place.service_id), as_at) for place in mine}
        counted = Counter(states.values())
        wanted = [place for place in mine if states[place.pk] != State.LEFT_OUT]
        due = [place for place in wanted if place.due_on <= as_at]
        done_of_due = [place for place in due if states[place.pk] == State.DONE]
        behind = tuple(
            (state.value, tuple(str(place.service_id) for place in mine if states[place.pk] == state))
            for state in State
        )
        rows.append(
            Row(
                cells=(
                    str(service_type.label),
                    len(wanted),
                    *(counted[state] for state in State),
                    Share(len(done_of_due), len(due)),
                    sum(place.officer_id is None for place in wanted),
                ),
                behind=behind,
            )
        )
    return Figure(
        name="audit-programme",
        title=f"Audit programme, {year_in_words(year)}",
        as_at=as_at,
        authority=_authority(),
        columns=(
            Column("type", "Type of service"),
            Column("services", "In the programme", "count"),
            *(Column(state.value, str(state.label), "count") for state in State),
            Column("kept", "Done of those due", "share"),
            Column("nobody", "Without an officer", "count"),
        ),
        rows=tuple(rows),
        notes=(
            "An audit has slipped when the day on which it is due, or for which its visit was planned, is over and it has not begun.",
            "Those left out have a reason on the record and do not count in the programme.",
        ),
    )


def improvement_programme(as_at: date) -> Figure:
    """Services in the improvement programme by that day, by the support that they had, and how their rating moved."""
    rows = []
    enrolled = list(Enrolment.objects.filter(enrolled_on__lte=as_at))
    for support in Support:
        mine = [one for one in enrolled if one.support == support]
        ended = [one for one in mine if one.ended_on and one.ended_on <= as_at]
        rated = [(one, one.shift) for one in ended if one.shift is not None]
        parts = {
            "enrolled": mine,
            "running": [one for one in mine if one not in ended],
            "ended": ended,
            "better": [one for one, shift in rated if shift > 0],
            "same": [one for one, shift in rated if shift == 0],
            "worse": [one for one, shift in rated if shift < 0],
        }
        rows.append(
            Row(
                cells=(
                    str(support.label),
                    *(len(part) for part in parts.values()),
                    Share(len(parts["better"]), len(rated)),
                ),
                behind=tuple((key, tuple(str(one.pk) for one in part)) for key, part in parts.items()),
            )
        )
    return Figure(
        name="improvement-programme",
        title="Improvement programme: ratings before and after",
        as_at=as_at,
        authority=_authority(),
        columns=(
            Column("support", "Support"),
            Column("enrolled", "Enrolled", "count"),
            Column("running", "Running", "count"),
            Column("ended", "Ended", "count"),
            Column("better", "Better", "count", "Rated after"),
            Column("same", "The same", "count", "Rated after"),
            Column("worse", "Worse", "count", "Rated after"),
            Column("share", "Better", "share", "Of those rated after"),
        ),
        rows=tuple(rows),
        notes=(
            "Ratings are the council’s own, of the audit before the support and of the first one after it.",
        ),
    )
