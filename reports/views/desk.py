from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.models import CouncilProfile
from core.permissions import Request, require_permission
from core.workflow import refusal
from figures.figure import Figure
from govuk.form_page import bind, form_page, post_action
from govuk.lists import Column, GovFilterSet, ListPage
from reports import desk, rules
from reports.actions import making, writing
from reports.forms import FactsForm
from reports.models import FrozenFigures, Paper, PaperStatus, Side
from reports.workflow import PAPER

# What the desk's template asks why it cannot be done, with the step that it is.
WHY_NOT = {
    "why_not_facts": "edit-facts",
    "why_not_write": "write-section",
    "why_not_release": "release-section",
    "why_not_freeze": "compute-figures",
    "why_not_unfreeze": "unfreeze",
    "why_not_make": "render",
    "why_not_take_back": "take-back",
    "why_not_read": "read-public",
}

COLUMNS = [
    Column("title", "Paper", sort=("title", "pk")),
    Column("committee", "Committee", sort=("committee", "pk")),
    Column("meeting", "Meeting", sort=("meeting_on", "version", "pk"), value="meeting_on"),
    Column("version", "Version", sort=("version", "pk"), numeric=True),
    Column("status", "Status", value="get_status_display"),
]


class PaperFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label="Title")
    status = django_filters.ChoiceFilter(choices=PaperStatus, label="Status")
    meeting_from = django_filters.DateFilter(
        field_name="meeting_on", lookup_expr="gte", label="Meeting from"
    )

    class Meta:
        model = Paper
        fields: list[str] = []


@require_permission("reports.view_paper")
def list_papers(request: Request) -> HttpResponseBase:
    papers = PaperFilter(request.GET, queryset=Paper.objects.all())
    page = ListPage(
        request,
        papers,
        COLUMNS,
        default_sort="-meeting",
        export_name="papers",
        noun=("paper", "papers"),
    )
    return page.export() or render(request, "reports/list_papers.html", {"page": page})


@require_permission("reports.write_paper")
def start_paper(request: Request) -> HttpResponse:
    return form_page(
        request,
        bind(request, FactsForm, initial=_usual_facts()),
        lambda given: writing.start_paper(by=request.user, given=given),
        template="reports/start_paper.html",
        done="The paper has been started, with the headings that such papers have.",
        url=lambda paper: _desk(paper.pk),
    )


def _usual_facts() -> dict[str, Any]:
    profile = CouncilProfile.current()
    last = Paper.objects.current().order_by("-as_at").first()
    facts: dict[str, Any] = {
        "title": "Market management position statement",
        "since": last and last.as_at,
    }
    if profile:
        facts |= {
            "committee": profile.committee_name,
            "report_of": profile.report_of,
            "signatory_name": profile.signatory_name,
            "exempt_paragraph": profile.exempt_paragraph,
            "public_interest": profile.exempt_reasoning,
        }
    return facts


@require_permission("reports.view_paper")
def view_paper(request: Request, pk: int) -> HttpResponse:
    # Asked before all else: what settles while the page is drawn is then still watched, and shown
    # by the next look.
    jobs = list(Paper(pk=pk).jobs.open())
    paper = get_object_or_404(
        Paper.objects.select_related("started_by", "replaces", "approval"), pk=pk
    )
    now = timezone.now()
    files = desk.files(paper)
    mentions = desk.mentions(paper, request.user)
    context = {
        "paper": paper,
        "steps": desk.steps(paper),
        "jobs": jobs,
        "sections": desk.sections(paper, request.user),
        "public_file": files.get(Side.PUBLIC),
        "exempt_file": files.get(Side.EXEMPT),
        "mentions": mentions,
        "small_numbers": [] if paper.is_approved else desk.small_numbers(paper, request.user),
        "outstanding": sum(1 for mention in mentions if not mention.released),
        "agenda_day": desk.agenda_day(paper),
        "days_left": desk.clear_days_left(paper, timezone.localdate(now)),
        "may_approve": [] if paper.is_approved else desk.may_approve(paper),
        "later": Paper.objects.filter(replaces=paper).first(),
        "unpublished": refusal(rules.check_read_unpublished, paper, request.user),
        "why_not_approve": desk.why_not_approve(paper, request.user),
        **{name: PAPER.refusal(paper, step, request.user, now) for name, step in WHY_NOT.items()},
    }
    return render(request, "reports/view_paper.html", context)


@require_permission("reports.view_paper")
def watch_jobs(request: Request, pk: int) -> HttpResponse:
    """The progress of a paper's jobs, asked for every other second; the whole page is due when all
    are settled.
    """
    paper = get_object_or_404(Paper, pk=pk)
    jobs = list(paper.jobs.open())
    if "HX-Request" not in request.headers:
        return redirect("reports:view-paper", pk)
    response = render(request, "reports/_jobs.html", {"paper": paper, "jobs": jobs})
    if not jobs:
        response["HX-Refresh"] = "true"
    return response


@require_permission("reports.view_paper")
def view_figures(request: Request, pk: int) -> HttpResponse:
    paper = get_object_or_404(Paper, pk=pk)
    if refusal(rules.check_read_unpublished, paper, request.user):
        raise PermissionDenied
    frozen = FrozenFigures.objects.filter(paper=paper, side=Side.PUBLIC).first()
    context: dict[str, Any] = {"paper": paper, "frozen": frozen}
    if frozen is not None:
        suspensions = frozen.data["suspensions"]
        context |= {
            "suspension_headings": [
                "Type of service",
                "Number of services",
                "Contract status",
                "District",
            ],
            "regional": Figure.from_json(frozen.data["regional"]),
            "suspensions": [
                [
                    row["service_type"],
                    row["services"],
                    row["status"],
                    ", ".join(row["districts"]) or "Not given",
                ]
                for row in suspensions["rows"]
            ],
            "small_numbers": desk.small_numbers(paper, request.user),
        }
    return render(request, "reports/view_figures.html", context)


@require_permission("reports.write_paper")
def edit_facts(request: Request, pk: int) -> HttpResponse:
    paper = get_object_or_404(Paper, pk=pk)
    return form_page(
        request,
        bind(request, FactsForm, instance=paper),
        lambda given: writing.save_facts(pk, by=request.user, given=given),
        template="reports/edit_facts.html",
        done="The paper’s facts have been saved.",
        url=_desk(pk),
        paper=paper,
    )


@require_permission("reports.release_paper")
@require_POST
def freeze_figures(request: Request, pk: int) -> HttpResponse:
    get_object_or_404(Paper, pk=pk)
    return post_action(
        request,
        lambda: making.freeze_figures(pk, by=request.user, now=timezone.now()),
        done="The figures are being computed, from what is public alone.",
        url=_desk(pk),
    )


@require_permission("reports.release_paper")
@require_POST
def unfreeze_figures(request: Request, pk: int) -> HttpResponse:
    get_object_or_404(Paper, pk=pk)
    return post_action(
        request,
        lambda: making.unfreeze_figures(pk, by=request.user, now=timezone.now()),
        done="The figures are no longer frozen.",
        url=_desk(pk),
    )


@require_permission("reports.release_paper")
@require_POST
def make_files(request: Request, pk: int) -> HttpResponse:
    get_object_or_404(Paper, pk=pk)
    return post_action(
        request,
        lambda: making.render(pk, by=request.user, now=timezone.now()),
        done="Both files are being made.",
        url=_desk(pk),
    )


@require_permission("reports.release_paper")
@require_POST
def take_back_files(request: Request, pk: int) -> HttpResponse:
    get_object_or_404(Paper, pk=pk)
    return post_action(
        request,
        lambda: making.take_back(pk, by=request.user, now=timezone.now()),
        done="The files are taken back. The text can change.",
        url=_desk(pk),
    )


def _desk(pk: int) -> str:
    return reverse("reports:view-paper", args=[pk])
