"""Forms of what stands for every suspension: settings, cover, the register of parties, the words of messages."""

from typing import Any

from django import forms

from core.models import User
from govuk.forms import GovForm, GovModelForm
from providers.models import Service
from suspensions.actions.standing import ContactInput, CoverInput, MessageInput, PolicyInput
from suspensions.forms.pieces import SureForm, choose_from, day_to_come, text_box
from suspensions.forms.proposing import people_able
from suspensions.models import PartyKind, Policy, Telling
from suspensions.rules import steps


class PolicyForm(GovModelForm):
    submit_label = "Save the settings"
    input_class = PolicyInput
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
        for name, permission in (("deputy", steps.DECIDE), ("director", "suspensions.view_suspension")):
            choose_from(self, name, people_able(permission))
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
    input_class = CoverInput

    person = forms.ModelChoiceField(queryset=User.objects.none(), label="Who is away")
    from_on = forms.DateField(label="First day away")
    until_on = day_to_come("Last day away")
    deputy = forms.ModelChoiceField(queryset=User.objects.none(), label="Who stands in")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("person", "deputy"):
            choose_from(self, name, people_able(steps.DECIDE))


class ContactForm(GovForm):
    submit_label = "Add to the register"
    input_class = ContactInput
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
    input_class = MessageInput
    as_select = ["telling", "kind"]

    telling = forms.ChoiceField(label="What it tells", choices=Telling.choices)
    kind = forms.ChoiceField(
        label="To whom",
        choices=[("", "Everyone without words of their own"), *PartyKind.choices],
        required=False,
    )
    subject = forms.CharField(label="Subject", max_length=150)
    body = text_box("Text", rows=12)


class EndCoverForm(SureForm):
    submit_label = "End the cover"


class CloseContactForm(SureForm):
    submit_label = "Take them off the register"
