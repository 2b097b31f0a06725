"""Forms of what is kept beside a suspension: fairness, the people who live there."""

from typing import Any

from django import forms
from django.utils import timezone

from carequality.govuk.forms import GovForm
from carequality.models import User
from suspensions import rules
from suspensions.forms.pieces import day_gone, day_to_come, text_box
from suspensions.models import Funder, MeetingKind, ReviewOutcome


class PastMixin(forms.Form):
    """The moment that it asks for lies in the past."""

    past = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        at = cleaned.get(self.past)
        if at and at > timezone.now():
            self.add_error(self.past, f"{self.fields[self.past].label} must be in the past")
        return cleaned


class HearingForm(GovForm, PastMixin):
    submit_label = "Add to the fairness record"
    not_marked = ["short_reason"]
    past = "put_at"

    clause = forms.CharField(label="Clause of the contract", max_length=200)
    put = text_box("What was put to the provider")
    put_at = forms.DateTimeField(label="When it was put")
    answer_by = day_to_come("Answer asked for by")
    short_reason = text_box(
        "Why so few days",
        required=False,
        rows=2,
        hint="Asked for when fewer days are given than the council has set",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("put_at") and cleaned.get("answer_by") and not self.errors:
            why_not = rules.why_not_put(
                cleaned["put_at"], cleaned["answer_by"], cleaned.get("short_reason", ""), timezone.now()
            )
            if why_not:
                self.add_error("short_reason" if "so few" in why_not else "answer_by", why_not)
        return cleaned


class AnswerForm(GovForm, PastMixin):
    submit_label = "Save the answer"
    past = "answered_at"

    answer = text_box("What the provider answered")
    answered_at = forms.DateTimeField(label="When it answered")
    considered = text_box(
        "What was made of it", required=False, hint="It can be added later, by whoever decides"
    )


class ConsideredForm(GovForm):
    submit_label = "Save"

    considered = text_box("What was made of the answer")


class AskReviewForm(GovForm):
    submit_label = "Record that a review is asked for"

    asked_on = day_gone("Day on which the provider asked")
    grounds = text_box("Why the provider asks")
    reviewer = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Who looks at it", help_text="Someone who had no part in it"
    )

    def __init__(self, *args: Any, involved: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reviewer"]
        assert isinstance(field, forms.ModelChoiceField)
        able = User.objects.with_perm("suspensions.view_suspension").filter(is_active=True)
        field.queryset = able.exclude(pk__in=involved).order_by("last_name", "username")


class AnswerReviewForm(GovForm):
    submit_label = "Answer the review"

    outcome = forms.ChoiceField(label="What you found", choices=ReviewOutcome.choices)
    findings = text_box(
        "Your reasons", rows=6, hint="They go to the provider in a letter, which is written when you answer"
    )


class PeopleForm(GovForm):
    submit_label = "Save"
    as_select = ["funder"]

    funder = forms.ChoiceField(label="Who pays", choices=Funder.choices)
    name = forms.CharField(
        label="Which authority or body",
        max_length=150,
        required=False,
        help_text="Another authority, or part of the NHS",
    )
    email = forms.EmailField(label="E-mail of its placements team", required=False)
    people = forms.IntegerField(label="How many people", min_value=0, max_value=999)
    counted_on = day_gone("Counted on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("funder") == Funder.AUTHORITY and not cleaned.get("name", "").strip():
            self.add_error("name", "Enter which authority")
        return cleaned


class WelfareForm(GovForm):
    submit_label = "Add the welfare check"

    done_on = day_gone("Day")
    living_there = forms.IntegerField(label="People living there or cared for", min_value=0, max_value=999)
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
    submit_label = "Add the meeting"
    as_select = ["kind"]
    past = "held_at"

    kind = forms.ChoiceField(label="Kind of meeting", choices=MeetingKind.choices)
    held_at = forms.DateTimeField(label="When")
    place = forms.CharField(label="Where", max_length=150, required=False)
    chair = forms.CharField(label="Who led it", max_length=150)
    attended = text_box("Who came", hint="One on each line, with where they are from. For families, how many")
    apologies = text_box("Who sent apologies", required=False, rows=2)
    minutes = text_box("Minutes", rows=8)
    agreed = text_box("What was agreed, by whom and by when", required=False)
    next_on = day_to_come("Next meeting", required=False)
