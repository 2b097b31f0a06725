"""Forms of the steps from score to plan, and of the council's procedure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms

from audits.actions.points import (
    AnswerCorrectionInput,
    FindingCorrectionInput,
    ProviderCommentAnswerInput,
    ProviderCommentInput,
    SummaryCorrectionInput,
)
from audits.actions.procedure import ProcedureInput
from audits.actions.reports import FinaliseInput, ModerateInput, ReturnInput
from audits.actions.reviewing import AskReviewInput, ReviewerInput, ReviewInput
from audits.actions.sending import SendInput
from audits.forms.words import NO_NAMES, POST
from audits.models import AnswerKind, AuditReport, Procedure, Question, Template, VisitOutcome
from audits.workflow import reading
from core.models import User
from documents import dates
from govuk.fields import GovDateField, YesNoField
from govuk.form_fields import day_happened
from govuk.forms import GovForm, GovModelForm
from govuk.seen_forms import SeenForm
from notifications.models import How
from providers.vocabulary import ServiceType

CONFIRM, CHANGE, RETURN = "confirm", "change", "return"


class ReadReportForm(GovForm):
    """A decision about a report: carries, hidden, how it stood when the page was opened."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, report: AuditReport, **kwargs: Any) -> None:
        self.stands = reading.token(report)
        kwargs["initial"] = {**kwargs.get("initial", {}), "seen": self.stands}
        super().__init__(*args, **kwargs)

    def add_error(self, field: Any, error: Any) -> None:
        super().add_error(field, error)
        if getattr(error, "code", None) == "stale-version":
            # The page is shown again as the report stands now, with all that was typed: what is
            # sent next is about that.
            again: Any = self.data
            again = again.copy()
            again["seen"] = self.stands
            self.data = again


class ModerateForm(ReadReportForm):
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
            return ModerateInput(data["outcome"], data["note"], data["seen"])
        return ModerateInput(seen=data["seen"])


# An email is sent by the product; of the others a person records that it went.
WAYS = [
    (How.EMAIL.value, "We email it now"),
    (How.LETTER.value, "I sent it by post"),
    (How.PORTAL.value, "I sent it by a portal or secure system"),
    (How.MEETING.value, "I handed it over"),
]


class SendReportForm(GovForm):
    submit_label = "Send the report"
    input_class = SendInput
    reveals = {"how": {How.EMAIL.value: ["email"]}}

    sent_to = forms.CharField(max_length=120, label="Who does it go to?", help_text=POST)
    how = forms.ChoiceField(choices=WAYS, label="How does it go to the provider?")
    email = forms.EmailField(required=False, label="Email address")
    sent_on = GovDateField(
        label="When was it sent?",
        help_text="An email goes today",
        required=False,
        within=dates.HAPPENED,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") == How.EMAIL:
            data["sent_on"] = self.today
            if not data.get("email") and "email" not in self.errors:
                self.add_error("email", "Enter the email address that the report goes to")
        elif data.get("how"):
            data["email"] = ""
            if not data.get("sent_on") and "sent_on" not in self.errors:
                self.add_error("sent_on", "Enter the day on which it was sent")
        return data


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

    reveals = {"upheld": {"yes": ["nothing_changes"]}}

    upheld = YesNoField(label="Do you uphold this point?")
    nothing_changes = forms.BooleanField(
        required=False,
        label="Nothing in the report changes because of this point",
        help_text="Otherwise correct the finding or the answer before you answer the point",
    )
    answer = forms.CharField(
        label="What is the council’s answer, and what will change?",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class FindingCorrectionForm(SeenForm):
    submit_label = "Correct the finding"
    input_class = FindingCorrectionInput

    text = forms.CharField(
        label="What was found?", help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 5})
    )


class SummaryCorrectionForm(SeenForm):
    submit_label = "Correct the summary"
    input_class = SummaryCorrectionInput

    summary = forms.CharField(
        label="What does the summary say?",
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class AnswerCorrectionForm(GovForm):
    submit_label = "Correct the answer"
    input_class = AnswerCorrectionInput

    value = forms.CharField(required=False, label="Answer")
    not_applicable = forms.BooleanField(required=False, label="This question is not applicable")
    evidence = forms.CharField(
        required=False,
        label="What is the evidence?",
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        choices = choices_of(question)
        if choices:
            field = forms.ChoiceField(
                choices=[("", "No answer"), *choices], required=False, label="Answer"
            )
            field.initial = self.initial.get("value", "")
            self.fields["value"] = field
        elif question.kind == AnswerKind.TEXT:
            self.fields["value"].widget = forms.Textarea(attrs={"rows": 3})
        if not question.na_allowed:
            del self.fields["not_applicable"]

    def to_input(self, **more: Any) -> Any:
        offered = "not_applicable" in self.fields
        return super().to_input(**({} if offered else {"not_applicable": False}), **more)


def choices_of(question: Question) -> list[tuple[str, str]]:
    """What a question that is answered by choosing offers; none for another."""
    if question.kind == AnswerKind.RATING:
        return [(value, str(label)) for value, label in VisitOutcome.choices]
    if question.kind == AnswerKind.YES_NO:
        return [("yes", "Yes"), ("no", "No")]
    if question.kind == AnswerKind.CHOICE:
        return [(option["value"], option["label"]) for option in question.options]
    return []


class FinaliseForm(ReadReportForm):
    submit_label = "Make the rating final"
    input_class = FinaliseInput

    outcome = forms.ChoiceField(choices=VisitOutcome.choices, label="What is the final rating?")
    reason = forms.CharField(
        required=False,
        label="Why does the rating differ from the draft?",
        help_text="Enter a reason only if the rating has changed. The report prints it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, stands: str, may_change: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_change:
            return
        # Offered to nobody who may not: the action refuses it all the same.
        field = self.fields["outcome"]
        field.choices = [  # type: ignore[attr-defined]  # a choice
            choice for choice in VisitOutcome.choices if choice[0] == stands
        ]
        del self.fields["reason"]

    def to_input(self, **more: Any) -> Any:
        return super().to_input(**({} if "reason" in self.fields else {"reason": ""}), **more)


class ReviewerForm(GovForm):
    submit_label = "Ask this reviewer"
    input_class: ClassVar[type | None] = ReviewerInput

    reviewer = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Who reviews the report?",
        help_text="A senior officer who neither made, moderated nor answered anything of it",
    )

    def __init__(self, *args: Any, able: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = User.objects.filter(pk__in=[person.pk for person in able]).order_by("name_key")
        self.fields["reviewer"].queryset = rows  # type: ignore[attr-defined]  # a choice of people


class AskReviewForm(ReviewerForm):
    submit_label = "Ask for the review"
    input_class = AskReviewInput
    field_order = ("disputed", "reviewer")

    disputed = forms.CharField(
        label="What does the provider dispute?",
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DecideReviewForm(ReadReportForm):
    submit_label = "Record the decision"
    input_class = ReviewInput

    outcome = forms.ChoiceField(choices=VisitOutcome.choices, label="Which outcome stands?")
    reason = forms.CharField(
        label="Why?",
        help_text="The report prints your reason",
        widget=forms.Textarea(attrs={"rows": 4}),
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
