from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carequality.permits import Request, permit
from concerns import actions
from concerns.forms import TargetsForm
from concerns.models import Targets


@permit("concerns.change_targets")
def change_targets(request: Request) -> HttpResponse:
    form = TargetsForm(request.POST or None, instance=Targets.current())
    may_see = request.user.has_perms(["concerns.view_concern", "carequality.read_exempt"])
    form.cancel_url = reverse("concerns:list-concerns" if may_see else "home")
    if request.method == "POST" and form.is_valid():
        actions.change_targets(by=request.user, **form.cleaned_data)
        messages.success(request, "The targets have been saved. Clocks that run already stay as they are.")
        return redirect("concerns:change-targets")
    return render(request, "concerns/change_targets.html", {"form": form})
