from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from carequality.actions import council as actions
from carequality.forms.council import COUNCIL_LISTS, CouncilProfileForm
from carequality.govuk.forms import GovModelForm
from carequality.models import CouncilProfile
from carequality.permits import Request, permit
from carequality.refusals import Refused

LIST_TITLES = {
    "districts": "Districts",
    "localities": "Localities",
    "region": "Authorities of the region",
    "comparators": "Family of similar councils",
}


@permit("carequality.change_councilprofile")
def council(request: Request) -> HttpResponse:
    form = CouncilProfileForm(
        request.POST if request.method == "POST" else None,
        instance=CouncilProfile.current() or CouncilProfile(pk=1),
    )
    if request.method == "POST" and form.is_valid():
        actions.save_council(form, by=request.user)
        messages.success(request, "The council's profile has been saved.")
        return redirect("council")
    lists = [
        {"key": key, "title": LIST_TITLES[key], "rows": form_class._meta.model.objects.all()}
        for key, form_class in COUNCIL_LISTS.items()
    ]
    return render(request, "carequality/council.html", {"form": form, "lists": lists})


@permit("carequality.change_councilprofile")
def council_row(request: Request, which: str, pk: int | None = None) -> HttpResponse:
    """Add (without `pk`) or change a row of one of the council's lists."""
    form_class = _list_named(which)
    row = get_object_or_404(form_class._meta.model, pk=pk) if pk else None
    form = form_class(request.POST if request.method == "POST" else None, instance=row)
    form.cancel_url = reverse("council")
    if request.method == "POST" and form.is_valid():
        saved = actions.save_council_row(form, by=request.user)
        messages.success(request, f"{saved} has been saved.")
        return redirect("council")
    context = {"form": form, "row": row, "which": which, "title": LIST_TITLES[which]}
    return render(request, "carequality/council_row.html", context)


@permit("carequality.change_councilprofile")
@require_POST
def remove_council_row(request: Request, which: str, pk: int) -> HttpResponse:
    row = get_object_or_404(_list_named(which)._meta.model, pk=pk)
    try:
        actions.remove_council_row(row, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("change-council-row", which, pk)
    messages.success(request, f"{row} has been removed.")
    return redirect("council")


def _list_named(which: str) -> type[GovModelForm]:
    if which not in COUNCIL_LISTS:
        raise Http404
    return COUNCIL_LISTS[which]
