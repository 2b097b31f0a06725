from datetime import date
from typing import Any

from django import forms

from audits.actions.action_changes import (
    ActionWithdrawalInput,
    DueInput,
    OwnerInput,
    WithdrawalDecisionInput,
)
from audits.actions.plans import (
    ActionInput,
    CloseActionInput,
    FindingInput,
    FindingTextInput,
    VerificationInput,
)
from audits.forms.visits import auditors
from audits.forms.words import NO_NAMES
from audits.models import Question, Template
from audits.rules.plans import DUE_IN_PAST
from core.models import User
from govuk.fields import YesNoField
from govuk.form_fields import day_happened, day_to_come
from govuk.forms import GovForm
from govuk.seen_forms import SeenForm

OWNERS = [("provider", "Someone at the provider"), ("officer", "An officer of the council")]


class FindingForm(GovForm):
    submit_label = "Add the finding"
    input_class = FindingInput

    text = forms.CharField(
        label="What was found?",
        help_text=f"Describe one problem, so that an action can put it right. {NO_NAMES}",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    question = forms.ModelChoiceField(
        queryset=Question.objects.none(),
        required=False,
        label="Which question is the finding about?",
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


class FindingTextForm(SeenForm):
    submit_label = "Save the finding"
    input_class = FindingTextInput

    text = forms.CharField(
        label="What was found?", help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 4})
    )


class OwnerFields(GovForm):
    """Whose an action is: someone at the provider, or an officer of the council."""

    not_in_input = ("owner",)  # it is the one of the two that is named
    reveals = {"owner": {"provider": ["owner_name"], "officer": ["officer"]}}

    owner = forms.ChoiceField(choices=OWNERS, label="Who is responsible?")
    owner_name = forms.CharField(
        max_length=120,
        required=False,
        label="Name or post",
        help_text="For example, registered manager",
    )
    officer = forms.ModelChoiceField(queryset=User.objects.none(), required=False, label="Officer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = auditors()  # type: ignore[attr-defined]  # a choice of people

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("owner") == "provider":
            data["officer"] = None
            if not data.get("owner_name"):
                self.add_error("owner_name", "Enter the name or post of the person responsible")
        elif data.get("owner") == "officer":
            data["owner_name"] = ""
            if not data.get("officer"):
                self.add_error("officer", "Select the officer responsible")
        return data


class AgreeForm(OwnerFields):
    submit_label = "Agree the action"
    input_class = ActionInput
    field_order = ("text", "owner", "owner_name", "officer", "due_on")

    text = forms.CharField(label="What must be done?", widget=forms.Textarea(attrs={"rows": 3}))
    due_on = day_to_come("When is the action due?")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise forms.ValidationError(DUE_IN_PAST)
        return due_on


def why(label: str) -> forms.CharField:
    """The reason of a change, which stays on the action's page."""
    return forms.CharField(
        label=label, help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 3})
    )


class DueForm(GovForm):
    submit_label = "Change the date"
    input_class = DueInput

    due_on = day_to_come("When is the action due now?")
    reason = why("Why does the date change?")


class OwnerForm(OwnerFields):
    submit_label = "Change the owner"
    input_class = OwnerInput
    field_order = ("owner", "owner_name", "officer", "reason")

    reason = why("Why does the owner change?")


class WithdrawActionForm(GovForm):
    submit_label = "Withdraw the action"
    submit_kind = "warning"
    input_class = ActionWithdrawalInput

    reason = why("Why need it not be done any more?")


class DecideWithdrawalForm(GovForm):
    submit_label = "Record the decision"
    input_class = WithdrawalDecisionInput

    agreed = YesNoField(label="Do you agree to withdraw this action?")
    reason = why("Why?")


class CloseActionForm(GovForm):
    submit_label = "Close the action"
    input_class = CloseActionInput

    closed_on = day_happened("When was the action done?")
    evidence = forms.CharField(
        label="What evidence shows that it was done?",
        help_text=f"Say what you saw or read, where and when. {NO_NAMES}",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class VerifyForm(GovForm):
    submit_label = "Record the decision"
    input_class = VerificationInput
    reveals = {"accepted": {"yes": ["how"], "no": ["reason"]}}

    accepted = YesNoField(label="Does the evidence show that the action was done?")
    how = forms.CharField(
        required=False, label="How did you check?", widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = forms.CharField(
        required=False,
        label="What is still missing?",
        help_text="The action will be open again until this is done",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("accepted") is True and not data.get("how"):
            self.add_error("how", "Enter how you checked")
        if data.get("accepted") is False and not data.get("reason"):
            self.add_error("reason", "Enter what is still missing")
        return data
