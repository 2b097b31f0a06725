from typing import Any

from django import forms

from administration.actions.cover import CoverInput
from core.cover import COVERED
from core.models import User
from govuk.form_fields import SureForm, choose_from, day_to_come, people_able
from govuk.forms import GovForm


class CoverForm(GovForm):
    submit_label = "Record the cover"
    input_class = CoverInput

    person = forms.ModelChoiceField(queryset=User.objects.none(), label="Who is away")
    from_on = day_to_come("First day away")
    until_on = day_to_come("Last day away")
    deputy = forms.ModelChoiceField(queryset=User.objects.none(), label="Who stands in")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever holds what is covered; of several permissions, the first says who is offered and
        # the action asks for all.
        permission = next(iter(COVERED))
        for name in ("person", "deputy"):
            choose_from(self, name, people_able(permission))


class EndCoverForm(SureForm):
    submit_label = "End the cover"
