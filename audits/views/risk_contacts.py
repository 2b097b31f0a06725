"""Who officers call about an immediate risk: a short list that the council keeps."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from audits.actions import risk_contacts
from audits.forms.evidence import RiskContactForm
from audits.models import RiskContact
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page, post_action


@require_permission("audits.edit_template")
def list_risk_contacts(request: Request) -> HttpResponse:
    return render(
        request, "audits/list_risk_contacts.html", {"contacts": RiskContact.objects.all()}
    )


@require_permission("audits.edit_template")
def save_risk_contact(request: Request, contact_id: int | None = None) -> HttpResponse:
    contact = get_object_or_404(RiskContact, pk=contact_id) if contact_id else None
    return form_page(
        request,
        bind(request, RiskContactForm, instance=contact),
        lambda given: risk_contacts.save_risk_contact(contact_id, by=request.user, given=given),
        template="audits/single_form.html",
        done="The contact has been saved.",
        title="Change a risk contact" if contact else "Add a risk contact",
        about=contact,
        url=reverse("audits:list-risk-contacts"),
        contact=contact,
    )


@require_permission("audits.edit_template")
def remove_risk_contact(request: Request, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(RiskContact, pk=contact_id)
    if request.method != "POST":
        context = {"contact": contact, "cancel_url": reverse("audits:list-risk-contacts")}
        return render(request, "audits/remove_risk_contact.html", context)
    return post_action(
        request,
        lambda: risk_contacts.remove_risk_contact(contact_id, by=request.user),
        done="The contact has been removed.",
        url=reverse("audits:list-risk-contacts"),
    )
