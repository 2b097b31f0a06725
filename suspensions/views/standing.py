"""What stands for every suspension: settings, cover, the register of parties, the words of messages."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from carequality.permits import Request, permit
from suspensions import actions, mail, rules
from suspensions.forms import CloseContactForm, ContactForm, CoverForm, EndCoverForm, MessageForm, PolicyForm
from suspensions.models import Contact, Cover, MessageTemplate, Policy
from suspensions.views.steps import SEE, carry_out


@permit("suspensions.change_policy")
def change_policy(request: Request) -> HttpResponse:
    form = PolicyForm(request.POST if request.method == "POST" else None, instance=Policy.current())
    return carry_out(
        request,
        "suspensions/change_policy.html",
        form,
        lambda: actions.set_policy(by=request.user, **form.cleaned_data),
        "The settings have been saved.",
        reverse("suspensions:change-policy"),
        tab="policy",
    )


@permit(*SEE, "suspensions.decide_suspension")
def set_cover(request: Request) -> HttpResponse:
    """Who is away and who stands in, and a form to record it."""
    today = timezone.localdate()
    form = CoverForm(request.POST if request.method == "POST" else None, initial={"from_on": today})
    return carry_out(
        request,
        "suspensions/set_cover.html",
        form,
        lambda: actions.set_cover(by=request.user, now=timezone.now(), **form.cleaned_data),
        "The cover has been recorded.",
        reverse("suspensions:set-cover"),
        covers=Cover.objects.filter(ended_at=None, until_on__gte=today).select_related("person", "deputy"),
        tab="cover",
    )


@permit(*SEE, "suspensions.decide_suspension")
def end_cover(request: Request, cover_id: int) -> HttpResponse:
    cover = get_object_or_404(Cover.objects.select_related("person", "deputy"), pk=cover_id)
    form = EndCoverForm(request.POST if request.method == "POST" else None)
    return carry_out(
        request,
        "suspensions/end_cover.html",
        form,
        lambda: actions.end_cover(cover.pk, by=request.user, now=timezone.now()),
        "The cover has ended.",
        reverse("suspensions:set-cover"),
        why_not="This cover has ended." if cover.ended_at else None,
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
    form = ContactForm(request.POST if request.method == "POST" else None)

    def deed() -> None:
        given = {**form.cleaned_data}
        service = given.pop("service")
        service_id = service.pk if service else None
        actions.add_contact(by=request.user, now=timezone.now(), service_id=service_id, **given)

    return carry_out(
        request,
        "suspensions/add_contact.html",
        form,
        deed,
        "Added to the register.",
        reverse("suspensions:list-contacts"),
    )


@permit(*SEE, "suspensions.record_progress")
def close_contact(request: Request, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(Contact, pk=contact_id)
    form = CloseContactForm(request.POST if request.method == "POST" else None)
    return carry_out(
        request,
        "suspensions/close_contact.html",
        form,
        lambda: actions.close_contact(contact.pk, by=request.user, now=timezone.now()),
        "Taken off the register.",
        reverse("suspensions:list-contacts"),
        why_not="They are off the register already." if contact.closed_at else None,
        step=contact,
    )


@permit(*SEE, "suspensions.change_messagetemplate")
def change_message(request: Request) -> HttpResponse:
    """The words for one telling and kind of party: those that are set to begin from, or empty."""
    found = MessageTemplate.objects.filter(
        telling=request.GET.get("telling", ""), kind=request.GET.get("kind", "")
    ).first()
    initial = {name: getattr(found, name) for name in ("telling", "kind", "subject", "body")} if found else {}
    form = MessageForm(request.POST if request.method == "POST" else None, initial=initial)
    return carry_out(
        request,
        "suspensions/change_message.html",
        form,
        lambda: actions.set_message(by=request.user, now=timezone.now(), **form.cleaned_data),
        "The message has been saved.",
        reverse("suspensions:list-contacts"),
        facts=rules.FACTS.items(),
    )
