from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from concerns.actions import files
from concerns.models import ConcernFile
from concerns.views.shared import CHANGE, READ, find, page_of
from concerns.workflow import CONCERN
from core.permissions import Request, require_permission
from documents import downloads
from govuk.file_forms import WITHDRAWN, FileForm, WithdrawFileForm
from govuk.form_page import bind, form_page


@require_permission(*CHANGE)
def add_file(request: Request, concern_id: int) -> HttpResponse:
    concern = find(concern_id)
    return form_page(
        request,
        bind(request, FileForm),
        lambda given: files.add_file(concern.pk, by=request.user, given=given, now=timezone.now()),
        template="concerns/add_file.html",
        done=lambda added: f"The {added.file.get_kind_display().lower()} has been added.",
        url=page_of(concern),
        why_not=CONCERN.refusal(concern, "add-file", request.user),
        heading="Add a file",
        concern=concern,
    )


@require_permission(*READ)
def download_file(request: Request, file_id: int) -> HttpResponse:
    """A file of a concern; or a photograph as it came where the copy differs from it."""
    found = get_object_or_404(ConcernFile.objects.not_withdrawn(), pk=file_id)
    return downloads.asked(request, found.file)


@require_permission(*CHANGE)
def withdraw_file(request: Request, file_id: int) -> HttpResponse:
    found = get_object_or_404(ConcernFile, pk=file_id)
    concern = find(found.concern_id)
    return form_page(
        request,
        bind(request, WithdrawFileForm),
        lambda given: files.withdraw_file(
            file_id, by=request.user, given=given, now=timezone.now()
        ),
        template="concerns/withdraw_file.html",
        done=WITHDRAWN,
        url=page_of(concern),
        heading=f"Withdraw “{found}”",
        concern=concern,
    )
