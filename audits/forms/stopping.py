from django import forms

from audits.actions.stopping import DayInput, StopInput
from audits.forms.naming import NO_NAMES
from audits.models import StoppedHow
from govuk.form_fields import day_happened, day_to_come
from govuk.forms import GovForm


class UndoForm(GovForm):
    """That a visit began is taken back: nothing to fill in."""

    submit_label = "Make the visit planned again"
    cancel_label = "Go on with the visit"


class StopForm(GovForm):
    """Why a visit ends early, how far it came, and when it is made again."""

    submit_label = "Stop the visit"
    submit_kind = "warning"
    cancel_label = "Go on with the visit"
    input_class = StopInput

    how = forms.ChoiceField(
        choices=StoppedHow.choices, label="How far did the visit come?", widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Why does the visit end early?",
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    again_on = day_to_come("When will you visit again?", required=False)


class DayForm(GovForm):
    """The right day of a visit."""

    submit_label = "Correct the day"
    cancel_label = "Keep the day"
    input_class = DayInput

    visited_on = day_happened("When was the visit?")
    reason = forms.CharField(
        label="Why was another day recorded?", widget=forms.Textarea(attrs={"rows": 3})
    )
