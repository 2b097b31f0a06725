"""Forms about the people who live there: who pays for them, welfare checks, meetings."""

from typing import Any

from django import forms

from govuk.form_fields import PastMixin, day_gone, day_to_come, moment_gone, text_box
from govuk.forms import GovForm
from suspensions.actions.people import MeetingInput, WelfareInput
from suspensions.models import MeetingKind
from suspensions.rules.people import MORE_SEEN


class WelfareForm(GovForm):
    """How the people were found, and how many of them were seen."""

    input_class = WelfareInput
    submit_label = "Add the welfare check"

    done_on = day_gone("Date of the check")
    living_there = forms.IntegerField(
        label="People living there or cared for", min_value=0, max_value=999
    )
    seen = forms.IntegerField(label="People seen", min_value=0, max_value=999)
    found = text_box("What was found", hint="Do not name anyone who lives there")
    done = text_box("What was done about it", required=False, rows=2)
    next_on = day_to_come("Next check", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen, living_there = cleaned.get("seen"), cleaned.get("living_there")
        if seen is not None and living_there is not None and seen > living_there:
            self.add_error("seen", MORE_SEEN)
        return cleaned


class MeetingForm(GovForm, PastMixin):
    """A meeting: who came, what was said and what was agreed."""

    input_class = MeetingInput
    submit_label = "Add the meeting"
    as_select = ["kind"]
    past = "held_at"

    kind = forms.ChoiceField(label="Kind of meeting", choices=MeetingKind.choices)
    held_at = moment_gone("When the meeting was held")
    place = forms.CharField(label="Place", max_length=150, required=False)
    chair = forms.CharField(label="Chair", max_length=150)
    attended = text_box(
        "Present",
        hint="One on each line, with where they are from. For families, say how many",
    )
    apologies = text_box("Apologies", required=False, rows=2)
    minutes = text_box("Minutes", rows=8)
    agreed = text_box("What was agreed, by whom and by when", required=False)
    next_on = day_to_come("Next meeting", required=False)
