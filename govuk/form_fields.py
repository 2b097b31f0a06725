"""Fields and forms that many forms share."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from core import differences
from core.inputs import DecisionInput, ReasonInput
from core.models import User
from documents import dates
from govuk.fields import GovDateField, GovDateTimeField
from govuk.forms import GovForm
from govuk.seen_forms import Changed, SeenFormMixin


def text_box(
    label: str, *, required: bool = True, rows: int = 4, hint: str = ""
) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=hint, widget=forms.Textarea(attrs={"rows": rows})
    )


def day_to_come(label: str, *, required: bool = True, hint: str = "") -> GovDateField:
    return GovDateField(label=label, required=required, help_text=hint, within=dates.PLANNED)


def not_to_come(day: date) -> None:
    if day > timezone.localdate():
        raise forms.ValidationError("The day must be today or earlier")


def day_gone(label: str) -> GovDateField:
    return GovDateField(label=label, validators=[not_to_come], within=dates.HAPPENED)


def day_happened(label: str) -> GovDateField:
    """Whether it has come yet is left to the form or the rule."""
    return GovDateField(label=label, within=dates.HAPPENED)


def lasting_day(label: str, *, required: bool = True, hint: str = "") -> GovDateField:
    return GovDateField(label=label, required=required, help_text=hint, within=dates.LASTING)


def moment_gone(label: str, *, required: bool = True, hint: str = "") -> GovDateTimeField:
    """The same with its time."""
    return GovDateTimeField(label=label, required=required, help_text=hint, within=dates.HAPPENED)


def choose_from(
    form: forms.BaseForm, name: str, queryset: QuerySet[Any], standing: Any = None
) -> QuerySet[Any]:
    """Let that field choose among these records; returns all that it offers.

    `standing` is what a record that is changed names already: a contract that has ended or a
    colleague who has left since would else be dropped by whoever saves the rest. Raises `TypeError`
    for a field that chooses none.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} chooses no record.")
    if named := _keys(standing):
        # By their keys, since two lists that were narrowed differently cannot be joined.
        both = Q(pk__in=queryset.order_by().values("pk")) | Q(pk__in=named)
        queryset = queryset.model._default_manager.filter(both)
    field.queryset = queryset
    return queryset


def _keys(chosen: Any) -> list[Any]:
    several = chosen if isinstance(chosen, (list, tuple, QuerySet)) else [chosen]
    return [getattr(one, "pk", one) for one in several if one is not None and one != ""]


def offer_choices(form: forms.BaseForm, name: str, choices: list[tuple[str, str]]) -> None:
    """Let that field choose among these answers. Raises `TypeError` for one that chooses none."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} chooses no answer.")
    field.choices = choices


def people_able(permission: str) -> QuerySet[User]:
    """Everyone of an open account who holds that permission, in order of name."""
    # Offered by permission and not by group, as the actions ask.
    return User.objects.with_perm(permission).filter(is_active=True).order_by("name_key")


def need(form: forms.Form, **messages: str) -> None:
    """Ask for the fields that the answer revealed, unless they have an error of their own."""
    for name, message in messages.items():
        if not form.cleaned_data.get(name) and name not in form.errors:
            form.add_error(name, message)


class SureForm(GovForm):
    """A step that asks nothing but that it is meant."""

    submit_label = "Confirm"

    def to_input(self, **_more: Any) -> None:
        """There is nothing to give to the action."""


class PastMixin(forms.Form):
    """The moment that it asks for lies in the past."""

    past = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        at = cleaned.get(self.past)
        if at and at > timezone.now():
            self.add_error(self.past, f"{self.fields[self.past].label} must be in the past")
        return cleaned


class ReasonForm(GovForm):
    """A step that needs its reason alone."""

    input_class: ClassVar[type | None] = ReasonInput

    submit_label = "Withdraw the proposal"

    reason = text_box("Reason")


def _as_it_is(_name: str, value: Any) -> str:
    return "" if value is None else str(value)


class DecisionForm(SeenFormMixin, GovForm):
    """A decision on what was read, its reason, and when it was made: it may have been made by
    telephone before it was written here.
    """

    # How a part of the version reads on a page, by its name and value.
    version_words: ClassVar["staticmethod[[str, Any], str]"] = staticmethod(_as_it_is)

    input_class: ClassVar[type | None] = DecisionInput

    reason = text_box("Reason for the decision")
    decided_at = moment_gone(
        "When it was decided", hint="If it was decided by telephone, enter that time"
    )

    def _changed(self, name: str, was: Mapping[str, Any] | None, key: str, now: Any) -> Changed:
        before = self.version_words(key, was.get(key)) if was else ""
        parts = differences.parts(before, self.version_words(key, now))
        return Changed(self._label_of(key), tuple(parts))

    def clean_decided_at(self) -> Any:
        decided_at = self.cleaned_data["decided_at"]
        if decided_at > timezone.now():
            raise forms.ValidationError("When it was decided must be in the past")
        return decided_at


def in_two_weeks() -> date:
    return timezone.localdate() + timedelta(days=14)
