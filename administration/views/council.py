from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from administration.actions import council as actions
from administration.forms.council import COUNCIL_LISTS, CouncilProfileForm, RowForm
from core.models import CouncilProfile
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page, post_action

LIST_TITLES = {
    "districts": "Districts",
    "localities": "Localities",
    "region": "Authorities of the region",
    "comparators": "Family of similar councils",
}
ADD_LABELS = {
    "districts": "Add a district",
    "localities": "Add a locality",
    "region": "Add an authority of the region",
    "comparators": "Add a similar council",
}


@require_permission("core.change_councilprofile")
def council(request: Request) -> HttpResponse:
    lists = [
        {
            "key": key,
            "title": LIST_TITLES[key],
            "rows": form_class._meta.model.objects.all(),
            "add_label": ADD_LABELS[key],
        }
        for key, form_class in COUNCIL_LISTS.items()
    ]
    return form_page(
        request,
        bind(
            request, CouncilProfileForm, instance=CouncilProfile.current() or CouncilProfile(pk=1)
        ),
        lambda values: actions.save_council(by=request.user, values=values),
        template="administration/council.html",
        done="The council’s profile has been saved.",
        url=lambda _profile: reverse("council"),
        lists=lists,
    )


@require_permission("core.change_councilprofile")
def council_row(request: Request, which: str, pk: int | None = None) -> HttpResponse:
    """Add (without `pk`) or change a row of one of the council's lists."""
    form_class = _list_named(which)
    row = get_object_or_404(form_class._meta.model, pk=pk) if pk else None
    return form_page(
        request,
        bind(request, form_class, instance=row),
        lambda values: actions.save_council_row(
            row or form_class._meta.model(), by=request.user, values=values
        ),
        template="administration/council_row.html",
        done=lambda saved: f"{saved} has been saved.",
        url=reverse("council"),
        row=row,
        which=which,
        title=LIST_TITLES[which],
        heading=str(row) if row else ADD_LABELS[which],
    )


@require_permission("core.change_councilprofile")
@require_POST
def remove_council_row(request: Request, which: str, pk: int) -> HttpResponse:
    row = get_object_or_404(_list_named(which)._meta.model, pk=pk)
    return post_action(
        request,
        lambda: actions.remove_council_row(row, by=request.user),
        done=f"{row} has been removed.",
        url=reverse("council"),
        back=reverse("change-council-row", args=[which, pk]),
    )


def _list_named(which: str) -> type[RowForm]:
    if which not in COUNCIL_LISTS:
        raise Http404
    return COUNCIL_LISTS[which]
