"""Forms of the register of recipients, and of the words of the messages."""

from django import forms

from govuk.form_fields import SureForm, text_box
from govuk.forms import GovForm
from notifications.actions.messages import MessageInput
from notifications.actions.registered_recipients import RegisteredRecipientInput
from notifications.models import NotificationKind, RecipientKind
from providers.models import Service


class RegisteredRecipientForm(GovForm):
    submit_label = "Add to the register"
    input_class = RegisteredRecipientInput
    as_select = ["kind"]

    kind = forms.ChoiceField(label="Who they are", choices=RecipientKind.choices)
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
    as_select = ["notification", "kind"]

    notification = forms.ChoiceField(label="What it tells", choices=NotificationKind.choices)
    kind = forms.ChoiceField(
        label="To whom",
        choices=[("", "Everyone without words of their own"), *RecipientKind.choices],
        required=False,
    )
    subject = forms.CharField(label="Subject", max_length=150)
    body = text_box("Text", rows=12)


class CloseRecipientForm(SureForm):
    submit_label = "Take them off the register"
