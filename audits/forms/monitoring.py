"""Forms of what surrounds a visit: the programme, bands, good practice, the improvement
programme.
"""

from datetime import date
from typing import Any

from django import forms

from audits.actions.bands import BandRuleInput
from audits.actions.practice import (
    ConsentInput,
    EndEnrolmentInput,
    EnrolmentInput,
    GoodPracticeInput,
    NominationInput,
    ResultInput,
)
from audits.actions.programme import BookInput, MeetingInput, PortfolioInput, ProgrammeEntryInput
from audits.forms.visits import auditors
from audits.forms.words import NO_NAMES, POST
from audits.models import (
    AwardCategory,
    BandRule,
    GoodPractice,
    NominationResult,
    ProgrammeEntry,
    Support,
    Topic,
    VisitOutcome,
)
from audits.rules.practice import START_IN_FUTURE
from core.models import User
from documents import dates
from govuk.fields import YesNoField
from govuk.form_fields import day_happened, day_to_come
from govuk.forms import GovForm, GovFormMixin, GovModelForm
from providers.models import Service


class BandRuleForm(GovModelForm):
    submit_label = "Save the rule"
    input_class = BandRuleInput
    suffixes = {"score_at_least": "%"}
    as_select = ("cqc_at_least",)

    class Meta:
        model = BandRule
        fields = [
            "outcome_at_least",
            "score_at_least",
            "cqc_at_least",
            "no_overdue_actions",
            "no_high_concerns",
        ]
        labels = {
            "score_at_least": "Lowest audit score",
        }
        help_texts = {
            "cqc_at_least": (
                "A service that CQC has not rated meets this condition. Choose nothing if CQC’s"
                " rating does not matter"
            )
        }


class ProgrammeEntryForm(GovModelForm):
    submit_label = "Save the place"
    input_class = ProgrammeEntryInput
    date_ranges = {"due_on": dates.PLANNED}

    class Meta:
        model = ProgrammeEntry
        fields = ["due_on", "officer", "left_out_reason"]
        labels = {
            "due_on": "When is the audit due?",
            "officer": "Which officer is responsible?",
            "left_out_reason": "Why is the service left out this year?",
        }
        help_texts = {"left_out_reason": "Enter a reason only if there will be no audit this year"}
        widgets = {"left_out_reason": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = auditors()  # type: ignore[attr-defined]  # a choice of people


class BookForm(GovForm):
    submit_label = "Plan the visits"
    input_class = BookInput

    until = day_to_come("Plan the visits that are due by")


class PortfolioForm(GovForm):
    submit_label = "Save capacity and lead roles"
    input_class = PortfolioInput

    audits_a_month = forms.IntegerField(
        min_value=0, max_value=60, label="How many audits can this officer do in a month?"
    )
    topics = forms.MultipleChoiceField(
        choices=Topic.choices, required=False, label="Which topics does this officer lead on?"
    )


class MeetingForm(GovForm):
    submit_label = "Record the meeting"
    input_class = MeetingInput

    held_on = day_happened("When was the meeting held?")
    note = forms.CharField(
        label="What was agreed?", help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 4})
    )


class ForService(GovFormMixin):
    """A form about a service: it asks for one unless the page was opened from it. Goes before the
    form in the bases.
    """

    def __init__(
        self, *args: Any, today: date, service: Service | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.about = today, service
        if service is not None:
            del self.fields["service"]
        else:
            open_ones = Service.objects.open_on(today).select_related("provider")
            self.fields["service"].queryset = open_ones  # type: ignore[attr-defined]  # a choice of records

    def to_input(self, **more: Any) -> Any:
        if self.about is not None:
            more["service_id"] = self.about.pk
        return super().to_input(**more)


class GoodPracticeForm(ForService, GovModelForm):
    submit_label = "Record the example"
    input_class = GoodPracticeInput

    class Meta:
        model = GoodPractice
        fields = ["service", "title", "text"]
        labels = {
            "title": "Title",
            "text": "What is good about it, and what difference did it make?",
        }
        help_texts = {
            "text": f"{NO_NAMES} Papers can use the example once the provider has consented."
        }


class ConsentForm(GovForm):
    submit_label = "Record the consent"
    input_class = ConsentInput

    consented_on = day_happened("When did the provider consent?")
    consented_post = forms.CharField(
        max_length=120,
        label="Who consented?",
        help_text=POST,
    )
    named = YesNoField(label="Can papers name the service?")


class NominationForm(ForService, GovForm):
    submit_label = "Nominate the service"
    input_class = NominationInput

    service = forms.ModelChoiceField(queryset=Service.objects.none())
    category = forms.ChoiceField(
        choices=AwardCategory.choices, label="Which category?", widget=forms.RadioSelect
    )
    year = forms.IntegerField(min_value=2000, max_value=2100, label="Which year’s awards?")
    reason = forms.CharField(
        label="Why do you nominate this service?",
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ResultForm(GovForm):
    submit_label = "Record the result"
    input_class = ResultInput

    result = forms.ChoiceField(choices=NominationResult.choices, label="What was the result?")


class EnrolForm(ForService, GovForm):
    submit_label = "Enrol the service"
    input_class = EnrolmentInput

    service = forms.ModelChoiceField(queryset=Service.objects.none())
    support = forms.ChoiceField(
        choices=Support.choices, label="What support will the service have?"
    )
    enrolled_on = day_happened("When did the support start?")
    lead = forms.ModelChoiceField(queryset=User.objects.none(), label="Who leads the support?")
    rated_before = forms.ChoiceField(
        choices=VisitOutcome.choices,
        label="How was the service rated before the support?",
        help_text="Select the council’s rating from the last audit",
    )
    aim = forms.CharField(label="What should improve?", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = auditors()  # type: ignore[attr-defined]  # a choice of people

    def clean_enrolled_on(self) -> date:
        enrolled_on: date = self.cleaned_data["enrolled_on"]
        if enrolled_on > self.today:
            raise forms.ValidationError(START_IN_FUTURE)
        return enrolled_on


class EndEnrolmentForm(GovForm):
    submit_label = "End the support"
    input_class = EndEnrolmentInput

    ended_on = day_happened("When did the support end?")
    rated_after = forms.ChoiceField(
        choices=[("", "Not rated since"), *VisitOutcome.choices],
        required=False,
        label="How is the service rated after the support?",
    )
    result = forms.CharField(
        label="What difference did the support make?", widget=forms.Textarea(attrs={"rows": 3})
    )
