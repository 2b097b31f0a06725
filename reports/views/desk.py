"""The list of papers, and the release desk: the page of one paper with what can be done to it."""

from datetime import datetime
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.models import CouncilProfile, User
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

# What the desk offers, with the step of the lifecycle that each is.
STEPS = {
    "edit_facts": "edit-facts",
    "write": "write-section",
    "release": "release-section",
    "freeze": "compute-figures",
    "unfreeze": "unfreeze",
    "make": "render",
    "withdraw": "take-back",
    "read_public": "read-public",
    "start_new_version": "start-new-version",
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
    q = django_filters.CharFilter(field_name="title", lookup_expr="says", label="Title")
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
    return page.export() or render(
        request, "reports/list_papers.html", {"page": page, "nothing": _nothing_listed(page)}
    )


def _nothing_listed(page: ListPage) -> dict[str, str]:
    """What an empty list says, with the way back where filters have emptied it."""
    if page.active_filters:
        return {
            "text": "No papers match these filters.",
            "url": page.request.path,
            "label": "Clear all filters",
        }
    return {"text": "No papers have been started yet.", "url": "", "label": ""}


@require_permission("reports.write_paper")
def start_paper(request: Request) -> HttpResponse:
    return form_page(
        request,
        bind(request, FactsForm, initial=_usual_facts()),
        lambda given: writing.start_paper(by=request.user, given=given),
        template="reports/start_paper.html",
        heading="Start a paper",
        done="Paper started, with the standard sections.",
        url=lambda paper: _desk(paper.pk),
        cancel_url=reverse("reports:list-papers"),
    )


def _usual_facts() -> dict[str, Any]:
    """What the council's profile and the last paper say already."""
    profile = CouncilProfile.current()
    last = Paper.objects.current().order_by("-as_at").first()
    facts: dict[str, Any] = {
        "title": "Market management position statement",
        # What was lifted since the last paper's day is told in this one.
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
        # A warning is for whoever can still change the grouping.
        "small_numbers": [] if paper.is_approved else desk.small_numbers(paper, request.user),
        "outstanding": desk.held_in_words(mentions),
        "countdown": desk.countdown(paper, timezone.localdate(now)),
        "may_approve": [] if paper.is_approved else desk.may_approve(paper),
        "later": Paper.objects.filter(replaces=paper).first(),
        "unpublished": refusal(rules.check_read_unpublished, paper, request.user),
        "why_not_approve": desk.why_not_approve(paper, request.user),
        **_what_may_be_done(paper, request.user, now),
    }
    return render(request, "reports/view_paper.html", context)


def _what_may_be_done(paper: Paper, user: User, now: datetime) -> dict[str, Any]:
    """What this person may do with the paper, and why not what they have the right to."""
    refusals = {name: PAPER.refusal(paper, step, user, now) for name, step in STEPS.items()}
    may = {name: refused is None for name, refused in refusals.items()}
    may["read_exempt"] = user.has_perms([desk.EXEMPT_PAPER, desk.EXEMPT])
    releases = user.has_perm("reports.release_paper") and not paper.is_approved
    writes = user.has_perm("reports.write_paper") and not paper.is_approved
    return {
        "may": may,
        "why_not_read": refusals["read_public"],
        "why_not_make": refusals["make"] if releases else None,
        "why_not_freeze": refusals["freeze"] if releases and paper.is_draft else None,
        "why_not_facts": refusals["edit_facts"] if writes else None,
    }


@require_permission("reports.view_paper")
def watch_jobs(request: Request, pk: int) -> HttpResponse:
    """The progress of a paper's jobs, asked for every other second; the whole page is due when all
    are settled.
    """
    # Jobs that follow from others count too, so the page comes back when the paper has gone on.
    paper = get_object_or_404(Paper, pk=pk)
    jobs = list(paper.jobs.open())
    # Opened as an address of its own it would be a page without a frame.
    if "HX-Request" not in request.headers:
        return redirect("reports:view-paper", pk)
    response = render(request, "reports/jobs.html", {"paper": paper, "jobs": jobs})
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
        template="reports/form_page.html",
        heading="Facts of the paper",
        done="Facts of the paper saved.",
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
        done="We are computing the figures. This page shows when they are frozen.",
        url=_desk(pk),
    )


@require_permission("reports.release_paper")
@require_POST
def unfreeze_figures(request: Request, pk: int) -> HttpResponse:
    get_object_or_404(Paper, pk=pk)
    return post_action(
        request,
        lambda: making.unfreeze_figures(pk, by=request.user, now=timezone.now()),
        done="Figures unfrozen. You can change the facts of the paper.",
        url=_desk(pk),
    )


@require_permission("reports.release_paper")
@require_POST
def make_files(request: Request, pk: int) -> HttpResponse:
    get_object_or_404(Paper, pk=pk)
    return post_action(
        request,
        lambda: making.render(pk, by=request.user, now=timezone.now()),
        done="We are making both files. This page shows when they are ready.",
        url=_desk(pk),
    )


@require_permission("reports.release_paper")
@require_POST
def take_back_files(request: Request, pk: int) -> HttpResponse:
    get_object_or_404(Paper, pk=pk)
    return post_action(
        request,
        lambda: making.take_back(pk, by=request.user, now=timezone.now()),
        done="Files withdrawn. You can change the text.",
        url=_desk(pk),
    )


def _desk(pk: int) -> str:
    return reverse("reports:view-paper", args=[pk])
