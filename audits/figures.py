"""Figures of the monitoring: the year's programme, and how ratings moved in the improvement
programme. They are exempt (Local Government Act 1972, Schedule 12A).
"""

from collections import Counter
from datetime import date

from audits.audit_states import AuditState, audits_between, state_of
from audits.models import Enrolment, ProgrammeEntry, Support, year_days, year_in_words, year_of
from core.models import CouncilProfile
from figures.charting import Chart, bars_in_counts
from figures.figure import Column, Figure, Row, Share, name_of
from figures.options import GroupOptions
from figures.registration import Area, register_area, register_figure
from govuk.charts import ChartPart
from providers import groups
from providers.groups import ServiceGroup, group_of
from providers.vocabulary import ServiceType

register_area(
    Area(
        "audits",
        "Audits in figures",
        ("audits.view_visit", "core.read_exempt"),
        is_exempt=True,
        crumbs=(("Audits and visits", "audits:list-visits"),),
    ),
    order=30,
)
STATE_PARTS = (
    ChartPart(AuditState.DONE, str(AuditState.DONE.label), "#00538a"),
    ChartPart(AuditState.PLANNED, str(AuditState.PLANNED.label), "#5694ca", "#0b0c0c"),
    ChartPart(AuditState.TO_PLAN, str(AuditState.TO_PLAN.label), "#e4e6e7", "#0b0c0c", "dots"),
    ChartPart(AuditState.SLIPPED, str(AuditState.SLIPPED.label), "#f2b134", "#0b0c0c", "stripes"),
    ChartPart(AuditState.LEFT_OUT, str(AuditState.LEFT_OUT.label), "#b1b4b6", "#0b0c0c"),
)
SHIFT_PARTS = (
    ChartPart("better", "Better", "#00538a"),
    ChartPart("same", "The same", "#e4e6e7", "#0b0c0c", "dots"),
    ChartPart("worse", "Worse", "#9e1b32"),
)


def by_state(figure: Figure) -> list[Chart]:
    """A bar for each type of service: its places in the programme by where their audits stand."""
    described = (
        "A bar for each row of the table, as long as its number of services, split by where their"
        " audits stand."
    )
    return bars_in_counts(figure, figure.title, described, STATE_PARTS, figure.rows)


def by_shift(figure: Figure) -> list[Chart]:
    """A bar for each kind of support: those rated after it by how their rating moved."""
    described = (
        "A bar for each kind of support: the services rated after it, split by how their ratings"
        " moved."
    )
    return bars_in_counts(
        figure, figure.title, described, SHIFT_PARTS, figure.rows, ("rated after", "rated after")
    )


@register_figure(
    "audit-programme",
    label="Audit programme of the year",
    area="audits",
    order=10,
    sentence=(
        "Audits planned for the year, audits done and audits that have slipped, by type of service."
    ),
    options=GroupOptions,
    charts=by_state,
    behind="service",
    empty="No services are in the programme of that year.",
)
def programme_progress(
    as_at: date, by_group: bool = False, *, council: CouncilProfile | None = None
) -> Figure:
    """The programme of the year in which the day lies, by type of service.

    Numerator of *Done of those due*: places whose audit of the year is completed. Denominator:
    places due by that day, those left out not counted. Source: the programme's entries and the
    annual audits made or planned within its year; the council's own monitoring policy.
    """
    year = year_of(as_at)
    entries = list(ProgrammeEntry.objects.of(year).select_related("service"))
    made = audits_between([entry.service_id for entry in entries], *year_days(year))
    rows = []
    for kind in ServiceGroup if by_group else ServiceType:
        mine = [entry for entry in entries if _kind_of(entry, by_group) == kind]
        if not mine:
            continue
        states = {entry.pk: state_of(entry, made.get(entry.service_id), as_at) for entry in mine}
        counted = Counter(states.values())
        # Left out with a reason: in neither number, since nobody is to audit it this year.
        wanted = [entry for entry in mine if states[entry.pk] != AuditState.LEFT_OUT]
        due = [entry for entry in wanted if entry.due_on <= as_at]
        done_of_due = [entry for entry in due if states[entry.pk] == AuditState.DONE]
        behind = tuple(
            (
                state.value,
                tuple(str(entry.service_id) for entry in mine if states[entry.pk] == state),
            )
            for state in AuditState
        )
        rows.append(
            Row(
                cells=(
                    str(kind.label),
                    len(wanted),
                    *(counted[state] for state in AuditState),
                    Share(len(done_of_due), len(due)),
                    sum(entry.officer_id is None for entry in wanted),
                ),
                behind=behind,
            )
        )
    return Figure(
        name="audit-programme",
        title=f"Audit programme, {year_in_words(year)}",
        as_at=as_at,
        authority=name_of(council),
        columns=(
            Column("type", "Group of services" if by_group else "Type of service"),
            Column("services", "In the programme", "count"),
            *(Column(state.value, str(state.label), "count") for state in AuditState),
            Column("kept", "Done of those due", "share"),
            Column("nobody", "Without an officer", "count"),
        ),
        rows=tuple(rows),
        notes=(
            (
                "An audit has slipped if it has not begun by the day it is due, or by the day its"
                " visit was planned for."
            ),
            "Audits left out have a recorded reason and are not counted in the programme.",
            *([groups.NOTE] if by_group else []),
        ),
    )


def _kind_of(entry: ProgrammeEntry, by_group: bool) -> str:
    return group_of(entry.service) if by_group else entry.service.service_type


@register_figure(
    "improvement-programme",
    label="Improvement programme",
    area="audits",
    order=20,
    sentence="Services that had support, and their ratings before and after it.",
    charts=by_shift,
    behind="enrolment",
)
def improvement_programme(as_at: date, *, council: CouncilProfile | None = None) -> Figure:
    """Services enrolled in the improvement programme by that day, by the support that they had, and
    how their rating moved.

    Numerator of *Better*: services whose rating after the support is higher than before.
    Denominator: services whose support has ended and that were rated after it. Source: the
    enrolments, with the council's own ratings.
    """
    rows = []
    enrolled = list(Enrolment.objects.filter(enrolled_on__lte=as_at))
    for support in Support:
        mine = [one for one in enrolled if one.support == support]
        # As at the day: support that ended later was still running.
        ended = [one for one in mine if one.ended_on and one.ended_on <= as_at]
        # Without an audit after the support there is nothing to compare: neither better nor the
        # same.
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
                behind=tuple(
                    (key, tuple(str(one.pk) for one in part)) for key, part in parts.items()
                ),
            )
        )
    return Figure(
        name="improvement-programme",
        title="Improvement programme: ratings before and after",
        as_at=as_at,
        authority=name_of(council),
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
            (
                "Ratings are the council’s own: those of the last audit before the support and the"
                " first audit after it."
            ),
        ),
    )
