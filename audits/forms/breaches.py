from django import forms

from audits.actions.breaches import BreachInput, BreachMetInput
from audits.forms.words import NO_NAMES
from audits.models import Regulation
from govuk.form_fields import day_happened
from govuk.forms import GovForm


class BreachForm(GovForm):
    submit_label = "Record the breach"
    input_class = BreachInput

    regulation = forms.ChoiceField(
        choices=[("", "Choose one"), *Regulation.choices], label="Which regulation was breached?"
    )
    published_on = day_happened("When was CQC’s report published?")
    what = forms.CharField(
        label="What did CQC find?",
        help_text=f"Say in a sentence or two what the visiting officer should check. {NO_NAMES}",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class BreachMetForm(GovForm):
    submit_label = "Record the breach as met"
    input_class = BreachMetInput

    met_on = day_happened("When did CQC publish that the regulation is met?")
