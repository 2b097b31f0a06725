"""Pages that show every piece at once, for the tests of this folder."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path

from core.permissions import everyone
from figures.figure import Column as FigureColumn
from figures.figure import Figure, Row, Share
from govuk import charts
from govuk.fields import GovDateTimeField, GovTimeField, MultiFileField, YesNoField
from govuk.forms import Button, GovForm
from govuk.lists import Column, GovFilterSet, ListPage

AREAS = [(f"area-{number}", f"Area {number}") for number in range(1, 31)]


class KitchenForm(GovForm):
    """One of every kind of question."""

    submit_label = "Save the record"
    buttons = (Button("Save as draft", "secondary", name="draft"),)
    cancel_url = "/list/"
    fieldsets = (("About the home", ["name", "postcode", "beds", "rate"]),)
    widths = {"postcode": 10}
    prefixes = {"rate": "£"}
    suffixes = {"rate": "a week"}
    reveals = {"kind": {"partial": ["limit"]}}
    option_hints = {"kind": {"full": "No new placements at all"}}

    name = forms.CharField(max_length=100)
    postcode = forms.CharField(max_length=8, required=False)
    beds = forms.IntegerField(min_value=1, max_value=300)
    rate = forms.DecimalField(max_digits=8, decimal_places=2, required=False)
    email = forms.EmailField(help_text="Only <b>work</b> addresses")
    kind = forms.ChoiceField(
        choices=[("full", "Full"), ("partial", "Partial"), ("voluntary", "Voluntary")]
    )
    limit = forms.IntegerField(label="Placements a week", required=False)
    client_groups = forms.MultipleChoiceField(
        choices=[("older", "Ageing Well"), ("younger", "Living Well")]
    )
    area = forms.ChoiceField(choices=[("", "---------"), *AREAS], required=False)
    group = forms.ModelChoiceField(queryset=Group.objects.none(), required=False)
    starts_on = forms.DateField(label="Start date", help_text="For example, 9 12 2019")
    decided_at = GovDateTimeField(label="When it was decided")
    opens = GovTimeField(label="Visit begins at")
    told = YesNoField(label="Has the provider been told?")
    reason = forms.CharField(widget=forms.Textarea, max_length=200)
    notes = forms.CharField(widget=forms.Textarea, required=False)
    evidence = forms.FileField()
    photographs = MultiFileField(required=False)
    password = forms.CharField(widget=forms.PasswordInput)
    sure = forms.BooleanField(label="I have read the guidance")
    token = forms.CharField(widget=forms.HiddenInput, initial="t")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == "partial" and not data.get("limit"):
            self.add_error("limit", "Enter placements a week")
        if data.get("name") == "clash":
            raise ValidationError("Another home has this name and postcode")
        return data


class GroupFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="Name")
    kind = django_filters.ChoiceFilter(
        method="nothing",
        label="Kind",
        choices=[("care-home", "Care home"), ("home-care", "Home care")],
    )
    areas = django_filters.MultipleChoiceFilter(method="nothing", label="Areas", choices=AREAS[:3])
    since = django_filters.DateFilter(method="nothing", label="Since")
    permissions = django_filters.ModelChoiceFilter(
        queryset=Permission.objects.select_related("content_type"), label="Permission"
    )
    active = django_filters.BooleanFilter(method="nothing", label="Active")

    class Meta:
        model = Group
        fields: list[str] = []

    def nothing(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset


COLUMNS = [
    Column("name", "Name", sort=("name",)),
    Column("permissions", "Permissions", sort=("held", "name"), value="held", numeric=True),
    Column("note", "Note", value=lambda group: "=1+1"),
    Column("rating", "Rating", export=False),
]

FORM_PAGE = """{% extends "base.html" %}{% load crispy_forms_tags govuk_tags %}
{% block title %}Kitchen{% endblock %}
{% block breadcrumbs %}{% breadcrumbs "Services" "/list/" "Elm House" "/list/" %}{% endblock %}
{% block content %}<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
<h1 class="govuk-heading-l">Record a home</h1>{% crispy form %}</div></div>{% endblock %}"""

LIST_PAGE = """{% extends "base.html" %}{% load components govuk_tags %}
{% block title %}Groups{% endblock %}
{% block content %}
{% page_header "Groups" %}
{% include "includes/filter_panel.html" %}
{% list_table page "Groups" "name permissions note rating" %}
  {% for group in page %}
    <tr class="govuk-table__row">
      {% row_heading %}{% link_to "#" group.name %}{% endrow_heading %}
      {% cell "Permissions" numeric=True %}{{ group.held }}{% endcell %}
      {% cell "Note" %}{% endcell %}
      {% cell "Rating" %}
        {% cycle "Outstanding" "Good" "Requires improvement" "Inadequate" "" as rating silent %}
        {% rating_tag rating %}
      {% endcell %}
    </tr>
  {% endfor %}
{% endlist_table %}
{% endblock %}"""

SWAP_PAGE = """{% extends "base.html" %}{% block title %}Swap{% endblock %}
{% block content %}<h1 class="govuk-heading-l">Swap</h1>
<button class="govuk-button" hx-get="/swap/" hx-target="#here">Ask</button><div id="here"></div>
{% endblock %}"""

SIGNED_IN_PAGE = """{% extends "base.html" %}{% load govuk_tags %}
{% block title %}Today{% endblock %}
{% block breadcrumbs %}{% breadcrumbs "Services" "/list/" "Elm House" "/list/" %}{% endblock %}
{% block content %}<h1 class="govuk-heading-l">Today</h1><div class="cq-cards">
<section class="cq-card"><h2 class="govuk-heading-m">Visits due</h2>
<p class="cq-card__number">3</p>
<p class="govuk-body"><a class="govuk-link" href="#">See them</a></p></section>
<section class="cq-card"><h2 class="govuk-heading-m">Actions overdue</h2>
<p class="cq-card__number">12</p>
<p class="govuk-body"><a class="govuk-link" href="#">See them</a></p></section>
<section class="cq-card"><h2 class="govuk-heading-m">Suspensions to decide</h2>
<p class="cq-card__number">1</p>
<p class="govuk-body"><a class="govuk-link" href="#">Decide</a></p></section>
</div>{% endblock %}"""

PIECES_PAGE = """{% extends "base.html" %}{% load components govuk_tags figure_tags %}
{% block title %}Pieces{% endblock %}
{% block back_link %}{% back_link "/list/" %}{% endblock %}
{% block content %}<h1 class="govuk-heading-l">Elm House</h1>
{% notice "" "Suspended: no new placements" %}
Since 9 December 2019. A second manager must confirm by 10 December 2019.
{% endnotice %}
{% summary_list card="About" %}
{% rows rows %}{% row "Beds" "#" %}40{% endrow %}
{% endsummary_list %}
<p class="govuk-body">{% rating_tag "Outstanding" %} {% rating_tag "Good" %}
{% rating_tag "Requires improvement" %} {% rating_tag "Inadequate" %} {% rating_tag None %}
{% risk_tag "very_high" %} {% risk_tag "low" %} {% status_tag "In force" "red" %}</p>
<figure class="cq-figure">{% chart_stacked_bar chart %}</figure>
<figure class="cq-figure">{% chart_lines lines %}</figure>
{% figure_table figure %}
{% endblock %}"""

BARS = charts.StackedBars(
    key="regional",
    title="Ratings of nursing homes by authority",
    description="Exampleshire has 62% Good and the region 70%.",
    parts=charts.RATINGS_AND_NOT_RATED,
    bars=[
        charts.Bar(
            "Exampleshire",
            {
                "outstanding": 3,
                "good": 62,
                "requires_improvement": 30,
                "inadequate": 1,
                "not_rated": 9,
            },
            "105 services",
        ),
        charts.Bar(
            "The region",
            {"outstanding": 20, "good": 140, "requires_improvement": 30, "inadequate": 10},
        ),
        charts.Bar("Rutmarsh", {}),
    ],
)
LINES = charts.Lines(
    key="trend",
    title="Good or Outstanding, by month",
    description="It rose from 70% to 78%.",
    series=[
        charts.Series(
            "Exampleshire", [(date(2019, month, 28), 70 + month) for month in range(1, 9)]
        ),
        charts.Series(
            "Region", [(date(2019, month, 28), 77.0) for month in range(1, 9)], "#9e1b32", "6 3"
        ),
    ],
    targets=[charts.TargetLine("Good or better", 80)],
)
FIGURE = Figure(
    name="test",
    title="Share rated, 31 August 2019",
    as_at=date(2019, 8, 31),
    authority="Exampleshire",
    columns=(
        FigureColumn("authority", "Authority"),
        FigureColumn("good", "Good", "share", "Nursing homes"),
        FigureColumn("inadequate", "Inadequate", "share", "Nursing homes"),
        FigureColumn("count", "Services", "count", "All"),
    ),
    rows=(
        Row(("Exampleshire", Share(30, 40), Share(1, 40), 44)),
        Row(("Rutmarsh", Share(0, 0), Share(0, 0), 0)),
    ),
    notes=("Percentages are of rated services.",),
)


def page(request: HttpRequest, text: str, **context: Any) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(text).render(context, request))


@everyone
def kitchen(request: HttpRequest) -> HttpResponse:
    form = KitchenForm(request.POST or None, request.FILES or None)
    form.fields["group"].queryset = Group.objects.all()  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        messages.success(request, "The home has been recorded.")
        return redirect("pieces")
    return page(request, FORM_PAGE, form=form)


@everyone
def listing(request: HttpRequest) -> HttpResponseBase:
    rows = GroupFilter(request.GET, queryset=Group.objects.annotate(held=Count("permissions")))
    shown = ListPage(
        request,
        rows,
        COLUMNS,
        default_sort="name",
        export_name="groups",
        per_page=3,
        noun=("group", "groups"),
    )
    return shown.export() or page(request, LIST_PAGE, page=shown)


@everyone
def pieces(request: HttpRequest) -> HttpResponse:
    rows = [
        ("Provider", "Elm Care Ltd"),
        ("Manager", ""),
    ]
    return page(request, PIECES_PAGE, rows=rows, chart=BARS, lines=LINES, figure=FIGURE)


@everyone
def swap(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return page(request, "{% load crispy_forms_tags %}{% crispy form %}", form=KitchenForm())
    return page(request, SWAP_PAGE)


def today(request: HttpRequest) -> HttpResponse:
    messages.success(request, "The suspension of Elm House has been confirmed.")
    items = [
        "Today",
        "Services",
        "Audits",
        "Concerns",
        "Suspensions",
        "Ratings",
        "Papers",
        "Council",
    ]
    navigation = [
        {"label": label, "url": f"/{label}/", "active": label == "Services"} for label in items
    ]
    return page(request, SIGNED_IN_PAGE, navigation=navigation)


urlpatterns = [
    path("swap/", swap),
    path("signed-in/", today),
    path("form/", kitchen),
    path("list/", listing),
    path("pieces/", pieces, name="pieces"),
    path("", include("carequality.urls")),
]
