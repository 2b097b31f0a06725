"""CQC's files: bring one, watch it being read, see what it would change or has changed, and what could not be used."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.permissions import Request, permit
from documents.exports import csv_response
from govuk.form_page import bind, form_page, press
from govuk.lists import Column, ListPage
from ratings.actions import files
from ratings.file_forms import TRY, BringFileForm
from ratings.models import FileChange, FileImport, FileProblem, ImportState

SHOWN = 100
COLUMNS = [
    Column("asked_at", "Brought", sort=("asked_at",)),
    Column("title", "File", sort=("kind", "snapshot_on")),
    Column("name", "File name", sort=("name",)),
    Column("state", "State", sort=("state",), value="get_state_display"),
    Column("rows_read", "Rows", sort=("rows_read",), numeric=True),
    Column("problems_found", "Not used", sort=("problems_found",), numeric=True),
    Column("asked_by", "Brought by"),
]
COUNTED = [
    ("locations_new", "New locations"),
    ("locations_changed", "Locations changed"),
    ("locations_kept", "Locations kept as they are, since we have read them later"),
    ("ratings_new", "New ratings"),
    ("ratings_of_the_past", "Ratings of the past filled in"),
    ("ratings_ended", "Ratings ended"),
    ("ratings_corrected", "Ratings corrected"),
    ("not_ratings", "Rows that are no rating, such as Not rated"),
]


@permit("ratings.run_sync")
def list_imports(request: HttpRequest) -> HttpResponseBase:
    page = ListPage(
        request,
        FileImport.objects.select_related("asked_by"),
        COLUMNS,
        default_sort="-asked_at",
        export_name="cqc-files",
        noun=("file", "files"),
    )
    return page.export() or render(request, "ratings/import_list.html", {"page": page, "tab": "files"})


@permit("ratings.run_sync")
def bring_file(request: Request) -> HttpResponseBase:
    return form_page(
        request,
        bind(request, BringFileForm),
        lambda given: files.bring(
            given.file.name,
            given.file.chunks(),
            by=request.user,
            now=timezone.now(),
            is_dry_run=given.what == TRY,
            as_at=given.as_at,
        ),
        template="ratings/import_bring.html",
        done=lambda brought: (
            f"{brought.name} has been brought. A worker reads it now; you may leave this page."
        ),
        url=lambda brought: reverse("ratings:view-import", args=[brought.pk]),
        cancel_url=reverse("ratings:list-imports"),
    )


@permit("ratings.run_sync")
def view_import(request: HttpRequest, import_id: int) -> HttpResponseBase:
    brought = get_object_or_404(FileImport.objects.select_related("asked_by", "same_as"), pk=import_id)
    changes = brought.changes.order_by("pk")
    context = {
        "brought": brought,
        "counts": [(label, brought.counts[key]) for key, label in COUNTED if brought.counts.get(key)],
        "is_tried": brought.state == ImportState.CHECKED,
        "changes": [(label, changes.filter(kind=kind)[:SHOWN]) for kind, label in FileChange.Kind.choices],
        "any_change": changes.exists(),
        "problems": brought.problems.all()[:SHOWN],
        "shown": SHOWN,
        "tab": "files",
    }
    return render(request, "ratings/import_view.html", context)


@permit("ratings.run_sync")
@require_POST
def confirm_import(request: Request, import_id: int) -> HttpResponseBase:
    brought = get_object_or_404(FileImport, pk=import_id)
    return press(
        request,
        lambda: files.confirm_import(brought.pk, by=request.user, now=timezone.now()),
        done=f"{brought.name} is being imported.",
        url=reverse("ratings:view-import", args=[import_id]),
    )


@permit("ratings.run_sync")
@require_POST
def discard_import(request: Request, import_id: int) -> HttpResponseBase:
    brought = get_object_or_404(FileImport, pk=import_id)
    return press(
        request,
        lambda: files.discard_import(brought.pk, by=request.user),
        done=f"{brought.name} has been discarded; nothing was changed.",
        url=reverse("ratings:view-import", args=[import_id]),
    )


@permit("ratings.run_sync")
def export_problems(request: HttpRequest, import_id: int) -> HttpResponseBase:
    brought = get_object_or_404(FileImport, pk=import_id)
    rows = (problem.as_row() for problem in brought.problems.iterator())
    return csv_response(f"not-used-{brought.pk}.csv", FileProblem.HEADINGS, rows)


@permit("ratings.run_sync")
def export_changes(request: HttpRequest, import_id: int) -> HttpResponseBase:
    brought = get_object_or_404(FileImport, pk=import_id)
    rows = (change.as_row() for change in brought.changes.order_by("pk").iterator())
    return csv_response(f"changes-{brought.pk}.csv", FileChange.HEADINGS, rows)
