from django import forms

from carequality.govuk.forms import GovForm


class AsAtForm(GovForm):
    form_method = "get"
    submit_label = "Show that day"

    as_at = forms.DateField(label="As at")


class BetweenForm(AsAtForm):
    submit_label = "Show these days"
    field_order = ["since", "as_at"]

    since = forms.DateField(label="From the end of", required=False, help_text="A year before, unless given")
