"""The limits of a field that names none of its own, so that whatever it takes fits its column."""

from django import forms
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator

from documents.dates import DateRange
from documents.numbers import MOST_COUNTED
from govuk.fields import GovDateField

LONGEST_EMAIL = 254  # RFC 5321: 256 with the angle brackets around it


def bound(field: forms.Field, within: DateRange | None) -> None:
    """Set them. `within`: the plausible days of a date, where its form names them."""
    if isinstance(field, GovDateField):
        field.within = within or field.within
    elif isinstance(field, forms.EmailField):
        _bound_email(field)
    elif isinstance(field, forms.IntegerField) and not isinstance(
        field, forms.DecimalField | forms.FloatField
    ):
        _bound_count(field)


def _bound_count(field: forms.IntegerField) -> None:
    if field.max_value is None:
        field.max_value = MOST_COUNTED
        field.validators.append(MaxValueValidator(MOST_COUNTED))
    if field.min_value is None:
        field.min_value = -MOST_COUNTED
        field.validators.append(MinValueValidator(-MOST_COUNTED))


def _bound_email(field: forms.EmailField) -> None:
    """Django's own field takes longer ones than any mail server does."""
    if (field.max_length or LONGEST_EMAIL + 1) > LONGEST_EMAIL:
        field.max_length = LONGEST_EMAIL
        others = [each for each in field.validators if not isinstance(each, MaxLengthValidator)]
        field.validators = [*others, MaxLengthValidator(LONGEST_EMAIL)]
