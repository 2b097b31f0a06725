from django.http import HttpResponse
from django.urls import reverse

from concerns import actions
from concerns.forms import TargetsForm
from concerns.models import Targets
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page


@require_permission("concerns.change_targets")
def change_targets(request: Request) -> HttpResponse:
    may_see = request.user.has_perms(["concerns.view_concern", "core.read_exempt"])
    return form_page(
        request,
        bind(request, TargetsForm, instance=Targets.current()),
        lambda given: actions.change_targets(by=request.user, given=given),
        template="concerns/change_targets.html",
        done="The targets have been saved. Clocks that run already stay as they are.",
        url=reverse("concerns:change-targets"),
        cancel_url=reverse("concerns:list-concerns" if may_see else "home"),
    )
