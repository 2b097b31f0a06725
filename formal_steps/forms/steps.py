"""Forms of the formal steps."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from concerns.models import Concern
from core.models import User
from formal_steps.actions.steps import (
    CloseStepInput,
    DecideStepInput,
    MoreTimeInput,
    NoStepInput,
    ProposeStepInput,
    ReviewStepInput,
)
from formal_steps.models import FormalStep, StepType
from formal_steps.permissions import RECORD
from formal_steps.registration import LINKS
from formal_steps.rules import steps
from govuk.form_fields import (
    DecisionForm,
    choose_from,
    day_gone,
    day_to_come,
    need,
    offer_choices,
    people_able,
    text_box,
)
from govuk.forms import GovForm
from providers.models import Contract, Service

STEP_TYPE_HINTS = {
    StepType.IMPROVEMENT_PLAN: "What has to improve, agreed and dated",
    StepType.DEFAULT_NOTICE: "A breach of the contract that has to be put right",
    StepType.SPECIAL_MEASURES: (
        "The council’s own plan, watched closely, before an end is considered"
    ),
    StepType.END_PACKAGES: "Some people’s care moves elsewhere",
    StepType.END_CONTRACT: "The council buys nothing there any more",
}


class ProposeStepForm(GovForm):
    input_class = ProposeStepInput
    input_names = {"concerns": "concern_ids"}
    submit_label = "Propose this step"
    option_hints = {
        "step_type": {step_type.value: hint for step_type, hint in STEP_TYPE_HINTS.items()}
    }
    fieldsets = (
        ("The step", ["step_type"]),
        ("Why", ["summary", "clause", "reasons", "evidence", "concerns"]),
        ("What has to be done", ["required", "due_on"]),
        ("What it belongs to", ["contract", "lead_officer"]),
    )

    step_type = forms.ChoiceField(label="Which step", choices=StepType.choices)
    summary = forms.CharField(
        label="Reason in one sentence", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    clause = forms.CharField(
        label="Clause of the contract",
        max_length=200,
        help_text="As the letter to the provider names it",
    )
    reasons = text_box("Reasons")
    evidence = text_box("Evidence", hint="Visits, concerns and documents, with their dates")
    concerns = forms.ModelMultipleChoiceField(
        queryset=Concern.objects.none(), required=False, label="Concerns that led to it"
    )
    required = text_box("What has to be done", hint="Or, for a termination, what ends and for whom")
    due_on = day_to_come("Done by, or takes effect on")
    contract = forms.ModelChoiceField(
        queryset=Contract.objects.none(), required=False, label="Contract"
    )
    lead_officer = forms.ModelChoiceField(
        queryset=User.objects.none(), required=False, label="Lead officer"
    )

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, QuerySet[Any]] = {
            "concerns": service.concerns.all(),
            "contract": service.contracts.in_force_on(timezone.localdate()),
            "lead_officer": people_able(RECORD),
        }
        for name, queryset in choices.items():
            choose_from(self, name, queryset)
            if not queryset.exists():
                del self.fields[name]
        # What the apps above registered: the action takes their answers together, as `beside`.
        self.not_in_input = (*self.not_in_input, *LINKS.names())
        legend, names = self.fieldsets[-1]
        self.fieldsets = (*self.fieldsets[:-1], (legend, [names[0], *LINKS.names(), *names[1:]]))
        for link in LINKS:
            if field := link.field(service):
                self.fields[link.name] = field

    def clean_due_on(self) -> Any:
        due_on = self.cleaned_data["due_on"]
        if due_on <= timezone.localdate():
            raise forms.ValidationError("The day must be after today")
        return due_on

    def to_input(self, **more: Any) -> Any:
        """Of what this service has none of, nothing was asked."""
        records = ("contract", "lead_officer")
        nothing: dict[str, Any] = {
            f"{name}_id": None for name in records if name not in self.fields
        }
        if "concerns" not in self.fields:
            nothing["concern_ids"] = ()
        beside = {
            link.name: self.cleaned_data[link.name].pk
            for link in LINKS
            if self.cleaned_data.get(link.name)
        }
        return super().to_input(beside=beside, **nothing, **more)


class DecideStepForm(DecisionForm):
    input_class = DecideStepInput
    submit_label = "Record the decision"
    field_order = ["decision", "starts_on", "review_on", "reason", "decided_at"]
    reveals = {"decision": {"issue": ["starts_on", "review_on"]}}

    decision = forms.ChoiceField(
        label="What is decided",
        choices=[
            ("issue", "Take this step: put it in force"),
            ("refuse", "Do not take it: refuse the proposal"),
        ],
    )
    starts_on = day_to_come("In force from", required=False)
    review_on = day_to_come("First review", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "issue":
            need(
                self,
                starts_on="Enter the day from which it is in force",
                review_on="Enter the day of the first review",
            )
        return cleaned


class MoreTimeForm(GovForm):
    input_class = MoreTimeInput
    submit_label = "Give more time"

    due_on = day_to_come("New day")
    reason = text_box("Reason", hint="The day that stood before stays in the history")


class ReviewStepForm(GovForm):
    input_class = ReviewStepInput
    submit_label = "Record the review"

    done_on = day_gone("Day of the review")
    outcome = text_box("Outcome", hint="What has been done of what was required")
    next_on = day_to_come("Next review")


class CloseStepForm(GovForm):
    input_class = CloseStepInput
    submit_label = "Close this step"

    outcome = forms.ChoiceField(label="How it ended", choices=[])
    closed_on = day_gone("Day on which it ended")
    reason = text_box("What shows it")

    def __init__(self, *args: Any, step: FormalStep, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(outcome.value, outcome.label) for outcome in steps.outcomes_of(step.step_type)]
        offer_choices(self, "outcome", choices)


class NoStepForm(GovForm):
    input_class = NoStepInput
    submit_label = "Record that no step follows"

    reason = text_box("Why no further step follows now")
