from typing import Any

from django import forms

from formal_steps.rules.steps import (
    FIRST_REVIEW_MISSING,
    NEXT_REVIEW_MISSING,
    START_MISSING,
)
from govuk.form_fields import DecisionForm, day_to_come, need
from suspensions.actions.deciding import ConfirmInput, DecideInput
from suspensions.rules import record


class DecideForm(DecisionForm):
    """Whether a proposed suspension comes into force, and from when."""

    version_labels, version_words = record.LABELS, staticmethod(record.in_words)
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
        label="Your decision",
        choices=[
            ("in_force", "Suspend: the suspension comes into force"),
            ("refuse", "Refuse: the service is not suspended"),
        ],
    )
    in_force_from = day_to_come("First day in force", required=False)
    review_on = day_to_come("First review", required=False)
    planned_until = day_to_come(
        "Planned to end by",
        required=False,
        hint="If you plan an end. The suspension does not end by itself that day",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "in_force":
            need(self, in_force_from=START_MISSING, review_on=FIRST_REVIEW_MISSING)
        return cleaned


class ConfirmForm(DecisionForm):
    """Whether an urgent suspension is confirmed or ends."""

    version_labels, version_words = record.LABELS, staticmethod(record.in_words)
    input_class = ConfirmInput
    submit_label = "Record the decision"
    field_order = ["decision", "review_on", "reason", "decided_at"]
    reveals = {"decision": {"confirm": ["review_on"]}}

    decision = forms.ChoiceField(
        label="Your decision",
        choices=[
            ("confirm", "Confirm: the suspension stays in force"),
            ("end", "End: the suspension ends today"),
        ],
    )
    review_on = day_to_come("Next review", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "confirm":
            need(self, review_on=NEXT_REVIEW_MISSING)
        return cleaned


class EndClosedForm(DecisionForm):
    """Why a suspension ends with its service, and when that was decided."""

    submit_label = "End this suspension"
