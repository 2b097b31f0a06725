from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from administration.actions import cover as actions
from administration.forms.cover import CoverForm, EndCoverForm
from core import cover as rules
from core.models import Cover
from core.permissions import Request, require_permission
from core.workflow import refusal
from govuk.form_page import bind, form_page


@require_permission("core.change_cover")
def set_cover(request: Request) -> HttpResponse:
    """Who is away and who stands in, and a form to record it."""
    today = timezone.localdate()
    return form_page(
        request,
        bind(request, CoverForm, initial={"from_on": today}),
        lambda given: actions.set_cover(by=request.user, given=given, now=timezone.now()),
        template="administration/set_cover.html",
        done="The cover has been recorded.",
        url=reverse("set-cover"),
        covers=Cover.objects.filter(ended_at=None, until_on__gte=today).select_related(
            "person", "deputy"
        ),
        tab="cover",
    )


@require_permission("core.change_cover")
def end_cover(request: Request, cover_id: int) -> HttpResponse:
    cover = get_object_or_404(Cover.objects.select_related("person", "deputy"), pk=cover_id)
    return form_page(
        request,
        bind(request, EndCoverForm),
        lambda _given: actions.end_cover(cover.pk, by=request.user, now=timezone.now()),
        template="administration/end_cover.html",
        done="The cover has ended.",
        url=reverse("set-cover"),
        why_not=refusal(rules.check_not_ended, cover),
        step=cover,
    )
