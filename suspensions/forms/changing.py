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
from suspensions.rules import record


class ExtensionForm(GovForm):
    """A later day by which the suspension is planned to end."""

    submit_label = "Propose the extension"
    input_class = ExtensionInput

    until = day_to_come("Planned to end by")
    reason = text_box("Why the suspension must continue")


class ScopeForm(GovForm, ScopeMixin):
    """Another scope, kind or limit."""

    submit_label = "Propose the change"
    input_class = ScopeInput
    reveals = {"kind": {SuspensionKind.PARTIAL: ["limit"]}}
    option_hints = {"kind": {kind.value: hint for kind, hint in KIND_HINTS.items()}}
    field_order = ["unit", "kind", "limit", "reason"]

    reason = text_box("Why the suspension should change")

    def __init__(self, *args: Any, suspension: Suspension, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.take_service(suspension.service)

    def to_input(self, **more: Any) -> Any:
        return super().to_input(**self.not_asked(), **more)


class DecideChangeForm(DecisionForm):
    """Whether a proposed change is agreed."""

    version_labels, version_words = record.LABELS, staticmethod(record.in_words)
    submit_label = "Record the decision"
    input_class = DecideChangeInput
    field_order = ["decision", "reason", "decided_at"]

    decision = forms.ChoiceField(
        label="Your decision",
        choices=[
            ("agree", "Agree: the suspension changes on the day of the decision"),
            ("refuse", "Refuse: the suspension stays as it is"),
        ],
    )


class WithdrawChangeForm(SureForm):
    """That a proposed change is taken back."""

    submit_label = "Withdraw this change"


class CorrectionForm(GovForm):
    """What the record has wrong, and what is right."""

    submit_label = "Add the correction"
    input_class = CorrectionInput
    as_select = ["about"]

    about = forms.ChoiceField(
        label="Part of the record to correct", choices=CorrectableField.choices
    )
    right = text_box("Correct information")
    reason = text_box("How the mistake was found", rows=2)
