from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from govuk.lists import Column, ListPage
from ratings.actions import sync
from ratings.forms import AskForRunForm
from ratings.models import RunState, SyncItem, SyncRun

RUN_COLUMNS = [
    Column("asked_at", "Asked for", sort=("asked_at",)),
    Column("kind", "What it reads", value="get_kind_display"),
    Column("state", "State", value="get_state_display"),
    Column("took", "Took", value=lambda run: str(run.took).split(".")[0] if run.took else ""),
    Column("changes_found", "Changes", sort=("changes_found",), numeric=True),
    Column("requests", "Requests", sort=("requests",), numeric=True),
    Column("stopped_because", "Stopped because"),
]
OF_NOTE = [SyncItem.State.FAILED, SyncItem.State.UNUSABLE, SyncItem.State.MISSING]


@require_permission("ratings.view_location")
def list_runs(request: HttpRequest) -> HttpResponseBase:
    page = ListPage(
        request,
        SyncRun.objects.select_related("asked_by"),
        RUN_COLUMNS,
        default_sort="-asked_at",
        export_name="cqc-runs",
        noun=("run", "runs"),
    )
    return page.export() or render(request, "ratings/list_runs.html", {"page": page, "tab": "runs"})


@require_permission("ratings.view_location")
def view_run(request: HttpRequest, run_id: int) -> HttpResponseBase:
    run = get_object_or_404(SyncRun.objects.select_related("asked_by"), pk=run_id)
    counts = run.counts()
    context = {
        "run": run,
        "counts": [(label, counts[value]) for value, label in SyncItem.State.choices],
        "total": sum(counts.values()),
        "settled": sum(counts.values()) - counts[SyncItem.State.WAITING],
        "troubled": run.items.filter(state__in=OF_NOTE).order_by("state", "location_id")[:200],
        "noted": run.items.filter(state=SyncItem.State.CHANGED)
        .exclude(note="")
        .order_by("location_id")[:200],
        "changes": run.changes.of_note().select_related("location")[:50],
        "is_under_way": run.state in {RunState.ASKED, RunState.RUNNING},
        "tab": "runs",
    }
    return render(request, "ratings/view_run.html", context)


@require_permission("ratings.run_sync")
def ask_for_run(request: Request) -> HttpResponseBase:
    return form_page(
        request,
        bind(request, AskForRunForm, initial={"kind": "changes"}),
        lambda given: sync.ask_for_run(given.kind, now=timezone.now(), by=request.user),
        template="ratings/ask_for_run.html",
        done="The reading of CQC's data has been asked for. This page shows how far it is.",
        url=lambda run: reverse("ratings:view-run", args=[run.pk]),
    )
