"""Forms about the people who live there: who pays for them, welfare checks, meetings."""

from typing import Any

from django import forms

from govuk.form_fields import PastMixin, day_gone, day_to_come, text_box
from govuk.forms import GovForm
from suspensions.actions.people import MeetingInput, WelfareInput
from suspensions.models import MeetingKind


class WelfareForm(GovForm):
    input_class = WelfareInput
    submit_label = "Add the welfare check"

    done_on = day_gone("Day")
    living_there = forms.IntegerField(
        label="People living there or cared for", min_value=0, max_value=999
    )
    seen = forms.IntegerField(label="People seen", min_value=0, max_value=999)
    found = text_box("What was found", hint="No names of people who live there")
    done = text_box("What was done about it", required=False, rows=2)
    next_on = day_to_come("Next check", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen, living_there = cleaned.get("seen"), cleaned.get("living_there")
        if seen is not None and living_there is not None and seen > living_there:
            self.add_error("seen", "People seen must not be more than live there")
        return cleaned


class MeetingForm(GovForm, PastMixin):
    input_class = MeetingInput
    submit_label = "Add the meeting"
    as_select = ["kind"]
    past = "held_at"

    kind = forms.ChoiceField(label="Kind of meeting", choices=MeetingKind.choices)
    held_at = forms.DateTimeField(label="When")
    place = forms.CharField(label="Where", max_length=150, required=False)
    chair = forms.CharField(label="Who led it", max_length=150)
    attended = text_box(
        "Who came", hint="One on each line, with where they are from. For families, how many"
    )
    apologies = text_box("Who sent apologies", required=False, rows=2)
    minutes = text_box("Minutes", rows=8)
    agreed = text_box("What was agreed, by whom and by when", required=False)
    next_on = day_to_come("Next meeting", required=False)
