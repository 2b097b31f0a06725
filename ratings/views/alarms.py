from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from govuk.lists import Column, ListPage
from ratings.actions import alarms
from ratings.forms import EndAlarmForm
from ratings.models import Location, RatingAlarm

COLUMNS = [
    Column("location_id", "CQC location", sort=("location_id",)),
    Column("kind", "Why", value="get_kind_display", sort=("kind",)),
    Column("said", "What was found"),
    Column("noticed_at", "First noticed", sort=("noticed_at",)),
    Column("ended_at", "Ended", sort=("ended_at",)),
    Column("ended_by", "Ended by"),
    Column("reason", "What they found"),
]
SHOWN = "location_id said noticed_at ended_at"


@require_permission("ratings.view_location")
def list_alarms(request: HttpRequest) -> HttpResponseBase:
    page = ListPage(
        request,
        RatingAlarm.objects.select_related("ended_by"),
        COLUMNS,
        default_sort="-noticed_at",
        export_name="cqc-alarms",
        noun=("alarm", "alarms"),
    )
    context = {
        "page": page,
        "columns": SHOWN,
        "held": Location.objects.in_bulk([alarm.location_id for alarm in page]),
        "tab": "runs",
    }
    return page.export() or render(request, "ratings/list_alarms.html", context)


@require_permission("ratings.run_sync")
def end_alarm(request: Request, alarm_id: int) -> HttpResponseBase:
    alarm = get_object_or_404(RatingAlarm, pk=alarm_id)
    return form_page(
        request,
        bind(request, EndAlarmForm),
        lambda given: alarms.end_alarm(alarm_id, by=request.user, given=given, now=timezone.now()),
        template="ratings/end_alarm.html",
        done="The alarm has ended.",
        url=reverse("ratings:list-alarms"),
        cancel_url=reverse("ratings:list-alarms"),
        alarm=alarm,
        location=alarm.location,
        tab="runs",
    )
