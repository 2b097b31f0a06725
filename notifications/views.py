"""The register of recipients, and the words of the messages to them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from core.permissions import Request, require_permission
from core.workflow import refusal
from govuk.form_page import bind, form_page
from notifications import rules
from notifications.actions import messages as message_actions
from notifications.actions import registered_recipients
from notifications.forms import CloseRecipientForm, MessageForm, RegisteredRecipientForm
from notifications.models import MessageTemplate, RegisteredRecipient
from notifications.permissions import CHANGE, CHANGE_MESSAGE, SEE


@require_permission(*SEE)
def list_recipients(request: Request) -> HttpResponse:
    """The register of recipients, and the words of the messages to them."""
    context = {
        "recipients": RegisteredRecipient.objects.filter(closed_at=None).select_related("service"),
        "messages_set": MessageTemplate.objects.select_related("changed_by"),
        "tab": "recipients",
    }
    return render(request, "notifications/list_recipients.html", context)


@require_permission(*SEE, CHANGE)
def add_recipient(request: Request) -> HttpResponse:
    return form_page(
        request,
        bind(request, RegisteredRecipientForm),
        lambda given: registered_recipients.add_recipient(
            by=request.user, given=given, now=timezone.now()
        ),
        template="notifications/task.html",
        done=lambda added: f"{added} has been added to the register.",
        url=reverse("notifications:list-recipients"),
        heading="Add a recipient to the register",
    )


@require_permission(*SEE, CHANGE)
def close_recipient(request: Request, recipient_id: int) -> HttpResponse:
    recipient = get_object_or_404(RegisteredRecipient, pk=recipient_id)
    return form_page(
        request,
        bind(request, CloseRecipientForm),
        lambda _given: registered_recipients.close_recipient(
            recipient.pk, by=request.user, now=timezone.now()
        ),
        template="notifications/close_recipient.html",
        done=f"{recipient} has been removed from the register.",
        url=reverse("notifications:list-recipients"),
        why_not=refusal(rules.check_on_register, recipient),
        heading=f"Remove {recipient} from the register",
    )


@require_permission(*SEE, CHANGE_MESSAGE)
def change_message(request: Request) -> HttpResponse:
    """The words for one notification and kind of recipient: those that are set to begin from, or
    empty.
    """
    found = MessageTemplate.objects.filter(
        notification=request.GET.get("notification", ""), kind=request.GET.get("kind", "")
    ).first()
    initial = (
        {name: getattr(found, name) for name in ("notification", "kind", "subject", "body")}
        if found
        else {}
    )
    return form_page(
        request,
        bind(request, MessageForm, initial=initial),
        lambda given: message_actions.set_message(by=request.user, given=given, now=timezone.now()),
        template="notifications/change_message.html",
        done="The message has been saved.",
        url=reverse("notifications:list-recipients"),
        heading="Write a message",
        facts=rules.FACTS.items(),
    )
