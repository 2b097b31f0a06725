"""The programme of a year: what was promised, what was done, what is late; meetings and
portfolios.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from audits import figures
from audits.actions import programme
from audits.audit_states import AuditState, ReAudit, audits_between, re_audits, state_of
from audits.forms.monitoring import BookForm, MeetingForm, PortfolioForm, ProgrammeEntryForm
from audits.forms.visits import auditors
from audits.models import (
    Capacity,
    LeadRole,
    ProgrammeEntry,
    ReviewMeeting,
    Visit,
    year_days,
    year_in_words,
    year_of,
)
from audits.rules import programme as programme_rules
from audits.views.plain_list import plain_list
from audits.views.work import READ, RECORD
from core.dates import day_in_words
from core.models import User
from core.permissions import Request, require_permission
from documents.numbers import whole_number
from govuk.form_page import bind, form_page, post_action
from govuk.lists import Column, GovFilterSet
from providers.models import Service
from providers.vocabulary import ServiceType

PLAN = ("audits.plan_programme", *READ)


@dataclass(frozen=True)
class Row:
    """A place of the programme as its page shows it."""

    entry: ProgrammeEntry
    state: AuditState
    visit: Visit | None
    # What the rating that its audit gave asks for within the same year, if it does.
    again: ReAudit | None = None
    today: date = date.max

    @property
    def place(self) -> str:
        return f"the place of {self.entry.service}"

    @property
    def audit(self) -> str:
        return f"the audit of {self.entry.service}"

    @property
    def again_in_words(self) -> str:
        """`Audit due again by 8 November 2026`."""
        return f"Audit due again by {day_in_words(self.again.due_on)}" if self.again else ""

    @property
    def again_is_late(self) -> bool:
        return self.again is not None and self.again.is_late_on(self.today)

    @property
    def again_url(self) -> str:
        """Where that audit is planned."""
        query = {"service": self.entry.service_id, "planned_for": self.today.isoformat()}
        if self.again and self.again.due_on > self.today:
            query["planned_for"] = self.again.due_on.isoformat()
        return f"{reverse('audits:plan-visit')}?{urlencode(query)}"

    @property
    def plan_url(self) -> str:
        """Where its visit is planned; empty when it has one or is left out."""
        if self.visit is not None or self.entry.left_out_reason:
            return ""
        query = {
            "service": self.entry.service_id,
            "planned_for": self.entry.due_on.isoformat(),
        }
        return f"{reverse('audits:plan-visit')}?{urlencode(query)}"


@require_permission(*READ)
def list_programme(request: Request) -> HttpResponse:
    """Every type of service in a year: the figure, and the way to each."""
    today = timezone.localdate()
    asked = whole_number(request.GET.get("year"), 2100)
    year = asked if asked is not None and asked >= 2000 else year_of(today)
    figure = figures.programme_progress(min(max(today, year_days(year)[0]), year_days(year)[1]))
    context = {
        "year": year,
        "title": year_in_words(year),
        "years": [(one, year_in_words(one)) for one in (year - 1, year + 1)],
        "figure": figure,
        "types": ServiceType.choices,
    }
    return render(request, "audits/list_programme.html", context)


def _checked(year: int, service_type: str) -> str:
    if service_type not in ServiceType.values or not 2000 <= year <= 2100:
        raise Http404
    return str(ServiceType(service_type).label)


@require_permission(*READ)
def view_programme(request: Request, year: int, service_type: str) -> HttpResponse:
    """One type of service: who is due when, the riskiest first, and what became of each."""
    label = _checked(year, service_type)
    today = timezone.localdate()
    entries = list(
        ProgrammeEntry.objects.of(year, service_type)
        .select_related("service", "officer")
        .in_order()
    )
    made = audits_between([entry.service_id for entry in entries], *year_days(year))
    again = {
        one.service.pk: one
        for one in re_audits(*year_days(year), [entry.service_id for entry in entries])
    }
    rows = [
        Row(
            entry,
            state_of(entry, made.get(entry.service_id), today),
            made.get(entry.service_id),
            # Of a place that still waits its own day says enough.
            again.get(entry.service_id) if _is_done(made.get(entry.service_id)) else None,
            today,
        )
        for entry in entries
    ]
    wanted = request.GET.get("state", "")
    without = (
        Service.objects.open_on(today)
        .filter(service_type=service_type)
        .exclude(pk__in=[entry.service_id for entry in entries])
        .count()
    )
    is_over = today > year_days(year)[1]
    context = {
        "year": year,
        "service_type": service_type,
        "label": label,
        "title": year_in_words(year),
        "caption": f"Audit programme, {year_in_words(year)}",
        "rows": [row for row in rows if not wanted or row.state.value == wanted],
        "states": _states(rows, wanted),
        "all": len(rows),
        "without": _without_a_place(without),
        "may_plan": request.user.has_perms(PLAN) and not is_over,
        "may_change": request.user.has_perms(PLAN),
        "may_record": request.user.has_perms(RECORD),
        "rule": programme_rules.risk_in_words(),
    }
    return render(request, "audits/view_programme.html", context)


def _is_done(visit: Visit | None) -> bool:
    return visit is not None and visit.is_completed


def _states(rows: list[Row], wanted: str) -> list[dict[str, object]]:
    """What the list can be narrowed to, with how many places each has."""
    states: list[dict[str, object]] = [
        {"label": f"All: {len(rows)}", "url": "?", "is_current": not wanted}
    ]
    for state in AuditState:
        count = sum(row.state == state for row in rows)
        states.append(
            {
                "label": f"{state.label}: {count}",
                "url": f"?state={state.value}",
                "is_current": wanted == state.value,
            }
        )
    return states


def _without_a_place(services: int) -> str:
    if not services:
        return ""
    return (
        "1 service has no place yet."
        if services == 1
        else f"{services} services have no place yet."
    )


@require_permission(*PLAN)
@require_POST
def draw_up_programme(request: Request, year: int, service_type: str) -> HttpResponse:
    _checked(year, service_type)
    return post_action(
        request,
        lambda: programme.draw_up_programme(
            year, service_type, by=request.user, today=timezone.localdate(), now=timezone.now()
        ),
        done="Programme drawn up. Check it, and change the places that need it.",
        url=reverse("audits:view-programme", args=[year, service_type]),
    )


@require_permission(*PLAN)
def book_audits(request: Request, year: int, service_type: str) -> HttpResponse:
    label, today = _checked(year, service_type), timezone.localdate()
    until = min(today + timedelta(days=90), year_days(year)[1])
    return form_page(
        request,
        bind(request, BookForm, initial={"until": until}),
        lambda given: programme.book_audits(
            year, service_type, by=request.user, given=given, today=today, now=timezone.now()
        ),
        template="audits/single_form.html",
        title="Plan the visits",
        about=f"{label}, {year_in_words(year)}",
        intro=[
            "We plan an audit on its due day for each service that has an officer and no audit yet"
            " this year."
        ],
        done=_visits_planned,
        url=reverse("audits:view-programme", args=[year, service_type]),
    )


def _visits_planned(made: list[Visit]) -> str:
    if not made:
        return "No visits planned: no service with an officer is due by then."
    return "1 visit planned." if len(made) == 1 else f"{len(made)} visits planned."


@require_permission(*PLAN)
def change_programme_entry(request: Request, entry_id: int) -> HttpResponse:
    entry = get_object_or_404(ProgrammeEntry.objects.select_related("service"), pk=entry_id)
    return form_page(
        request,
        bind(request, ProgrammeEntryForm, instance=entry),
        lambda given: programme.change_programme_entry(entry_id, by=request.user, given=given),
        template="audits/single_form.html",
        title="Change the place in the programme",
        about=f"{entry.service}, {year_in_words(entry.year)}",
        intro=[entry.risk_in_words],
        record=entry,
        done="Place changed.",
        url=reverse("audits:view-programme", args=[entry.year, entry.service.service_type]),
    )


class MeetingFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(
        field_name="visit__service__name_key", lookup_expr="holds", label="Service"
    )
    waiting = django_filters.BooleanFilter(method="is_waiting", label="Still to be held")
    officer = django_filters.ModelChoiceFilter(
        queryset=User.objects.filter(review_meetings__isnull=False).distinct(), label="Officer"
    )

    class Meta:
        model = ReviewMeeting
        fields: list[str] = []

    def is_waiting(self, rows: Any, name: str, value: bool) -> Any:
        return rows.waiting() if value else rows.exclude(held_on=None)


@require_permission(*READ)
def list_meetings(request: Request) -> HttpResponseBase:
    rows = ReviewMeeting.objects.select_related("visit__service", "officer")
    columns = [
        Column(
            "service", "Service", sort=("visit__service__name_key",), value="visit.service.name"
        ),
        Column("audited", "Audited", sort=("visit__visited_on",), value="visit.visited_on"),
        Column("due", "Meeting due", sort=("due_on",), value="due_on"),
        Column("officer", "Officer", sort=("officer__name_key",), value="officer"),
        Column("held", "Held", sort=("held_on",), value="held_on"),
        Column("note", "What was agreed", value="note"),
    ]
    return plain_list(
        request,
        MeetingFilter(request.GET, queryset=rows),
        columns,
        title="Contract review meetings",
        default_sort="-due",
        export_name="contract-review-meetings",
        noun=("meeting", "meetings"),
        link=lambda meeting: (
            reverse("audits:record-meeting", args=[meeting.pk])
            if meeting.held_on is None and request.user.has_perms(RECORD)
            else ""
        ),
        crumbs=[("Programme", reverse("audits:list-programme"))],
        empty=(
            "No contract review meetings yet. One follows each audit of the types of service that"
            " the council chose."
        ),
    )


@require_permission(*RECORD)
def record_meeting(request: Request, meeting_id: int) -> HttpResponse:
    meeting = get_object_or_404(
        ReviewMeeting.objects.select_related("visit__service"), pk=meeting_id
    )
    today = timezone.localdate()
    return form_page(
        request,
        bind(request, MeetingForm, initial={"held_on": today}),
        lambda given: programme.record_meeting(
            meeting_id, by=request.user, given=given, today=today
        ),
        template="audits/single_form.html",
        record=meeting,
        title="Record the contract review meeting",
        about=str(meeting.visit.service),
        intro=[
            f"The meeting is due on {day_in_words(meeting.due_on)}. The audit was on"
            f" {day_in_words(meeting.visit.day)}."
        ],
        done="Meeting recorded.",
        url=reverse("audits:list-meetings"),
    )


@require_permission(*READ)
def list_portfolios(request: Request) -> HttpResponse:
    """Each officer: services, what is due, how much they can do, and what they lead on."""
    today = timezone.localdate()
    officers = list(
        auditors().annotate(
            services=Count("portfolio", filter=Q(portfolio__closed_on=None), distinct=True),
            waiting=Count(
                "visits", filter=Q(visits__status__in=["planned", "in_progress"]), distinct=True
            ),
            slipped=Count(
                "visits",
                filter=Q(visits__status="planned", visits__planned_for__lt=today),
                distinct=True,
            ),
        )
    )
    capacity = dict(Capacity.objects.values_list("officer", "audits_a_month"))
    roles: dict[int, list[str]] = {}
    for role in LeadRole.objects.filter(until_on=None):
        roles.setdefault(role.officer_id, []).append(role.get_topic_display())
    may_change = request.user.has_perms(PLAN)
    rows = [
        {
            "officer": officer,
            "change_url": reverse("audits:change-portfolio", args=[officer.pk])
            if may_change
            else "",
            "visits_url": f"{reverse('audits:list-visits')}?officer={officer.pk}&status=waiting",
            "visits": f"visits of {officer}",
            "capacity": capacity.get(officer.pk, "Not set"),
            "roles": ", ".join(roles.get(officer.pk, [])),
        }
        for officer in officers
    ]
    return render(request, "audits/list_portfolios.html", {"rows": rows})


@require_permission(*PLAN)
def change_portfolio(request: Request, officer_id: int) -> HttpResponse:
    officer = get_object_or_404(auditors(), pk=officer_id)
    held = Capacity.objects.filter(officer=officer).first()
    topics = list(
        LeadRole.objects.filter(officer=officer, until_on=None).values_list("topic", flat=True)
    )
    initial = {"audits_a_month": held.audits_a_month if held else 0, "topics": topics}

    return form_page(
        request,
        bind(request, PortfolioForm, initial=initial),
        lambda given: programme.change_portfolio(
            officer, by=request.user, given=given, today=timezone.localdate()
        ),
        template="audits/single_form.html",
        title="Capacity and lead roles",
        about=str(officer),
        done="Capacity and lead roles saved.",
        url=reverse("audits:list-portfolios"),
    )
