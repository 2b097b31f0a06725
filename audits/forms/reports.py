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
from audits.models import Procedure, Question, Template, VisitOutcome
from govuk.fields import YesNoField
from govuk.forms import GovForm, GovModelForm
from providers.vocabulary import ServiceType

CONFIRM, CHANGE, RETURN = "confirm", "change", "return"


class ModerateForm(GovForm):
    """Gives a `ModerateInput`, or a `ReturnInput` when the officer must look at the audit again."""

    submit_label = "Save"
    reveals = {"decision": {CHANGE: ["outcome", "note"], RETURN: ["reason"]}}

    decision = forms.ChoiceField(
        label="Does the draft stand?",
        choices=[
            (CONFIRM, "Yes, the outcome stands"),
            (CHANGE, "No, the outcome must be another"),
            (RETURN, "No, the officer must look at it again"),
        ],
    )
    outcome = forms.ChoiceField(
        choices=[("", "Choose one"), *VisitOutcome.choices], required=False, label="Which outcome?"
    )
    note = forms.CharField(required=False, label="Why?", widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(
        required=False,
        label="What must be looked at again?",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == CHANGE:
            if not data.get("outcome"):
                self.add_error("outcome", "Select the outcome")
            if not data.get("note"):
                self.add_error("note", "Enter why the outcome must be another")
        if data.get("decision") == RETURN and not data.get("reason"):
            self.add_error("reason", "Enter what must be looked at again")
        return data

    def to_input(self, **more: Any) -> ModerateInput | ReturnInput:
        data = self.cleaned_data
        if data["decision"] == RETURN:
            return ReturnInput(reason=data["reason"])
        if data["decision"] == CHANGE:
            return ModerateInput(outcome=data["outcome"], note=data["note"])
        return ModerateInput()


class SendDraftForm(GovForm):
    submit_label = "Record that it was sent"
    input_class = SendInput

    sent_on = forms.DateField(label="When was the draft sent to the provider?")
    sent_to = forms.CharField(
        max_length=120, label="To whom?", help_text="Their post, for example Registered manager"
    )


class ProviderCommentForm(GovForm):
    submit_label = "Record the point"
    input_class = ProviderCommentInput

    point = forms.CharField(
        label="What does the provider say is not right?",
        help_text="One point at a time, so that each is answered. Name nobody.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    question = forms.ModelChoiceField(
        queryset=Question.objects.none(), required=False, label="Which question is it about?"
    )
    received_on = forms.DateField(label="When was it received?")

    def __init__(self, *args: Any, template: Template | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if template is not None:
            self.fields["question"].queryset = Question.objects.of_template(template)  # type: ignore[attr-defined]  # a choice of records


class AnswerProviderCommentForm(GovForm):
    submit_label = "Save the answer"
    input_class = ProviderCommentAnswerInput

    upheld = YesNoField(label="Is the provider right?")
    answer = forms.CharField(
        label="What does the council answer, and what changes?",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class FinaliseForm(GovForm):
    submit_label = "Make the rating final"
    input_class = FinaliseInput

    outcome = forms.ChoiceField(choices=VisitOutcome.choices, label="What is the final rating?")
    reason = forms.CharField(
        required=False,
        label="Why does it differ from the draft?",
        help_text="Needed only if it does",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ProcedureForm(GovModelForm):
    submit_label = "Save"
    input_class = ProcedureInput

    meeting_types = forms.MultipleChoiceField(
        choices=ServiceType.choices,
        required=False,
        label="After the audit of which types of service does a contract review meeting follow?",
    )
    fieldsets = (
        ("Before the draft goes out", ["rating_hidden", "moderated"]),
        ("Factual accuracy", ["factual_accuracy", "factual_accuracy_days"]),
        ("Action plan", ["plan_needed", "plan_days", "every_finding_has_action"]),
        (
            "Months until the next audit",
            ["months_excellent", "months_good", "months_requires_improvement", "months_poor"],
        ),
        ("Contract review meetings", ["meeting_types", "meeting_weeks"]),
        ("Bands", ["banding"]),
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
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        names = ("months_poor", "months_requires_improvement", "months_good", "months_excellent")
        months: list[Any] = [data.get(name) for name in names]
        if None not in months:
            if months[0] < 1:
                self.add_error("months_poor", "Allow at least one month")
            for name, worse, better in zip(names, months, months[1:], strict=False):
                if worse > better:
                    self.add_error(
                        name,
                        "A worse outcome must not wait longer for the next audit than a better one",
                    )
        return data
