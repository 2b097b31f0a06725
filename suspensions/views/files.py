from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.permissions import Request, require_permission
from documents import downloads
from govuk.file_forms import WITHDRAWN, FileForm, WithdrawFileForm
from govuk.form_page import bind, form_page
from suspensions.actions import files
from suspensions.models import SuspensionFile
from suspensions.views.steps import SEE, find, page_of
from suspensions.views.tasks import HEADINGS
from suspensions.workflow.suspension import SUSPENSION

RECORD = (*SEE, "suspensions.record_progress")


@require_permission(*RECORD)
def add_file(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, FileForm),
        lambda given: files.add_file(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/add_file.html",
        done=lambda added: f"The {added.file.get_kind_display().lower()} has been added.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "add-file", request.user),
        heading=HEADINGS["add-file"],
        suspension=suspension,
    )


@require_permission(*SEE)
def download_file(request: Request, file_id: int) -> HttpResponse:
    """A file of the record; or a photograph as it came where the copy differs from it."""
    found = get_object_or_404(SuspensionFile.objects.not_withdrawn(), pk=file_id)
    return downloads.asked(request, found.file)


@require_permission(*RECORD)
def withdraw_file(request: Request, file_id: int) -> HttpResponse:
    found = get_object_or_404(SuspensionFile, pk=file_id)
    suspension = find(found.suspension_id)
    return form_page(
        request,
        bind(request, WithdrawFileForm),
        lambda given: files.withdraw_file(
            file_id, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/withdraw_file.html",
        done=WITHDRAWN,
        url=page_of(suspension),
        heading=f"Withdraw “{found}”",
        suspension=suspension,
    )
