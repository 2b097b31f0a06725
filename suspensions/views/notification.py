"""Who is notified of a suspension: the list of them, and what became of each."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from suspensions.actions import notification
from suspensions.forms.notification import NotifiedForm, NotifyRestForm, RecipientForm
from suspensions.models import Recipient
from suspensions.views.steps import NOTIFYING, SEE, find, page_of
from suspensions.views.tasks import HEADINGS
from suspensions.workflow.suspension import SUSPENSION


@require_permission(*SEE, "suspensions.record_progress")
def add_recipient(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(
            request,
            RecipientForm,
            initial={name: request.GET.get(name, "") for name in ("kind", "name", "email")},
        ),
        lambda given: notification.add_recipient(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/add_recipient.html",
        done=lambda recipient: f"{recipient.name} has been added to the recipients.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "add-recipient", request.user),
        heading=HEADINGS["add-recipient"],
        suspension=suspension,
    )


@require_permission(*SEE, "suspensions.record_progress")
def record_notified(request: Request, recipient_id: int) -> HttpResponse:
    recipient = get_object_or_404(
        Recipient.objects.only("suspension_id", "name", "email", "notification", "kind"),
        pk=recipient_id,
    )
    suspension = find(recipient.suspension_id)
    form = bind(
        request, NotifiedForm, initial={"notified_at": timezone.now(), "email": recipient.email}
    )
    return form_page(
        request,
        form,
        lambda given: notification.settle_recipient(
            recipient.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/record_notified.html",
        done=f"Your record for {recipient.name} has been saved.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "settle-recipient", request.user),
        heading=f"Record the notification of {recipient}",
        suspension=suspension,
        recipient=recipient,
    )


@require_permission(*SEE, "suspensions.record_progress")
def notify_rest(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, NotifyRestForm),
        lambda _given: notification.notify_rest(suspension.pk, by=request.user),
        template="suspensions/notify_rest.html",
        done=NOTIFYING,
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "notify-rest", request.user),
        heading=HEADINGS["notify-rest"],
        suspension=suspension,
        waiting=suspension.recipients.waiting(),
    )
