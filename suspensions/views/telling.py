"""Who is told of a suspension: the list of them, and what became of each."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.permissions import Request, permit
from govuk.form_page import bind, form_page
from suspensions.actions import telling
from suspensions.forms.telling import PartyForm, TellRestForm, ToldForm
from suspensions.models import Party
from suspensions.views.steps import SEE, find, page_of
from suspensions.workflow.suspension import SUSPENSION


@permit(*SEE, "suspensions.record_progress")
def add_party(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, PartyForm),
        lambda given: telling.add_party(suspension.pk, by=request.user, given=given),
        template="suspensions/add_party.html",
        done=lambda party: f"{party.name} has been added to those who have to be told.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "add-party", request.user),
        suspension=suspension,
    )


@permit(*SEE, "suspensions.record_progress")
def record_told(request: Request, party_id: int) -> HttpResponse:
    party = get_object_or_404(
        Party.objects.only("suspension_id", "name", "email", "telling", "kind"), pk=party_id
    )
    suspension = find(party.suspension_id)
    form = bind(request, ToldForm, initial={"told_at": timezone.now(), "email": party.email})
    return form_page(
        request,
        form,
        lambda given: telling.settle_party(party.pk, by=request.user, given=given, now=timezone.now()),
        template="suspensions/record_told.html",
        done=f"{party.name}: saved.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "settle-party", request.user),
        suspension=suspension,
        party=party,
    )


@permit(*SEE, "suspensions.record_progress")
def tell_rest(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, TellRestForm),
        lambda _given: telling.tell_rest(suspension.pk, by=request.user),
        template="suspensions/tell_rest.html",
        done="They are being told.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "tell-rest", request.user),
        suspension=suspension,
        waiting=suspension.parties.waiting(),
    )
