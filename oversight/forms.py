"""Who takes work over, and why."""

from collections.abc import Sequence
from typing import Any

from django import forms

from administration.actions.handing_over import HandAllOverInput, HandOverInput
from core.models import User
from core.work import Pieces
from govuk.form_fields import choose_from, offer_choices, people_able, text_box
from govuk.forms import GovForm

REASON_HINT = "The person who takes it over reads this. Say what they need to know"


class HandOverForm(GovForm):
    """Who has one piece of work from now on."""

    submit_label = "Hand over"
    input_class = HandOverInput

    to = forms.ModelChoiceField(queryset=User.objects.none(), label="Who takes it over")
    reason = text_box("Reason", hint=REASON_HINT, rows=3)

    def __init__(
        self, *args: Any, may_hold: str, held_by: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "to", people_able(may_hold).exclude(pk=held_by or 0))


class HandAllOverForm(GovForm):
    """Which of a person's work another takes over."""

    submit_label = "Hand over"
    input_class = HandAllOverInput

    kinds = forms.MultipleChoiceField(label="What is handed over", choices=())
    to = forms.ModelChoiceField(queryset=User.objects.none(), label="Who takes it over")
    reason = text_box("Reason", hint=REASON_HINT, rows=3)

    def __init__(self, *args: Any, held: Sequence[Pieces], person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is handed over here, by how much there is of it.
        offered = [(found.work.name, found.in_words) for found in held if found.work.handing_over]
        offer_choices(self, "kinds", offered)
        choose_from(self, "to", people_able("audits.record_visit").exclude(pk=person.pk))
