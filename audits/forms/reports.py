"""Forms of the steps from score to plan, and of the council's procedure."""

from typing import Any

from django import forms

from audits.actions.reports import (
    FinaliseInput,
    ModerateInput,
    ProcedureInput,
    ProviderCommentAnswerInput,
    ProviderCommentInput,
    ReturnInput,
    SendInput,
)
from audits.forms.words import NO_NAMES, POST
from audits.models import Procedure, Question, Template, VisitOutcome
from govuk.fields import YesNoField
from govuk.form_fields import day_happened
from govuk.forms import GovForm, GovModelForm
from providers.vocabulary import ServiceType

CONFIRM, CHANGE, RETURN = "confirm", "change", "return"


class ModerateForm(GovForm):
    """Gives a `ModerateInput`, or a `ReturnInput` when the officer must look at the audit again."""

    submit_label = "Record the moderation"
    reveals = {"decision": {CHANGE: ["outcome", "note"], RETURN: ["reason"]}}

    decision = forms.ChoiceField(
        label="Do you agree with the draft outcome?",
        choices=[
            (CONFIRM, "Yes, keep this outcome"),
            (CHANGE, "No, change the outcome"),
            (RETURN, "No, return the audit to the officer"),
        ],
    )
    outcome = forms.ChoiceField(
        choices=[("", "Choose one"), *VisitOutcome.choices],
        required=False,
        label="What should the outcome be?",
    )
    note = forms.CharField(
        required=False,
        label="Why should the outcome change?",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(
        required=False,
        label="What must the officer look at again?",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == CHANGE:
            if not data.get("outcome"):
                self.add_error("outcome", "Select the outcome")
            if not data.get("note"):
                self.add_error("note", "Enter why the outcome should change")
        if data.get("decision") == RETURN and not data.get("reason"):
            self.add_error("reason", "Enter what the officer must look at again")
        return data

    def to_input(self, **more: Any) -> ModerateInput | ReturnInput:
        data = self.cleaned_data
        if data["decision"] == RETURN:
            return ReturnInput(reason=data["reason"])
        if data["decision"] == CHANGE:
            return ModerateInput(outcome=data["outcome"], note=data["note"])
        return ModerateInput()


class SendDraftForm(GovForm):
    submit_label = "Record that the draft was sent"
    input_class = SendInput

    sent_on = day_happened("When was the draft sent to the provider?")
    sent_to = forms.CharField(max_length=120, label="Who was it sent to?", help_text=POST)


class ProviderCommentForm(GovForm):
    submit_label = "Record the point"
    input_class = ProviderCommentInput

    point = forms.CharField(
        label="What does the provider say is not right?",
        help_text=f"Enter one point at a time, so that you can answer each. {NO_NAMES}",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    question = forms.ModelChoiceField(
        queryset=Question.objects.none(), required=False, label="Which question is the point about?"
    )
    received_on = day_happened("When did you receive the point?")

    def __init__(self, *args: Any, template: Template | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if template is not None:
            self.fields["question"].queryset = Question.objects.of_template(template)  # type: ignore[attr-defined]  # a choice of records


class AnswerProviderCommentForm(GovForm):
    submit_label = "Save the answer"
    input_class = ProviderCommentAnswerInput

    upheld = YesNoField(label="Do you uphold this point?")
    answer = forms.CharField(
        label="What is the council’s answer, and what will change?",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class FinaliseForm(GovForm):
    submit_label = "Make the rating final"
    input_class = FinaliseInput

    outcome = forms.ChoiceField(choices=VisitOutcome.choices, label="What is the final rating?")
    reason = forms.CharField(
        required=False,
        label="Why does the rating differ from the draft?",
        help_text="Enter a reason only if the rating has changed",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ProcedureForm(GovModelForm):
    submit_label = "Save the procedure"
    input_class = ProcedureInput

    meeting_types = forms.MultipleChoiceField(
        choices=ServiceType.choices,
        required=False,
        label="Which types of service have a contract review meeting after an audit?",
    )
    fieldsets = (
        ("Before the draft goes to the provider", ["rating_hidden", "moderated"]),
        ("Factual accuracy", ["factual_accuracy", "factual_accuracy_days"]),
        ("Action plan", ["plan_needed", "plan_days", "every_finding_has_action"]),
        (
            "Months until the next audit",
            ["months_excellent", "months_good", "months_requires_improvement", "months_poor"],
        ),
        ("Contract review meetings", ["meeting_types", "meeting_weeks"]),
        ("Bands", ["banding"]),
        ("Visits without a network", ["offline_hours", "offline_passphrase"]),
    )

    class Meta:
        model = Procedure
        fields = [
            "rating_hidden",
            "moderated",
            "factual_accuracy",
            "factual_accuracy_days",
            "plan_needed",
            "plan_days",
            "every_finding_has_action",
            "months_excellent",
            "months_good",
            "months_requires_improvement",
            "months_poor",
            "meeting_types",
            "meeting_weeks",
            "banding",
            "offline_hours",
            "offline_passphrase",
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        names = ("months_poor", "months_requires_improvement", "months_good", "months_excellent")
        months: list[Any] = [data.get(name) for name in names]
        if None not in months:
            if months[0] < 1:
                self.add_error("months_poor", "Months after Poor must be 1 or more")
            for name, worse, better in zip(names, months, months[1:], strict=False):
                if worse > better:
                    self.add_error(
                        name, "Enter the same number of months as for a better outcome, or fewer"
                    )
        return data
