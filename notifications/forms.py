"""Forms of the register of recipients, and of the words of the messages."""

from django import forms

from govuk.form_fields import SureForm, text_box
from govuk.forms import GovForm
from notifications.actions.messages import MessageInput
from notifications.actions.registered_recipients import RegisteredRecipientInput
from notifications.models import NotificationKind, RecipientKind
from providers.models import Service


class RegisteredRecipientForm(GovForm):
    """Someone for the register of recipients."""

    submit_label = "Add this recipient"
    input_class = RegisteredRecipientInput
    as_select = ["kind"]

    kind = forms.ChoiceField(label="Who they are", choices=RecipientKind.choices)
    name = forms.CharField(label="Name", max_length=150)
    email = forms.EmailField(label="Email", required=False)
    phone = forms.CharField(label="Telephone", max_length=30, required=False)
    address = text_box("Postal address, for letters", required=False, rows=4)
    service = forms.ModelChoiceField(
        queryset=Service.objects.filter(closed_on=None),
        required=False,
        label="Service",
        empty_label="Every service",
    )


class MessageForm(GovForm):
    """The words of an email, for one kind of recipient or for all the others."""

    submit_label = "Save the message"
    input_class = MessageInput
    as_select = ["notification", "kind"]

    notification = forms.ChoiceField(
        label="What the message is about", choices=NotificationKind.choices
    )
    kind = forms.ChoiceField(
        label="Who it is to",
        choices=[("", "Everyone without a message of their own"), *RecipientKind.choices],
        required=False,
    )
    subject = forms.CharField(label="Subject", max_length=150)
    body = text_box("Text", rows=12)


class CloseRecipientForm(SureForm):
    """That someone is removed from the register."""

    submit_label = "Remove this recipient"
