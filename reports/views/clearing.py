from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify

from carequality.permits import Request, permit
from carequality.refusals import Refused
from reports import actions, desk, rules
from reports.forms import ApproveForm, NewVersionForm, ReleaseNameForm
from reports.models import Paper, PaperFile, ScanHit, Side


@permit("reports.release_name", "carequality.read_exempt")
def release_name(request: Request, pk: int) -> HttpResponse:
    hit = get_object_or_404(ScanHit.objects.select_related("file__paper"), pk=pk)
    form = ReleaseNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.release_name(pk, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The name has been released, and the record says by whom and why.")
            return redirect("reports:view-paper", hit.file.paper_id)
    places = ScanHit.objects.outstanding().filter(file=hit.file, name=hit.name)
    context = {
        "form": form,
        "hit": hit,
        "paper": hit.file.paper,
        "places": places,
        "why_not": rules.why_not_release_name(hit, request.user),
    }
    return render(request, "reports/release_name.html", context)


@permit("reports.approve_paper", "reports.read_exempt_paper")
def approve_paper(request: Request, pk: int) -> HttpResponse:
    paper = get_object_or_404(Paper, pk=pk)
    files = desk.files(paper)
    hashes = {f"{side}_sha256": file.sha256 for side, file in files.items()}
    form = ApproveForm(request.POST or None, initial=hashes)
    if request.method == "POST" and form.is_valid():
        try:
            actions.approve(
                pk,
                by=request.user,
                public_sha256=form.cleaned_data["public_sha256"],
                exempt_sha256=form.cleaned_data["exempt_sha256"],
                today=timezone.localdate(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The paper is approved. Both files are sealed.")
            return redirect("reports:view-paper", pk)
    context = {
        "form": form,
        "paper": paper,
        "public_file": files.get(Side.PUBLIC),
        "exempt_file": files.get(Side.EXEMPT),
        "small_numbers": desk.small_numbers(paper, request.user),
        "why_not": rules.why_not_approve(paper, request.user),
    }
    return render(request, "reports/approve_paper.html", context)


@permit("reports.write_paper")
def start_new_version(request: Request, pk: int) -> HttpResponse:
    paper = get_object_or_404(Paper, pk=pk)
    form = NewVersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            later = actions.start_new_version(pk, by=request.user, correction=form.cleaned_data["correction"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Version {later.version} has been started.")
            return redirect("reports:view-paper", later.pk)
    why_not = rules.why_not_new_version(paper)
    return render(
        request, "reports/start_new_version.html", {"form": form, "paper": paper, "why_not": why_not}
    )


@permit("reports.view_paper")
def read_public(request: Request, pk: int) -> HttpResponse:
    return _file(request, pk, Side.PUBLIC)


@permit("reports.read_exempt_paper", "carequality.read_exempt")
def read_exempt(request: Request, pk: int) -> HttpResponse:
    return _file(request, pk, Side.EXEMPT)


def _file(request: Request, pk: int, side: Side) -> HttpResponse:
    paper = get_object_or_404(Paper, pk=pk)
    if rules.why_not_read_unpublished(paper, request.user):
        raise PermissionDenied
    read = actions.read_public if side == Side.PUBLIC else actions.read_exempt
    try:
        file: PaperFile = read(pk, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:view-paper", pk)
    kind = "" if side == Side.PUBLIC else "EXEMPT-not-for-publication-"
    name = f"{kind}{slugify(paper.title)}-{paper.meeting_on.isoformat()}-v{paper.version}.pdf"
    response = HttpResponse(bytes(file.content), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
