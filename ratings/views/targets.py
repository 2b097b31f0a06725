from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from ratings.actions import targets as targets_actions
from ratings.forms import TargetForm
from ratings.models import Target


@require_permission("ratings.view_location")
def list_targets(request: Request) -> HttpResponse:
    day = timezone.localdate()
    targets = [(target, target.stands_on(day)) for target in Target.objects.all()]
    return render(request, "ratings/list_targets.html", {"targets": targets, "tab": "comparisons"})


@require_permission("ratings.change_target")
def set_target(request: Request) -> HttpResponse:
    return _edited(request, Target(), "Set a target")


@require_permission("ratings.change_target")
def change_target(request: Request, target_id: int) -> HttpResponse:
    return _edited(request, get_object_or_404(Target, pk=target_id), "Change a target")


def _edited(request: Request, target: Target, title: str) -> HttpResponse:
    return form_page(
        request,
        bind(request, TargetForm, instance=target),
        lambda given: targets_actions.save_target(target.pk, by=request.user, given=given),
        template="ratings/edit_target.html",
        done=lambda saved: f"“{saved}” has been saved.",
        url=reverse("ratings:list-targets"),
        title=title,
        tab="comparisons",
    )
