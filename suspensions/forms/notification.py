"""Forms of the notification: who is added to the list, and what became of one who stands on it."""

from typing import Any

from django import forms
from django.utils import timezone

from govuk.form_fields import SureForm, need, text_box
from govuk.forms import GovForm
from notifications.models import How, RecipientKind
from suspensions.actions.notification import NotifiedInput
from suspensions.actions.record import RecipientInput


class RecipientForm(GovForm):
    input_class = RecipientInput
    submit_label = "Add to the list"
    as_select = ["kind"]

    kind = forms.ChoiceField(label="Who they are", choices=RecipientKind.choices)
    name = forms.CharField(label="Name", max_length=150)
    email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text="With an address they are told by e-mail at once; else by hand",
    )


class NotifiedForm(GovForm):
    input_class = NotifiedInput
    submit_label = "Save"
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
            ("told", "They were told"),
            ("email", "Send them an e-mail"),
            ("close", "They need not be told"),
        ],
    )
    notified_at = forms.DateTimeField(label="When", required=False)
    how = forms.ChoiceField(label="How", choices=[("", "---------"), *How.choices], required=False)
    outcome = text_box("What came of it", required=False, rows=2)
    email = forms.EmailField(label="E-mail", required=False)
    closed_reason = text_box("Why they need not be told", required=False, rows=2)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        match cleaned.get("what"):
            case "told":
                need(self, notified_at="Enter when they were told", how="Select how they were told")
                if (notified_at := cleaned.get("notified_at")) and notified_at > timezone.now():
                    self.add_error("notified_at", "When they were told must be in the past")
            case "email":
                need(self, email="Enter an e-mail address")
            case "close":
                need(self, closed_reason="Enter why they need not be told")
        return cleaned


class NotifyRestForm(SureForm):
    submit_label = "Tell them now"
