"""Forms of the fairness record: what was put to the provider, its answer, and a review by someone
uninvolved.
"""

from typing import Any

from django import forms

from core.models import User
from formal_steps.actions.representations import (
    AnswerInput,
    AnswerReviewInput,
    AskReviewInput,
    ConsideredInput,
    RepresentationInput,
)
from formal_steps.models import ReviewOutcome
from formal_steps.permissions import SEE
from govuk.form_fields import PastMixin, choose_from, day_gone, day_to_come, text_box
from govuk.forms import GovForm


class RepresentationForm(GovForm, PastMixin):
    input_class = RepresentationInput
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


class AnswerForm(GovForm, PastMixin):
    input_class = AnswerInput
    submit_label = "Save the answer"
    past = "answered_at"

    answer = text_box("What the provider answered")
    answered_at = forms.DateTimeField(label="When it answered")
    considered = text_box(
        "What was made of it", required=False, hint="It can be added later, by whoever decides"
    )


class ConsideredForm(GovForm):
    input_class = ConsideredInput
    submit_label = "Save"

    considered = text_box("What was made of the answer")


class AskReviewForm(GovForm):
    input_class = AskReviewInput
    submit_label = "Record that a review is asked for"

    asked_on = day_gone("Day on which the provider asked")
    grounds = text_box("Why the provider asks")
    reviewer = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Who looks at it",
        help_text="Someone who had no part in it",
    )

    def __init__(self, *args: Any, involved: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = User.objects.with_perm(SEE[0]).filter(is_active=True)
        choose_from(
            self, "reviewer", able.exclude(pk__in=involved).order_by("last_name", "username")
        )


class AnswerReviewForm(GovForm):
    input_class = AnswerReviewInput
    submit_label = "Answer the review"

    outcome = forms.ChoiceField(label="What you found", choices=ReviewOutcome.choices)
    findings = text_box(
        "Your reasons",
        rows=6,
        hint="They go to the provider in a letter, which is written when you answer",
    )
