from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from carequality.permits import Request, permit
from ratings import actions
from ratings.forms import TargetForm
from ratings.models import Target


@permit("ratings.view_location")
def list_targets(request: Request) -> HttpResponse:
    day = timezone.localdate()
    targets = [(target, target.stands_on(day)) for target in Target.objects.all()]
    return render(request, "ratings/list_targets.html", {"targets": targets, "tab": "comparisons"})


@permit("ratings.change_target")
def set_target(request: Request) -> HttpResponse:
    return _edited(request, Target(), "Set a target")


@permit("ratings.change_target")
def change_target(request: Request, target_id: int) -> HttpResponse:
    return _edited(request, get_object_or_404(Target, pk=target_id), "Change a target")


def _edited(request: Request, target: Target, title: str) -> HttpResponse:
    form = TargetForm(request.POST if request.method == "POST" else None, instance=target)
    form.cancel_url = reverse("ratings:list-targets")
    if request.method == "POST" and form.is_valid():
        saved = actions.save_target(form.save(commit=False), by=request.user)
        messages.success(request, f"“{saved}” has been saved.")
        return redirect("ratings:list-targets")
    return render(request, "ratings/edit_target.html", {"form": form, "title": title, "tab": "comparisons"})
