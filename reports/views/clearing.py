"""From the scan to the approval, and the reading of both files."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from core.permissions import Request, require_permission
from core.workflow import NotAllowed, refusal
from govuk.form_page import bind, form_page
from reports import desk, rules
from reports.actions import clearing
from reports.forms import ApproveForm, NewVersionForm, ReleaseNameForm
from reports.models import Paper, PaperFile, ScanHit, Side
from reports.workflow import PAPER, check_release_name


@require_permission("reports.release_name", "core.read_exempt")
def release_name(request: Request, pk: int) -> HttpResponse:
    hit, now = (
        get_object_or_404(ScanHit.objects.select_related("file__paper"), pk=pk),
        timezone.now(),
    )
    return form_page(
        request,
        bind(request, ReleaseNameForm),
        lambda given: clearing.release_name(pk, by=request.user, given=given, now=now),
        template="reports/release_name.html",
        heading="Release a name",
        done="Name released. We recorded who released it and why.",
        url=reverse("reports:view-paper", args=[hit.file.paper_id]),
        why_not=refusal(check_release_name, hit, request.user, now),
        hit=hit,
        paper=hit.file.paper,
        mentions=ScanHit.objects.outstanding().filter(file=hit.file, name=hit.name),
    )


@require_permission("reports.approve_paper", "reports.read_exempt_paper")
def approve_paper(request: Request, pk: int) -> HttpResponse:
    paper, now = get_object_or_404(Paper, pk=pk), timezone.now()
    files = desk.files(paper)
    hashes = {f"{side}_sha256": file.sha256 for side, file in files.items()}
    form = bind(request, ApproveForm, initial=hashes)
    response = form_page(
        request,
        form,
        lambda given: clearing.approve(pk, by=request.user, given=given, now=now),
        template="reports/approve_paper.html",
        heading="Approve this paper",
        done="Paper approved. Both files are sealed.",
        url=reverse("reports:view-paper", args=[pk]),
        why_not=PAPER.refusal(paper, "approve", request.user, now),
        paper=paper,
        public_file=files.get(Side.PUBLIC),
        exempt_file=files.get(Side.EXEMPT),
        small_numbers=desk.small_numbers(paper, request.user),
    )
    if form.has_error(NON_FIELD_ERRORS, "newly-exempt"):
        # Here, since what was refused is rolled back. Another approver may have asked for it in the
        # meantime, so its own refusal is not shown.
        refusal(clearing.scan_again, pk, by=request.user, now=timezone.now())
    return response


@require_permission("reports.write_paper")
def start_new_version(request: Request, pk: int) -> HttpResponse:
    paper = get_object_or_404(Paper, pk=pk)
    return form_page(
        request,
        bind(request, NewVersionForm),
        lambda given: clearing.start_new_version(pk, by=request.user, given=given),
        template="reports/start_new_version.html",
        heading="Start a new version",
        done=lambda later: f"Version {later.version} started.",
        url=lambda later: reverse("reports:view-paper", args=[later.pk]),
        cancel_url=reverse("reports:view-paper", args=[pk]),
        why_not=PAPER.refusal(paper, "start-new-version", request.user),
        paper=paper,
    )


@require_permission("reports.view_paper")
def read_public(request: Request, pk: int) -> HttpResponse:
    return _file(request, pk, Side.PUBLIC)


@require_permission("reports.read_exempt_paper", "core.read_exempt")
def read_exempt(request: Request, pk: int) -> HttpResponse:
    return _file(request, pk, Side.EXEMPT)


def _file(request: Request, pk: int, side: Side) -> HttpResponse:
    """A file as it was made. The exempt one says in its name that it is not for publication."""
    paper = get_object_or_404(Paper, pk=pk)
    if refusal(rules.check_read_unpublished, paper, request.user):
        raise PermissionDenied
    read = clearing.read_public if side == Side.PUBLIC else clearing.read_exempt
    try:
        file: PaperFile = read(pk, by=request.user)
    except NotAllowed as refused:
        messages.error(request, refused.message)
        return redirect("reports:view-paper", pk)
    kind = "" if side == Side.PUBLIC else "EXEMPT-not-for-publication-"
    name = f"{kind}{slugify(paper.title)}-{paper.meeting_on.isoformat()}-v{paper.version}.pdf"
    response = HttpResponse(bytes(file.content), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
