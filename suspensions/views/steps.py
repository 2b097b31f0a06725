"""What the pages of a step share: the right to be there, the suspension, and the way from a form to an action."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from carequality.govuk.forms import GovForm, GovModelForm
from carequality.permits import Request
from carequality.refusals import Refused
from providers.models import Service
from suspensions import rules
from suspensions.models import Suspension, Telling

# Suspensions are exempt matter: whoever reads them has both rights.
SEE = ("suspensions.view_suspension", "carequality.read_exempt")


def find(suspension_id: int) -> Suspension:
    found = Suspension.objects.select_related(
        "service__provider", "service__district", "unit", "lead_officer", "proposed_by", "lift_proposed_by"
    )
    return get_object_or_404(found, pk=suspension_id)


def page_of(suspension: Suspension) -> str:
    return reverse("suspensions:view-suspension", args=[suspension.pk])


def who_lives_there(service: Service) -> dict[str, Any]:
    """The people of a service by who pays for them, and how many they are."""
    funded = list(service.funded_people.filter(people__gt=0))
    return {"funded": funded, "people": sum(each.people for each in funded)}


def who_is_told(suspension: Suspension) -> dict[str, Any]:
    """Of an urgent suspension: who is told at once, who of the rest still waits, and whether an e-mail is on its way."""
    parties = list(suspension.parties.filter(telling=Telling.SUSPENSION).select_related("told_by"))
    tonight = [party for party in parties if party.kind in rules.AT_ONCE]
    return {
        "tonight": tonight,
        "tonight_moves": any(party.is_waiting and party.email and not party.outcome for party in tonight),
        "later": [party for party in parties if party.kind not in rules.AT_ONCE and party.is_waiting],
    }


def take_step(
    request: Request,
    template: str,
    suspension: Suspension,
    form: GovForm,
    deed: Callable[[], Any],
    done: str | Callable[[], str],
    *,
    why_not: str | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the form, or the sentence that says why not; on a good answer do the deed and go back to the suspension."""
    url = page_of(suspension)
    return carry_out(
        request, template, form, deed, done, url, why_not=why_not, suspension=suspension, **context
    )


def carry_out(
    request: Request,
    template: str,
    form: GovForm | GovModelForm,
    deed: Callable[[], Any],
    done: str | Callable[[], str],
    url: str,
    *,
    why_not: str | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the form, or the sentence that says why not; on a good answer do the deed and go to `url`."""
    form.cancel_url = url
    if request.method == "POST" and why_not:
        form.add_error(None, why_not)
    elif request.method == "POST" and form.is_valid():
        try:
            # A refusal takes back all that was written for this answer.
            with transaction.atomic():
                deed()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done if isinstance(done, str) else done())
            return redirect(url)
    return render(request, template, {"form": form, "why_not": why_not, "back_url": url, **context})
