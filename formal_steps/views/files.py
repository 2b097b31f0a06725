from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from core.permissions import Request, require_permission
from documents import downloads
from formal_steps.actions import files
from formal_steps.models import FormalStep, StepFile
from formal_steps.permissions import RECORD, SEE
from formal_steps.views.steps import TASKS
from formal_steps.workflow import FORMAL_STEP
from govuk.file_forms import WITHDRAWN, FileForm, WithdrawFileForm
from govuk.form_page import bind, form_page


@require_permission(*SEE, RECORD)
def add_file(request: Request, step_id: int) -> HttpResponse:
    step = get_object_or_404(FormalStep.objects.select_related("service"), pk=step_id)
    return form_page(
        request,
        bind(request, FileForm),
        lambda given: files.add_file(step_id, by=request.user, given=given, now=timezone.now()),
        template="formal_steps/add_file.html",
        done=lambda added: f"The {added.file.get_kind_display().lower()} has been added.",
        url=reverse("formal_steps:view-formal-step", args=[step_id]),
        why_not=FORMAL_STEP.refusal(step, "add-file", request.user),
        heading=TASKS["add-file"][0],
        step=step,
    )


@require_permission(*SEE)
def download_file(request: Request, file_id: int) -> HttpResponse:
    """A file of the record; or a photograph as it came where the copy differs from it."""
    found = get_object_or_404(StepFile.objects.not_withdrawn(), pk=file_id)
    return downloads.asked(request, found.file)


@require_permission(*SEE, RECORD)
def withdraw_file(request: Request, file_id: int) -> HttpResponse:
    found = get_object_or_404(StepFile.objects.select_related("step__service"), pk=file_id)
    return form_page(
        request,
        bind(request, WithdrawFileForm),
        lambda given: files.withdraw_file(
            file_id, by=request.user, given=given, now=timezone.now()
        ),
        template="formal_steps/withdraw_file.html",
        done=WITHDRAWN,
        url=reverse("formal_steps:view-formal-step", args=[found.step_id]),
        heading=f"Withdraw “{found}”",
        step=found.step,
    )
