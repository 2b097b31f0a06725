"""What stands for every suspension: settings, cover, the register of parties, the words of messages."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from core.permissions import Request, permit
from core.workflow import refusal
from govuk.form_page import bind, form_page
from suspensions import mail
from suspensions.actions import standing
from suspensions.forms.standing import (
    CloseContactForm,
    ContactForm,
    CoverForm,
    EndCoverForm,
    MessageForm,
    PolicyForm,
)
from suspensions.models import Contact, Cover, MessageTemplate, Policy
from suspensions.rules import messages, urgent
from suspensions.views.steps import SEE


@permit("suspensions.change_policy")
def change_policy(request: Request) -> HttpResponse:
    return form_page(
        request,
        bind(request, PolicyForm, instance=Policy.current()),
        lambda given: standing.set_policy(by=request.user, given=given),
        template="suspensions/change_policy.html",
        done="The settings have been saved.",
        url=reverse("suspensions:change-policy"),
        tab="policy",
    )


@permit(*SEE, "suspensions.decide_suspension")
def set_cover(request: Request) -> HttpResponse:
    """Who is away and who stands in, and a form to record it."""
    today = timezone.localdate()
    return form_page(
        request,
        bind(request, CoverForm, initial={"from_on": today}),
        lambda given: standing.set_cover(by=request.user, given=given, now=timezone.now()),
        template="suspensions/set_cover.html",
        done="The cover has been recorded.",
        url=reverse("suspensions:set-cover"),
        covers=Cover.objects.filter(ended_at=None, until_on__gte=today).select_related("person", "deputy"),
        tab="cover",
    )


@permit(*SEE, "suspensions.decide_suspension")
def end_cover(request: Request, cover_id: int) -> HttpResponse:
    cover = get_object_or_404(Cover.objects.select_related("person", "deputy"), pk=cover_id)
    return form_page(
        request,
        bind(request, EndCoverForm),
        lambda _given: standing.end_cover(cover.pk, by=request.user, now=timezone.now()),
        template="suspensions/end_cover.html",
        done="The cover has ended.",
        url=reverse("suspensions:set-cover"),
        why_not=refusal(urgent.check_not_ended, cover),
        step=cover,
    )


@permit(*SEE)
def list_contacts(request: Request) -> HttpResponse:
    """The register of parties, and the words of the messages to them."""
    context = {
        "contacts": Contact.objects.filter(closed_at=None).select_related("service"),
        "messages_set": MessageTemplate.objects.select_related("changed_by"),
        "usual": mail.SUBJECTS,
        "tab": "contacts",
    }
    return render(request, "suspensions/list_contacts.html", context)


@permit(*SEE, "suspensions.record_progress")
def add_contact(request: Request) -> HttpResponse:
    return form_page(
        request,
        bind(request, ContactForm),
        lambda given: standing.add_contact(by=request.user, given=given, now=timezone.now()),
        template="suspensions/add_contact.html",
        done="Added to the register.",
        url=reverse("suspensions:list-contacts"),
    )


@permit(*SEE, "suspensions.record_progress")
def close_contact(request: Request, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(Contact, pk=contact_id)
    return form_page(
        request,
        bind(request, CloseContactForm),
        lambda _given: standing.close_contact(contact.pk, by=request.user, now=timezone.now()),
        template="suspensions/close_contact.html",
        done="Taken off the register.",
        url=reverse("suspensions:list-contacts"),
        why_not=refusal(messages.check_on_register, contact),
        step=contact,
    )


@permit(*SEE, "suspensions.change_messagetemplate")
def change_message(request: Request) -> HttpResponse:
    """The words for one telling and kind of party: those that are set to begin from, or empty."""
    found = MessageTemplate.objects.filter(
        telling=request.GET.get("telling", ""), kind=request.GET.get("kind", "")
    ).first()
    initial = {name: getattr(found, name) for name in ("telling", "kind", "subject", "body")} if found else {}
    return form_page(
        request,
        bind(request, MessageForm, initial=initial),
        lambda given: standing.set_message(by=request.user, given=given, now=timezone.now()),
        template="suspensions/change_message.html",
        done="The message has been saved.",
        url=reverse("suspensions:list-contacts"),
        facts=messages.FACTS.items(),
    )
