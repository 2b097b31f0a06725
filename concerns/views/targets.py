"""The response targets."""

from django.http import HttpResponse
from django.urls import reverse

from concerns import actions
from concerns.forms.targets import TargetsForm
from concerns.models import Targets
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page


@require_permission("concerns.change_targets")
def change_targets(request: Request) -> HttpResponse:
    # Who sets the targets need not have the right to exempt matter.
    may_see = request.user.has_perms(["concerns.view_concern", "core.read_exempt"])
    return form_page(
        request,
        bind(request, TargetsForm, instance=Targets.current()),
        lambda given: actions.change_targets(by=request.user, given=given),
        template="concerns/change_targets.html",
        heading="Response targets",
        done="Targets saved. Concerns already recorded keep their due times.",
        url=reverse("concerns:change-targets"),
        cancel_url=reverse("concerns:list-concerns" if may_see else "home"),
    )
