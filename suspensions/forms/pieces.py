"""What several forms of a suspension share."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from carequality.govuk.forms import GovForm
from suspensions.actions.record import DecisionInput, ReasonInput


def text_box(label: str, *, required: bool = True, rows: int = 4, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=hint, widget=forms.Textarea(attrs={"rows": rows})
    )


FURTHEST_YEARS = 5


def within_reach(day: date) -> None:
    """Refuse a day to come that is so far away that its year must be a slip."""
    if day.year > timezone.localdate().year + FURTHEST_YEARS:
        raise forms.ValidationError(f"Check the year: that is more than {FURTHEST_YEARS} years away")


def day_to_come(label: str, *, required: bool = True, hint: str = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, help_text=hint, validators=[within_reach])


def not_to_come(day: date) -> None:
    if day > timezone.localdate():
        raise forms.ValidationError("The day must be today or before")


def day_gone(label: str) -> forms.DateField:
    return forms.DateField(label=label, validators=[not_to_come])


def need(form: forms.Form, **messages: str) -> None:
    """Ask for the fields that the answer revealed, unless they have an error of their own."""
    for name, message in messages.items():
        if not form.cleaned_data.get(name) and name not in form.errors:
            form.add_error(name, message)


def choose_from(form: forms.BaseForm, name: str, found: QuerySet[Any]) -> None:
    """Let a question be answered by one (or several) of these records."""
    form.fields[name].queryset = found  # type: ignore[attr-defined]  # a choice of records


class SureForm(GovForm):
    """A step that asks nothing but that it is meant."""

    submit_label = "Yes, do it"

    def to_input(self, **_more: Any) -> None:
        """There is nothing to give to the action."""


class ReasonForm(GovForm):
    """A step that needs its reason alone."""

    input_class = ReasonInput

    submit_label = "Withdraw the proposal"

    reason = text_box("Reason")


class DecisionForm(GovForm):
    """A decision, its reason, and when it was made: it may have been made by telephone before it was written here."""

    input_class = DecisionInput

    reason = text_box("Reason for the decision")
    decided_at = forms.DateTimeField(
        label="When it was decided", help_text="Earlier than now if it was decided by telephone"
    )

    def clean_decided_at(self) -> Any:
        decided_at = self.cleaned_data["decided_at"]
        if decided_at > timezone.now():
            raise forms.ValidationError("When it was decided must be in the past")
        return decided_at


def in_two_weeks() -> date:
    return timezone.localdate() + timedelta(days=14)
