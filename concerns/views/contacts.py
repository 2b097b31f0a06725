"""The log of contacts."""

from datetime import datetime

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from concerns import actions
from concerns.filters import CONTACT_COLUMNS, ContactFilter
from concerns.forms import ConcernForm, LogContactForm
from concerns.models import Concern, ContactKind, ContactLogEntry, ContactWith, Targets
from concerns.views.shared import CHANGE, READ, nothing_listed
from core.permissions import Request, require_permission
from documents.numbers import whole_number
from govuk.form_page import bind, form_page
from govuk.lists import ListPage
from providers.models import Service

# Who raised a concern, as the one that a contact was with.
WITH_WHOM = {
    "family": ContactWith.FAMILY,
    "person": ContactWith.FAMILY,
    "staff": ContactWith.SERVICE,
    "provider": ContactWith.PROVIDER,
    "social_work": ContactWith.SOCIAL_WORK,
    "cqc": ContactWith.CQC,
    "icb": ContactWith.ICB,
}


@require_permission(*READ)
def list_contacts(request: Request) -> HttpResponseBase:
    rows = ContactLogEntry.objects.select_related("service", "concern", "recorded_by")
    page = ListPage(
        request,
        ContactFilter(request.GET, queryset=rows),
        CONTACT_COLUMNS,
        default_sort="-happened",
        export_name="contacts",
        noun=("contact", "contacts"),
    )
    return page.export() or render(
        request, "concerns/list_contacts.html", {"page": page, "nothing": nothing_listed(page)}
    )


@require_permission(*CHANGE)
def log_contact(request: Request) -> HttpResponse:
    now = timezone.now()
    number = whole_number(request.GET.get("concern"))
    concern = None if number is None else get_object_or_404(Concern, pk=number)
    initial = {"service": request.GET.get("service"), "kind": ContactKind.CALL, "happened_at": now}
    return form_page(
        request,
        bind(request, LogContactForm, initial=initial, concern=concern),
        lambda given: actions.log_contact(by=request.user, given=given, now=now),
        template="concerns/form_page.html",
        heading="Log a contact",
        done=lambda contact: f"Contact about {contact.service} logged.",
        url=_back(request, concern),
        concern=concern,
    )


def contact_from_concern(request: Request, concern: Concern, now: datetime) -> HttpResponse:
    """The form of a contact about a concern that is open already, with the words that were typed
    for a new one.
    """
    typed = ConcernForm(request.POST, now=now, targets=Targets.current())
    # Only read, and not judged: the form of the contact does that when it is sent.
    typed.is_valid()
    initial = {
        "kind": ContactKind.CALL,
        "with_whom": WITH_WHOM.get(request.POST.get("source", ""), ""),
        "note": request.POST.get("summary", ""),
        "happened_at": typed.cleaned_data.get("received_at") or now,
    }
    form = LogContactForm(initial=initial, concern=concern)
    form.form_action = f"{reverse('concerns:log-contact')}?concern={concern.pk}"
    form.cancel_url = reverse("concerns:view-concern", args=[concern.pk])
    return render(
        request,
        "concerns/form_page.html",
        {"form": form, "heading": "Log a contact", "concern": concern},
    )


def _back(request: Request, concern: Concern | None) -> str:
    """Where the page was opened from: the concern, the service or the list."""
    # A service's own page has the contact in its timeline.
    if concern is not None:
        return reverse("concerns:view-concern", args=[concern.pk])
    number = whole_number(request.GET.get("service"))
    if number is not None and Service.objects.filter(pk=number).exists():
        return reverse("oversight:view-service", args=[number])
    return reverse("concerns:list-contacts")
