"""Forms of what stands for every suspension: settings, cover, the register of parties, the words of messages."""

from typing import Any

from django import forms

from carequality.govuk.forms import GovForm, GovModelForm
from carequality.models import User
from providers.models import Service
from suspensions import rules
from suspensions.forms.pieces import day_to_come, text_box
from suspensions.forms.proposing import people_able
from suspensions.models import PartyKind, Policy, Telling


class PolicyForm(GovModelForm):
    submit_label = "Save the settings"
    fieldsets = (
        ("Default notices", ["default_notices", "default_notice_days"]),
        ("Fairness", ["days_to_answer", "days_to_ask", "days_to_review"]),
        ("Suspended again", ["again_days"]),
        ("When nobody confirms", ["deputy", "director"]),
    )

    class Meta:
        model = Policy
        fields = [
            "default_notices",
            "default_notice_days",
            "days_to_answer",
            "days_to_ask",
            "days_to_review",
            "again_days",
            "deputy",
            "director",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, permission in (("deputy", rules.DECIDE), ("director", "suspensions.view_suspension")):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = people_able(permission)
        for name in (
            "default_notices",
            "default_notice_days",
            "days_to_answer",
            "days_to_ask",
            "days_to_review",
        ):
            self.fields[name].min_value = 1  # type: ignore[attr-defined]  # a whole number


class CoverForm(GovForm):
    submit_label = "Record the cover"

    person = forms.ModelChoiceField(queryset=User.objects.none(), label="Who is away")
    from_on = forms.DateField(label="First day away")
    until_on = day_to_come("Last day away")
    deputy = forms.ModelChoiceField(queryset=User.objects.none(), label="Who stands in")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("person", "deputy"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = people_able(rules.DECIDE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and cleaned["until_on"] < cleaned["from_on"]:
            self.add_error("until_on", "The last day away must not be before the first")
        if not self.errors and cleaned["person"] == cleaned["deputy"]:
            self.add_error("deputy", "Someone else must stand in")
        return cleaned


class ContactForm(GovForm):
    submit_label = "Add to the register"
    as_select = ["kind"]

    kind = forms.ChoiceField(label="Who they are", choices=PartyKind.choices)
    name = forms.CharField(label="Name", max_length=150)
    email = forms.EmailField(label="E-mail", required=False)
    phone = forms.CharField(label="Telephone", max_length=30, required=False)
    address = text_box("Postal address, for letters", required=False, rows=4)
    service = forms.ModelChoiceField(
        queryset=Service.objects.filter(closed_on=None),
        required=False,
        label="For one service alone",
        empty_label="Every service",
    )


class MessageForm(GovForm):
    submit_label = "Save the message"
    as_select = ["telling", "kind"]

    telling = forms.ChoiceField(label="What it tells", choices=Telling.choices)
    kind = forms.ChoiceField(
        label="To whom",
        choices=[("", "Everyone without words of their own"), *PartyKind.choices],
        required=False,
    )
    subject = forms.CharField(label="Subject", max_length=150)
    body = text_box("Text", rows=12)

    def clean_subject(self) -> str:
        return self._words("subject")

    def clean_body(self) -> str:
        return self._words("body")

    def _words(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if why_not := rules.why_not_words(text):
            raise forms.ValidationError(why_not)
        return text


class SureForm(GovForm):
    """A deed that asks nothing but that it is meant."""

    submit_label = "Yes, do it"


class EndCoverForm(SureForm):
    submit_label = "End the cover"


class CloseContactForm(SureForm):
    submit_label = "Take them off the register"


class WithdrawChangeForm(SureForm):
    submit_label = "Withdraw the change"
