from django.http import HttpResponse
from django.urls import reverse

from core.permissions import Request, require_permission
from formal_steps.actions import policy as actions
from formal_steps.forms.policy import PolicyForm
from formal_steps.models import Policy
from govuk.form_page import bind, form_page


@require_permission("formal_steps.change_policy")
def change_policy(request: Request) -> HttpResponse:
    return form_page(
        request,
        bind(request, PolicyForm, instance=Policy.current()),
        lambda given: actions.set_policy(by=request.user, given=given),
        template="formal_steps/change_policy.html",
        done="The settings have been saved.",
        url=reverse("formal_steps:change-policy"),
        tab="policy",
    )
