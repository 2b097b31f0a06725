from datetime import date
from typing import Any

from django import forms

from audits.actions.plans import ActionInput, CloseActionInput, FindingInput, VerificationInput
from audits.forms.visits import auditors
from audits.models import Question, Template
from core.models import User
from govuk.fields import YesNoField
from govuk.forms import GovForm

OWNERS = [("provider", "Somebody at the provider"), ("officer", "An officer of the council")]


class FindingForm(GovForm):
    submit_label = "Add the finding"
    input_class = FindingInput

    text = forms.CharField(
        label="What was found?",
        help_text="One thing that is wrong, so that an action can put it right. Name nobody.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    question = forms.ModelChoiceField(
        queryset=Question.objects.none(), required=False, label="Which question does it belong to?"
    )

    def __init__(self, *args: Any, template: Template | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if template is None:
            del self.fields["question"]
        else:
            self.fields["question"].queryset = Question.objects.of_template(template)  # type: ignore[attr-defined]  # a choice of records

    def to_input(self, **more: Any) -> Any:
        # A visit without a template has no questions to choose from.
        return super().to_input(
            **({} if "question" in self.fields else {"question_id": None}), **more
        )


class AgreeForm(GovForm):
    submit_label = "Agree the action"
    input_class = ActionInput
    not_in_input = ("owner",)  # it is the one of the two that is named
    reveals = {"owner": {"provider": ["owner_name"], "officer": ["officer"]}}

    text = forms.CharField(label="What has to be done?", widget=forms.Textarea(attrs={"rows": 3}))
    owner = forms.ChoiceField(choices=OWNERS, label="Who does it?")
    owner_name = forms.CharField(
        max_length=120,
        required=False,
        label="Their name or post",
        help_text="For example, Registered manager",
    )
    officer = forms.ModelChoiceField(queryset=User.objects.none(), required=False, label="Officer")
    due_on = forms.DateField(label="By when?")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["officer"].queryset = auditors()  # type: ignore[attr-defined]  # a choice of people

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise forms.ValidationError("The day by which it is due cannot have passed")
        return due_on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("owner") == "provider":
            data["officer"] = None
            if not data.get("owner_name"):
                self.add_error("owner_name", "Enter the name or post of who does it")
        elif data.get("owner") == "officer":
            data["owner_name"] = ""
            if not data.get("officer"):
                self.add_error("officer", "Select the officer who does it")
        return data


class CloseActionForm(GovForm):
    submit_label = "Close the action"
    input_class = CloseActionInput

    closed_on = forms.DateField(label="When was it done?")
    evidence = forms.CharField(
        label="What shows that it was done?",
        help_text="What you saw or read, where and when. Name nobody.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class VerifyForm(GovForm):
    submit_label = "Save"
    input_class = VerificationInput
    reveals = {"accepted": {"yes": ["how"], "no": ["reason"]}}

    accepted = YesNoField(label="Does the evidence show that it was done?")
    how = forms.CharField(
        required=False, label="How did you check it?", widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = forms.CharField(
        required=False,
        label="What is still missing?",
        help_text="The action is then open again",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("accepted") is True and not data.get("how"):
            self.add_error("how", "Enter how you checked it")
        if data.get("accepted") is False and not data.get("reason"):
            self.add_error("reason", "Enter what is still missing")
        return data
