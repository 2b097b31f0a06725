from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from core.dates import datetime_in_words
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from govuk.lists import Column, ListPage
from ratings.actions import sync
from ratings.forms import AskForRunForm
from ratings.models import SyncItem, SyncRun

RUN_COLUMNS = [
    Column("asked_at", "Asked for", sort=("asked_at",)),
    Column("kind", "What it gets", value="get_kind_display"),
    Column("state", "State", value="get_state_display"),
    Column("took", "Took", value=lambda run: str(run.took).split(".")[0] if run.took else ""),
    Column("changes_found", "Changes", sort=("changes_found",), numeric=True),
    Column("requests", "Requests", sort=("requests",), numeric=True),
    Column("stopped_because", "Stopped because"),
]
SHOWN_OF_RUNS = "asked_at kind state took changes_found requests"
OF_NOTE = [SyncItem.State.FAILED, SyncItem.State.UNUSABLE, SyncItem.State.MISSING]


@require_permission("ratings.view_location")
def list_runs(request: HttpRequest) -> HttpResponseBase:
    page = ListPage(
        request,
        SyncRun.objects.select_related("asked_by"),
        RUN_COLUMNS,
        default_sort="-asked_at",
        export_name="cqc-runs",
        noun=("update", "updates"),
    )
    context = {"page": page, "columns": SHOWN_OF_RUNS, "tab": "runs"}
    return page.export() or render(request, "ratings/list_runs.html", context)


@require_permission("ratings.view_location")
def view_run(request: HttpRequest, run_id: int) -> HttpResponseBase:
    run = get_object_or_404(SyncRun.objects.select_related("asked_by"), pk=run_id)
    counts = run.counts()
    total = sum(counts.values())
    settled = total - counts[SyncItem.State.WAITING]
    context = {
        "run": run,
        "title": f"CQC update, {run.asked_in_words}",
        "progress": _progress(run, settled, total),
        "facts": _facts(run),
        "counts": [(label, counts[value]) for value, label in SyncItem.State.choices],
        "total": total,
        "settled": settled,
        "troubled": run.items.filter(state__in=OF_NOTE).order_by("state", "location_id")[:200],
        "noted": run.items.filter(state=SyncItem.State.CHANGED)
        .exclude(note="")
        .order_by("location_id")[:200],
        "changes": run.changes.of_note().select_related("location")[:50],
        "tab": "runs",
    }
    return render(request, "ratings/view_run.html", context)


def _progress(run: SyncRun, settled: int, total: int) -> str:
    if total:
        return f"{settled} of {total} locations read."
    return "No locations listed yet." if run.is_under_way else "There was nothing to read."


def _facts(run: SyncRun) -> list[tuple[str, object]]:
    return [
        ("Asked for by", run.asked_by_in_words),
        ("Started", _started(run)),
        ("Finished", _finished(run)),
        ("Changes asked for", _window(run)),
        ("Requests to CQC", run.requests),
        ("Changes found", run.changes_found),
    ]


def _started(run: SyncRun) -> str:
    if run.started_at is None:
        return "Not yet"
    begun = datetime_in_words(run.started_at)
    return f"{begun}, started {run.times_begun} times" if run.times_begun > 1 else begun


def _finished(run: SyncRun) -> str:
    if run.finished_at is None:
        return "Not yet"
    ended = datetime_in_words(run.finished_at)
    return f"{ended}, after {run.took_in_words}" if run.took_in_words else ended


def _window(run: SyncRun) -> str:
    """Of which days CQC was asked for changes, or why it was not."""
    if run.window_until is None:
        return "Not asked yet"
    if run.fell_back_on_list:
        return "CQC did not give its list of changes, so we read the list of all locations"
    if run.window_from is None:
        return "None: we read the list of all locations"
    return f"{datetime_in_words(run.window_from)} to {datetime_in_words(run.window_until)}"


@require_permission("ratings.run_sync")
def ask_for_run(request: Request) -> HttpResponseBase:
    return form_page(
        request,
        bind(request, AskForRunForm, initial={"kind": "changes"}),
        lambda given: sync.ask_for_run(given.kind, now=timezone.now(), by=request.user),
        template="ratings/ask_for_run.html",
        done="You have asked for an update from CQC. This page shows its progress.",
        url=lambda run: reverse("ratings:view-run", args=[run.pk]),
        cancel_url=reverse("ratings:list-runs"),
    )
