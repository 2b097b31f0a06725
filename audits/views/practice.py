"""Good practice and its use in papers, nominations for the awards, the improvement programme."""

from typing import Any

import django_filters
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from audits import figures
from audits.actions import practice
from audits.forms.monitoring import (
    ConsentForm,
    EndEnrolmentForm,
    EnrolForm,
    GoodPracticeForm,
    NominationForm,
    ResultForm,
)
from audits.models import AwardCategory, Enrolment, GoodPractice, Nomination, Support, Visit
from audits.views.plain_list import PageLink, plain_list
from audits.views.work import READ, RECORD, named
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page, post_action
from govuk.lists import Column, GovFilterSet
from providers.models import Service
from providers.vocabulary import ServiceType


class GoodPracticeFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(method="find", label="Service or words")
    usable = django_filters.BooleanFilter(method="is_usable", label="Papers can use it")
    service_type = django_filters.ChoiceFilter(
        field_name="service__service_type", choices=ServiceType.choices, label="Type of service"
    )

    class Meta:
        model = GoodPractice
        fields: list[str] = []

    def find(self, rows: Any, name: str, text: str) -> Any:
        return rows.filter(title_key__holds=text) | rows.filter(service__name_key__holds=text)

    def is_usable(self, rows: Any, name: str, value: bool) -> Any:
        usable = GoodPractice.objects.usable()
        return rows.filter(pk__in=usable) if value else rows.exclude(pk__in=usable)


@require_permission(*READ)
def list_good_practice(request: Request) -> HttpResponseBase:
    columns = [
        Column("title", "What is good", sort=("title_key",)),
        Column("service", "Service", sort=("service__name_key",), value="service.name"),
        Column(
            "type",
            "Type",
            sort=("service__service_type",),
            value="service.get_service_type_display",
        ),
        Column("recorded", "Recorded", sort=("recorded_at",), value="recorded_at"),
        Column("usable", "Can papers use it?", value="use_in_words"),
    ]
    rows = GoodPractice.objects.select_related("service")
    may_add = request.user.has_perms(RECORD)
    return plain_list(
        request,
        GoodPracticeFilter(request.GET, queryset=rows),
        columns,
        title="Good practice",
        default_sort="-recorded",
        export_name="good-practice",
        noun=("example", "examples"),
        link=lambda example: reverse("audits:view-good-practice", args=[example.pk]),
        links=[
            *(
                [PageLink("Record an example", reverse("audits:add-good-practice"), button=True)]
                if may_add
                else []
            ),
            PageLink("Nominations", reverse("audits:list-nominations")),
        ],
    )


@require_permission(*RECORD)
def add_good_practice(request: Request) -> HttpResponse:
    visit = named(request, Visit, "visit")
    service = visit.service if visit else named(request, Service, "service")
    back = (
        reverse("audits:view-visit", args=[visit.pk])
        if visit
        else reverse("audits:list-good-practice")
    )
    return form_page(
        request,
        bind(request, GoodPracticeForm, today=timezone.localdate(), service=service),
        lambda given: practice.record_good_practice(
            by=request.user, given=given, visit=visit, now=timezone.now()
        ),
        template="audits/single_form.html",
        title="Record good practice",
        about=str(service or ""),
        done="Example recorded. Ask the provider for its consent.",
        url=reverse("audits:list-good-practice"),
        cancel_url=back,
    )


@require_permission(*READ)
def view_good_practice(request: Request, practice_id: int) -> HttpResponse:
    example = get_object_or_404(
        GoodPractice.objects.select_related("service", "visit", "recorded_by"), pk=practice_id
    )
    context = {
        "practice": example,
        "caption": f"{example.service}, {example.service.get_service_type_display().lower()}",
        "nominations": example.nominations.all(),
        "nominate_url": f"{reverse('audits:add-nomination')}?practice={example.pk}",
        "may_record": request.user.has_perms(RECORD),
    }
    return render(request, "audits/view_good_practice.html", context)


@require_permission(*RECORD)
def record_consent(request: Request, practice_id: int) -> HttpResponse:
    example, today = get_object_or_404(GoodPractice, pk=practice_id), timezone.localdate()
    return form_page(
        request,
        bind(request, ConsentForm, initial={"consented_on": today}),
        lambda given: practice.record_consent(
            practice_id, by=request.user, given=given, today=today
        ),
        template="audits/single_form.html",
        title="Record the provider’s consent",
        about=example.title,
        done="Consent recorded. Papers can now use the example.",
        url=reverse("audits:view-good-practice", args=[practice_id]),
    )


@require_permission(*RECORD)
@require_POST
def withdraw_consent(request: Request, practice_id: int) -> HttpResponse:
    get_object_or_404(GoodPractice, pk=practice_id)
    return post_action(
        request,
        lambda: practice.withdraw_consent(practice_id, by=request.user, today=timezone.localdate()),
        done="Consent withdrawn. No new paper will use the example.",
        url=reverse("audits:view-good-practice", args=[practice_id]),
    )


class NominationFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(
        field_name="service__name_key", lookup_expr="holds", label="Service"
    )
    category = django_filters.ChoiceFilter(choices=AwardCategory.choices, label="Category")
    year = django_filters.NumberFilter(label="Year")

    class Meta:
        model = Nomination
        fields: list[str] = []


@require_permission(*READ)
def list_nominations(request: Request) -> HttpResponseBase:
    columns = [
        Column("service", "Service", sort=("service__name_key",), value="service.name"),
        Column("category", "Category", sort=("category",), value="get_category_display"),
        Column("year", "Year", sort=("year",)),
        Column("reason", "Why", value="reason"),
        Column("result", "Result", sort=("result",), value="get_result_display"),
    ]
    may_add = request.user.has_perms(RECORD)
    return plain_list(
        request,
        NominationFilter(request.GET, queryset=Nomination.objects.select_related("service")),
        columns,
        title="Nominations for the care awards",
        default_sort="-year",
        export_name="nominations",
        noun=("nomination", "nominations"),
        link=lambda one: (
            reverse("audits:record-nomination-result", args=[one.pk]) if may_add else ""
        ),
        links=[PageLink("Nominate a service", reverse("audits:add-nomination"), button=True)]
        if may_add
        else [],
        crumbs=[("Good practice", reverse("audits:list-good-practice"))],
    )


@require_permission(*RECORD)
def add_nomination(request: Request) -> HttpResponse:
    example = named(request, GoodPractice, "practice")
    service = example.service if example else named(request, Service, "service")
    today = timezone.localdate()
    initial = {"year": today.year, "reason": example.text if example else ""}
    return form_page(
        request,
        bind(request, NominationForm, initial=initial, today=today, service=service),
        lambda given: practice.nominate(
            by=request.user, given=given, good_practice=example, now=timezone.now()
        ),
        template="audits/single_form.html",
        title="Nominate a service for the care awards",
        about=str(service or ""),
        done="Nomination recorded.",
        url=reverse("audits:list-nominations"),
    )


@require_permission(*RECORD)
def record_nomination_result(request: Request, nomination_id: int) -> HttpResponse:
    nomination = get_object_or_404(Nomination.objects.select_related("service"), pk=nomination_id)
    return form_page(
        request,
        bind(request, ResultForm, initial={"result": nomination.result}),
        lambda given: practice.record_result(nomination_id, by=request.user, given=given),
        template="audits/single_form.html",
        title="Record the result of the nomination",
        about=str(nomination),
        intro=[nomination.reason],
        done="Result recorded.",
        url=reverse("audits:list-nominations"),
    )


class EnrolmentFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(
        field_name="service__name_key", lookup_expr="holds", label="Service"
    )
    support = django_filters.ChoiceFilter(choices=Support.choices, label="Support")
    running = django_filters.BooleanFilter(method="is_running", label="Running")

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def is_running(self, rows: Any, name: str, value: bool) -> Any:
        return rows.running() if value else rows.exclude(ended_on=None)


@require_permission(*READ)
def list_enrolments(request: Request) -> HttpResponseBase:
    columns = [
        Column("service", "Service", sort=("service__name_key",), value="service.name"),
        Column("support", "Support", sort=("support",), value="get_support_display"),
        Column("enrolled", "Started", sort=("enrolled_on",), value="enrolled_on"),
        Column("lead", "Led by", sort=("lead__name_key",), value="lead"),
        Column("before", "Rated before", value="get_rated_before_display"),
        Column("ended", "Ended", sort=("ended_on",), value="ended_on"),
        Column("after", "Rated after", value="get_rated_after_display"),
        Column("shift", "Change in rating", value="shift_in_words"),
    ]
    may_add = request.user.has_perms(RECORD)
    return plain_list(
        request,
        EnrolmentFilter(request.GET, queryset=Enrolment.objects.select_related("service", "lead")),
        columns,
        title="Improvement programme",
        default_sort="-enrolled",
        export_name="improvement-programme",
        noun=("enrolment", "enrolments"),
        link=lambda one: (
            reverse("audits:end-enrolment", args=[one.pk])
            if may_add and one.ended_on is None
            else ""
        ),
        links=[PageLink("Enrol a service", reverse("audits:add-enrolment"), button=True)]
        if may_add
        else [],
        figure=figures.improvement_programme(timezone.localdate()),
    )


@require_permission(*RECORD)
def add_enrolment(request: Request) -> HttpResponse:
    service, today = named(request, Service, "service"), timezone.localdate()
    last = (
        Visit.objects.rated().for_service(service).order_by("-visited_on").first()
        if service
        else None
    )
    initial = {
        "enrolled_on": today,
        "lead": request.user.pk,
        "rated_before": last.outcome if last else None,
    }
    return form_page(
        request,
        bind(request, EnrolForm, initial=initial, today=today, service=service),
        lambda given: practice.enrol(by=request.user, given=given, today=today),
        template="audits/single_form.html",
        title="Enrol a service in the improvement programme",
        about=str(service or ""),
        done="Service enrolled.",
        url=reverse("audits:list-enrolments"),
    )


@require_permission(*RECORD)
def end_enrolment(request: Request, enrolment_id: int) -> HttpResponse:
    enrolment = get_object_or_404(Enrolment.objects.select_related("service"), pk=enrolment_id)
    today = timezone.localdate()
    since = (
        Visit.objects.rated().for_service(enrolment.service).completed_after(enrolment.enrolled_on)
    )
    last = since.order_by("-visited_on").first()
    initial = {"ended_on": today, "rated_after": last.outcome if last else ""}
    return form_page(
        request,
        bind(request, EndEnrolmentForm, initial=initial),
        lambda given: practice.end_enrolment(
            enrolment_id, by=request.user, given=given, today=today
        ),
        template="audits/single_form.html",
        title="End the support",
        about=str(enrolment),
        intro=[
            f"Rating before the support: {enrolment.get_rated_before_display()}.",
            f"What should improve: {enrolment.aim}",
        ],
        done="Support ended.",
        url=reverse("audits:list-enrolments"),
    )
