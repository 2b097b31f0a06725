"""Whom officers ring about a danger: a short list that the council keeps."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from audits import actions
from audits.forms.evidence import RiskContactForm
from audits.models import RiskContact
from carequality.permits import Request, permit


@permit("audits.edit_template")
def list_risk_contacts(request: Request) -> HttpResponse:
    return render(request, "audits/list_risk_contacts.html", {"contacts": RiskContact.objects.all()})


@permit("audits.edit_template")
def save_risk_contact(request: Request, contact_id: int | None = None) -> HttpResponse:
    contact = get_object_or_404(RiskContact, pk=contact_id) if contact_id else None
    form = RiskContactForm(request.POST or None, instance=contact)
    form.cancel_url = reverse("audits:list-risk-contacts")
    if request.method == "POST" and form.is_valid():
        actions.save_risk_contact(form.instance, by=request.user)
        messages.success(request, "The telephone number is saved.")
        return redirect("audits:list-risk-contacts")
    return render(request, "audits/save_risk_contact.html", {"form": form, "contact": contact})


@permit("audits.edit_template")
def remove_risk_contact(request: Request, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(RiskContact, pk=contact_id)
    if request.method == "POST":
        actions.remove_risk_contact(contact.pk, by=request.user)
        messages.success(request, "The telephone number is removed.")
        return redirect("audits:list-risk-contacts")
    return render(request, "audits/remove_risk_contact.html", {"contact": contact})
