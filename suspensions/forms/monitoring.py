from typing import Any

from django import forms

from core.inputs import ReasonInput
from core.models import User
from govuk.form_fields import SureForm, choose_from, day_gone, day_to_come, people_able, text_box
from govuk.forms import GovForm
from suspensions.actions.monitoring import LeadInput, ProgressInput, ReviewInput
from suspensions.models import ProgressKind


class ReviewForm(GovForm):
    """A review, and when the next one is."""

    submit_label = "Record the review"
    input_class = ReviewInput

    done_on = day_gone("Date of the review")
    outcome = text_box(
        "Outcome", hint="What was reviewed, and whether the suspension continues as it is"
    )
    next_on = day_to_come("Next review", required=False)
    not_marked = ["next_on"]


class ProgressForm(GovForm):
    """What happened while a suspension is monitored."""

    submit_label = "Add to the record"
    input_class = ProgressInput
    as_select = ["kind"]

    kind = forms.ChoiceField(label="Kind of entry", choices=ProgressKind.choices)
    happened_on = day_gone("Date")
    text = text_box("What happened", rows=6)


class LeadForm(GovForm):
    """Who leads from now on."""

    submit_label = "Hand over the lead"
    input_class = LeadInput
    as_select = ["lead"]

    lead = forms.ModelChoiceField(queryset=User.objects.none(), label="New lead officer")
    reason = text_box("Reason", rows=2)

    def __init__(self, *args: Any, leads_now: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(
            self, "lead", people_able("suspensions.record_progress").exclude(pk=leads_now or 0)
        )


class NameForm(GovForm):
    """Why the name of a suspended service can be public."""

    submit_label = "Make the name public"
    input_class = ReasonInput

    reason = text_box(
        "Why the name can be public",
        hint=(
            "For example, the provider has announced the suspension. Everything else about it stays"
            " exempt"
        ),
    )


class ExemptNameForm(SureForm):
    """That the name is exempt again."""

    submit_label = "Make the name exempt again"
