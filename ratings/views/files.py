"""CQC's files: upload one, watch it being read, see what it would change or has changed, and what
we could not use.
"""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.permissions import Request, require_permission
from documents.exports import csv_response
from govuk.form_page import bind, form_page, post_action
from govuk.lists import Column, ListPage
from ratings.actions import files
from ratings.file_forms import TRY, UploadFileForm
from ratings.models import FileChange, FileImport, FileProblem

SHOWN = 100
COLUMNS = [
    Column("asked_at", "Uploaded", sort=("asked_at",)),
    Column("title", "File", sort=("kind", "snapshot_on")),
    Column("name", "File name", sort=("name_key",)),
    Column("state", "State", sort=("state",), value="get_state_display"),
    Column("rows_read", "Rows", sort=("rows_read",), numeric=True),
    Column("problems_found", "Not used", sort=("problems_found",), numeric=True),
    Column("asked_by", "Uploaded by"),
]
SHOWN_OF_FILES = "asked_at title state rows_read problems_found asked_by"
COUNTED = [
    ("locations_new", "New locations"),
    ("locations_changed", "Locations changed"),
    ("locations_kept", "Locations not changed, because we have newer data"),
    ("ratings_new", "New ratings"),
    ("ratings_of_the_past", "Past ratings added"),
    ("ratings_ended", "Ratings ended"),
    ("ratings_corrected", "Ratings corrected"),
    ("ratings_set_aside", "Ratings set aside for another of the same key question"),
    ("ratings_told_again", "Assessments of a service told again for the whole location"),
    ("not_ratings", "Rows without a rating, such as Not rated"),
]


@require_permission("ratings.run_sync")
def list_imports(request: HttpRequest) -> HttpResponseBase:
    page = ListPage(
        request,
        FileImport.objects.select_related("asked_by"),
        COLUMNS,
        default_sort="-asked_at",
        export_name="cqc-files",
        noun=("file", "files"),
    )
    context = {"page": page, "columns": SHOWN_OF_FILES, "tab": "files"}
    return page.export() or render(request, "ratings/list_imports.html", context)


@require_permission("ratings.run_sync")
def upload_file(request: Request) -> HttpResponseBase:
    return form_page(
        request,
        bind(request, UploadFileForm),
        lambda given: files.upload(
            given.file.name,
            given.file.chunks(),
            by=request.user,
            now=timezone.now(),
            is_dry_run=given.what == TRY,
            as_at=given.as_at,
        ),
        template="ratings/upload_file.html",
        done=lambda file_import: (
            f"{file_import.name} has been uploaded. We are reading it. You can leave this page."
        ),
        url=lambda file_import: reverse("ratings:view-import", args=[file_import.pk]),
        cancel_url=reverse("ratings:list-imports"),
    )


@require_permission("ratings.run_sync")
def view_import(request: HttpRequest, import_id: int) -> HttpResponseBase:
    file_import = get_object_or_404(
        FileImport.objects.select_related("asked_by", "same_as"), pk=import_id
    )
    changes = file_import.changes.order_by("pk")
    context = {
        "file_import": file_import,
        "caption": file_import.name if file_import.title != file_import.name else "",
        "facts": _facts(file_import),
        **_headings(file_import),
        "counts": [
            (label, file_import.counts[key])
            for key, label in COUNTED
            if file_import.counts.get(key)
        ],
        "changes": [
            (kind.label, *kind.before_and_after, changes.filter(kind=kind)[:SHOWN])
            for kind in FileChange.Kind
        ],
        "any_change": changes.exists(),
        "problems": file_import.problems.all()[:SHOWN],
        "problems_note": _problems_note(file_import),
        "shown": SHOWN,
        "tab": "files",
    }
    return render(request, "ratings/view_import.html", context)


def _facts(file_import: FileImport) -> list[tuple[str, object]]:
    rows = f"{file_import.rows_read}"
    took = f"{rows}, in {file_import.took}" if file_import.took else rows
    uploaded = f"{file_import.asked_by_in_words}, {file_import.asked_in_words}"
    facts: list[tuple[str, object]] = [("Uploaded by", uploaded), ("Rows read", took)]
    if file_import.sheets_not_read:
        facts.append(("Sheets not read", file_import.not_read_in_words))
    return facts


def _headings(file_import: FileImport) -> dict[str, str]:
    """What the page says of changes: that they would be made, or that they were."""
    if file_import.is_checked:
        return {
            "counts_heading": "What this file would change",
            "changes_heading": "What would change",
            "nothing_new": "We hold all of this already, so nothing would change.",
            "nothing_changes": "Nothing would change.",
        }
    return {
        "counts_heading": "What this file changed",
        "changes_heading": "What changed",
        "nothing_new": "We held all of this already, so nothing has changed.",
        "nothing_changes": "Nothing has changed.",
    }


def _problems_note(file_import: FileImport) -> str:
    found = file_import.problems_found
    return f"{found} in all. These are the first {SHOWN}." if found > SHOWN else f"{found} in all."


@require_permission("ratings.run_sync")
@require_POST
def confirm_import(request: Request, import_id: int) -> HttpResponseBase:
    file_import = get_object_or_404(FileImport, pk=import_id)
    return post_action(
        request,
        lambda: files.confirm_import(file_import.pk, by=request.user, now=timezone.now()),
        done=f"We are importing {file_import.name}.",
        url=reverse("ratings:view-import", args=[import_id]),
    )


@require_permission("ratings.run_sync")
@require_POST
def discard_import(request: Request, import_id: int) -> HttpResponseBase:
    file_import = get_object_or_404(FileImport, pk=import_id)
    return post_action(
        request,
        lambda: files.discard_import(file_import.pk, by=request.user),
        done=f"{file_import.name} has been discarded. Nothing has changed.",
        url=reverse("ratings:view-import", args=[import_id]),
    )


@require_permission("ratings.run_sync")
def export_problems(request: HttpRequest, import_id: int) -> HttpResponseBase:
    file_import = get_object_or_404(FileImport, pk=import_id)
    rows = (problem.as_row() for problem in file_import.problems.iterator())
    return csv_response(f"not-used-{file_import.pk}.csv", FileProblem.HEADINGS, rows)


@require_permission("ratings.run_sync")
def export_changes(request: HttpRequest, import_id: int) -> HttpResponseBase:
    file_import = get_object_or_404(FileImport, pk=import_id)
    rows = (change.as_row() for change in file_import.changes.order_by("pk").iterator())
    return csv_response(f"changes-{file_import.pk}.csv", FileChange.HEADINGS, rows)
