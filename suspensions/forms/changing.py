"""Forms of the changes of a suspension in force, and of corrections of its record."""

from typing import Any

from django import forms

from govuk.form_fields import DecisionForm, SureForm, day_to_come, text_box
from govuk.forms import GovForm
from suspensions.actions.changing import (
    CorrectionInput,
    DecideChangeInput,
    ExtensionInput,
    ScopeInput,
)
from suspensions.forms.proposing import KIND_HINTS, ScopeMixin
from suspensions.models import CorrectableField, Suspension, SuspensionKind


class ExtensionForm(GovForm):
    submit_label = "Propose the extension"
    input_class = ExtensionInput

    until = day_to_come("Planned to last until")
    reason = text_box("Why it has to go on")


class ScopeForm(GovForm, ScopeMixin):
    submit_label = "Propose the change"
    input_class = ScopeInput
    reveals = {"kind": {SuspensionKind.PARTIAL: ["limit"]}}
    option_hints = {"kind": {kind.value: hint for kind, hint in KIND_HINTS.items()}}
    field_order = ["unit", "kind", "limit", "reason"]

    reason = text_box("Why it should change")

    def __init__(self, *args: Any, suspension: Suspension, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.take_service(suspension.service)

    def to_input(self, **more: Any) -> Any:
        return super().to_input(**self.not_asked(), **more)


class DecideChangeForm(DecisionForm):
    submit_label = "Record the decision"
    input_class = DecideChangeInput
    field_order = ["decision", "reason", "decided_at"]

    decision = forms.ChoiceField(
        label="What is decided",
        choices=[
            ("agree", "Agree: it changes on the day of the decision"),
            ("refuse", "Do not agree: it stays as it is"),
        ],
    )


class WithdrawChangeForm(SureForm):
    submit_label = "Withdraw the change"


class CorrectionForm(GovForm):
    submit_label = "Add the correction"
    input_class = CorrectionInput
    as_select = ["about"]

    about = forms.ChoiceField(label="What is wrong", choices=CorrectableField.choices)
    right = text_box("What is right")
    reason = text_box("How the mistake was found", rows=2)
