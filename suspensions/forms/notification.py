"""Forms of the notification: who is added to the list, and what became of one who stands on it."""

from typing import Any

from django import forms
from django.utils import timezone

from govuk.form_fields import SureForm, moment_gone, need, text_box
from govuk.forms import GovForm
from notifications.models import How, RecipientKind
from suspensions.actions.notification import NotifiedInput
from suspensions.actions.record import RecipientInput
from suspensions.rules.notification import WHEN_MISSING


class RecipientForm(GovForm):
    """Someone who has to be notified."""

    input_class = RecipientInput
    submit_label = "Add this recipient"
    as_select = ["kind"]

    kind = forms.ChoiceField(label="Who they are", choices=RecipientKind.choices)
    name = forms.CharField(label="Name", max_length=150)
    email = forms.EmailField(
        label="Email",
        required=False,
        help_text="If you enter an address, we email them at once",
    )


class NotifiedForm(GovForm):
    """What became of a recipient: notified, to be emailed, or not to be notified."""

    input_class = NotifiedInput
    submit_label = "Save this record"
    reveals = {
        "what": {
            "told": ["notified_at", "how", "outcome"],
            "email": ["email"],
            "close": ["closed_reason"],
        }
    }

    what = forms.ChoiceField(
        label="What do you want to record?",
        choices=[
            ("told", "They have been notified"),
            ("email", "Send them an email"),
            ("close", "They need not be notified"),
        ],
    )
    notified_at = moment_gone("When they were notified", required=False)
    how = forms.ChoiceField(
        label="How they were notified", choices=[("", "---------"), *How.choices], required=False
    )
    outcome = text_box("What they answered", required=False, rows=2)
    email = forms.EmailField(label="Email", required=False)
    closed_reason = text_box("Why they need not be notified", required=False, rows=2)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        match cleaned.get("what"):
            case "told":
                need(self, notified_at=WHEN_MISSING, how="Select how they were notified")
                if (notified_at := cleaned.get("notified_at")) and notified_at > timezone.now():
                    self.add_error("notified_at", "When they were notified must be in the past")
            case "email":
                need(self, email="Enter an email address")
            case "close":
                need(self, closed_reason="Enter why they need not be notified")
        return cleaned


class NotifyRestForm(SureForm):
    """That everyone who was not notified at once is notified now."""

    submit_label = "Notify everyone else"
