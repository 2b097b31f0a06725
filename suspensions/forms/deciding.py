from typing import Any

from django import forms

from govuk.form_fields import DecisionForm, day_to_come, need
from suspensions.actions.deciding import ConfirmInput, DecideInput


class DecideForm(DecisionForm):
    input_class = DecideInput
    submit_label = "Record the decision"
    field_order = [
        "decision",
        "in_force_from",
        "review_on",
        "planned_until",
        "reason",
        "decided_at",
    ]
    reveals = {"decision": {"in_force": ["in_force_from", "review_on", "planned_until"]}}

    decision = forms.ChoiceField(
        label="What is decided",
        choices=[
            ("in_force", "Suspend: put it in force"),
            ("refuse", "Do not suspend: refuse the proposal"),
        ],
    )
    in_force_from = day_to_come("In force from", required=False)
    review_on = day_to_come("First review", required=False)
    planned_until = day_to_come(
        "Planned to last until",
        required=False,
        hint="If a day is planned. It does not end by itself that day",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "in_force":
            need(
                self,
                in_force_from="Enter the day from which it is in force",
                review_on="Enter the day of the first review",
            )
        return cleaned


class ConfirmForm(DecisionForm):
    input_class = ConfirmInput
    submit_label = "Record the decision"
    field_order = ["decision", "review_on", "reason", "decided_at"]
    reveals = {"decision": {"confirm": ["review_on"]}}

    decision = forms.ChoiceField(
        label="What is decided",
        choices=[
            ("confirm", "Confirm: it stays in force"),
            ("end", "Do not confirm: end it today"),
        ],
    )
    review_on = day_to_come("Next review", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "confirm":
            need(self, review_on="Enter the day of the next review")
        return cleaned
