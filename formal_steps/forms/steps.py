"""Forms of the formal steps."""

from collections.abc import Sequence
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
    StepRecordInput,
)
from formal_steps.models import FormalStep, StepType
from formal_steps.permissions import RECORD
from formal_steps.registration import LINKS
from formal_steps.rules import record, steps
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
from govuk.seen_forms import SeenFormMixin
from providers.models import Contract, Service

STEP_TYPE_HINTS = {
    StepType.IMPROVEMENT_PLAN: "What must improve, and by when, agreed with the provider",
    StepType.DEFAULT_NOTICE: "A breach of the contract that the provider must put right",
    StepType.SPECIAL_MEASURES: (
        "The council’s own plan, closely monitored, before the contract is ended"
    ),
    StepType.END_PACKAGES: "Some people’s care moves to another service",
    StepType.END_CONTRACT: "The council no longer buys care from the service",
}


class StepForm(GovForm):
    """What a step says."""

    input_names = {"concerns": "concern_ids"}
    # Whether it changes a record, whose choices stay open to it, or begins one.
    is_of_a_record = False
    fieldsets: Sequence[tuple[str, Sequence[str]]] = (
        ("Why", ["summary", "clause", "reasons", "evidence", "concerns"]),
        ("What must be done", ["required", "due_on"]),
        ("Contract and lead officer", ["contract", "lead_officer"]),
    )

    summary = forms.CharField(
        label="Reason in one sentence", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    clause = forms.CharField(
        label="Clause of the contract",
        max_length=200,
        help_text="The letter to the provider names this clause",
    )
    reasons = text_box("Reasons")
    evidence = text_box("Evidence", hint="Visits, concerns and documents, with their dates")
    concerns = forms.ModelMultipleChoiceField(
        queryset=Concern.objects.none(), required=False, label="Concerns that led to it"
    )
    required = text_box("What must be done", hint="For a termination, what ends and for whom")
    due_on = day_to_come("Due by, or takes effect on")
    contract = forms.ModelChoiceField(
        queryset=Contract.objects.none(), required=False, label="Contract"
    )
    lead_officer = forms.ModelChoiceField(
        queryset=User.objects.none(), required=False, label="Lead officer"
    )

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, QuerySet[Any]] = {
            "concerns": service.concerns.counted(),
            "contract": service.contracts.in_force_on(timezone.localdate()),
            "lead_officer": people_able(RECORD),
        }
        for name, queryset in choices.items():
            standing = self.initial.get(name) if self.is_of_a_record else None
            # A question with nothing to choose from is not asked.
            if not choose_from(self, name, queryset, standing).exists():
                del self.fields[name]

    def clean_due_on(self) -> Any:
        due_on = self.cleaned_data["due_on"]
        if due_on <= timezone.localdate():
            raise forms.ValidationError("The date must be after today")
        return due_on

    def to_input(self, **more: Any) -> Any:
        """A service without contracts, officers or concerns was not asked about them."""
        records = ("contract", "lead_officer")
        nothing: dict[str, Any] = {
            f"{name}_id": None for name in records if name not in self.fields
        }
        if "concerns" not in self.fields:
            nothing["concern_ids"] = ()
        return super().to_input(**nothing, **more)


class StepRecordForm(SeenFormMixin, StepForm):
    """What a proposed step says, to be changed before it is decided."""

    input_class = StepRecordInput
    is_of_a_record = True
    not_in_input = ("seen",)
    submit_label = "Save the proposal"
    version_labels = record.LABELS


class ProposeStepForm(StepForm):
    """Which step is proposed, and what its letter says."""

    input_class = ProposeStepInput
    submit_label = "Propose this step"
    option_hints = {
        "step_type": {step_type.value: hint for step_type, hint in STEP_TYPE_HINTS.items()}
    }
    fieldsets = (("The step", ["step_type"]), *StepForm.fieldsets)
    field_order = ["step_type"]

    step_type = forms.ChoiceField(label="Formal step", choices=StepType.choices)

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, service=service, **kwargs)
        # What the apps above registered: the action takes their answers together, as `beside`.
        self.not_in_input = (*self.not_in_input, *LINKS.names())
        legend, names = self.fieldsets[-1]
        self.fieldsets = (*self.fieldsets[:-1], (legend, [names[0], *LINKS.names(), *names[1:]]))
        for link in LINKS:
            if field := link.field(service):
                self.fields[link.name] = field

    def to_input(self, **more: Any) -> Any:
        """The step, and what it stands beside."""
        beside = {
            link.name: self.cleaned_data[link.name].pk
            for link in LINKS
            if self.cleaned_data.get(link.name)
        }
        return super().to_input(beside=beside, **more)


class DecideStepForm(DecisionForm):
    """Whether a proposed step is taken, and from when."""

    version_labels, version_words = record.LABELS, staticmethod(record.in_words)
    input_class = DecideStepInput
    submit_label = "Record the decision"
    field_order = ["decision", "starts_on", "review_on", "reason", "decided_at"]
    # A step that is refused has no days.
    reveals = {"decision": {"issue": ["starts_on", "review_on"]}}

    decision = forms.ChoiceField(
        label="Your decision",
        choices=[
            ("issue", "Take this step: it comes into force"),
            ("refuse", "Refuse: the step is not taken"),
        ],
    )
    starts_on = day_to_come("First day in force", required=False)
    review_on = day_to_come("First review", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "issue":
            need(self, starts_on=steps.START_MISSING, review_on=steps.FIRST_REVIEW_MISSING)
        return cleaned


class MoreTimeForm(GovForm):
    """A later day by which the step is due."""

    input_class = MoreTimeInput
    submit_label = "Give more time"

    due_on = day_to_come("New date")
    reason = text_box("Reason", hint="The earlier date stays in the history")


class ReviewStepForm(GovForm):
    """A review of a step in force."""

    input_class = ReviewStepInput
    submit_label = "Record the review"

    done_on = day_gone("Date of the review")
    outcome = text_box("Outcome", hint="How much of what must be done has been done")
    next_on = day_to_come("Next review")


class CloseStepForm(GovForm):
    """How a step ended."""

    input_class = CloseStepInput
    submit_label = "Close this step"

    outcome = forms.ChoiceField(label="How the step ended", choices=[])
    closed_on = day_gone("Date the step ended")
    reason = text_box("Evidence")

    def __init__(self, *args: Any, step: FormalStep, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A termination is carried out, every other step is met or not.
        choices = [(outcome.value, outcome.label) for outcome in steps.outcomes_of(step.step_type)]
        offer_choices(self, "outcome", choices)


class NoStepForm(GovForm):
    """Why the notices of a service lead to no further step."""

    input_class = NoStepInput
    submit_label = "Record your reason"

    reason = text_box("Why no further step follows now")
