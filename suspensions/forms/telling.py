"""Forms of the telling: who is added to the list, and what became of one who stands on it."""

from typing import Any

from django import forms
from django.utils import timezone

from govuk.forms import GovForm
from suspensions.actions.record import ToTell
from suspensions.actions.telling import ToldInput
from suspensions.forms.pieces import SureForm, need, text_box
from suspensions.models import How, PartyKind


class PartyForm(GovForm):
    input_class = ToTell
    submit_label = "Add to the list"
    as_select = ["kind"]

    kind = forms.ChoiceField(label="Who they are", choices=PartyKind.choices)
    name = forms.CharField(label="Name", max_length=150)
    email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text="With an address they are told by e-mail at once; else by hand",
    )


class ToldForm(GovForm):
    input_class = ToldInput
    submit_label = "Save"
    reveals = {
        "what": {
            "told": ["told_at", "how", "outcome"],
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
    told_at = forms.DateTimeField(label="When", required=False)
    how = forms.ChoiceField(label="How", choices=[("", "---------"), *How.choices], required=False)
    outcome = text_box("What came of it", required=False, rows=2)
    email = forms.EmailField(label="E-mail", required=False)
    closed_reason = text_box("Why they need not be told", required=False, rows=2)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        match cleaned.get("what"):
            case "told":
                need(self, told_at="Enter when they were told", how="Select how they were told")
                if (told_at := cleaned.get("told_at")) and told_at > timezone.now():
                    self.add_error("told_at", "When they were told must be in the past")
            case "email":
                need(self, email="Enter an e-mail address")
            case "close":
                need(self, closed_reason="Enter why they need not be told")
        return cleaned


class TellRestForm(SureForm):
    submit_label = "Tell them now"
