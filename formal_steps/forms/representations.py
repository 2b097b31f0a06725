"""Forms of the fairness record: what was put to the provider, its answer, and a review by someone
uninvolved.
"""

from collections.abc import Sequence
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
from govuk.form_fields import (
    PastMixin,
    choose_from,
    day_gone,
    day_to_come,
    moment_gone,
    people_able,
    text_box,
)
from govuk.forms import GovForm


class RepresentationForm(GovForm, PastMixin):
    """What was put to the provider, and how long it has to answer."""

    input_class = RepresentationInput
    submit_label = "Add what was put to the provider"
    not_marked = ["short_reason"]
    past = "put_at"

    clause = forms.CharField(label="Clause of the contract", max_length=200)
    put = text_box("What was put to the provider")
    put_at = moment_gone("When it was put to the provider")
    answer_by = day_to_come("Last day to answer")
    short_reason = text_box(
        "Why the provider has fewer days",
        required=False,
        rows=2,
        hint="Only if the provider has fewer days than the council has set",
    )


class AnswerForm(GovForm, PastMixin):
    """What the provider answered."""

    input_class = AnswerInput
    submit_label = "Save the answer"
    past = "answered_at"

    answer = text_box("What the provider answered")
    answered_at = moment_gone("When the provider answered")
    considered = text_box(
        "How the answer was considered", required=False, hint="You can add this later"
    )


class ConsideredForm(GovForm):
    """How an answer that stands was considered."""

    input_class = ConsideredInput
    submit_label = "Save how it was considered"

    considered = text_box("How the answer was considered")


class AskReviewForm(GovForm):
    """A review that the provider asks for, and who does it."""

    input_class = AskReviewInput
    submit_label = "Record the request"

    asked_on = day_gone("Date the provider asked")
    grounds = text_box("Why the provider asks")
    reviewer = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Reviewer",
        help_text="Someone who took no part in the decision",
    )

    def __init__(self, *args: Any, involved: set[int], see: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = people_able(see[0])
        for permission in see[1:]:
            able = able & people_able(permission)
        choose_from(self, "reviewer", able.exclude(pk__in=involved))


class AnswerReviewForm(GovForm):
    """What the reviewer found."""

    input_class = AnswerReviewInput
    submit_label = "Answer the review"

    outcome = forms.ChoiceField(label="What you found", choices=ReviewOutcome.choices)
    findings = text_box(
        "Your reasons",
        rows=6,
        hint="We send them to the provider in a letter when you answer",
    )
