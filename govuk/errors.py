"""Where a form's errors lead: the element of each field, and the summary at the top that links to
them.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.utils.safestring import SafeString

from govuk.fields import GovDateWidget
from govuk.macros import component


def field_id(bound: BoundField) -> str:
    """The id that the component starts from: hints and errors add to it."""
    return str(bound.field.widget.attrs.get("id") or bound.auto_id or bound.html_name)


def anchor(bound: BoundField) -> str:
    """The id of the element that an error of this field links to; empty for a hidden field."""
    widget = bound.field.widget
    if bound.is_hidden:
        return ""
    if isinstance(widget, GovDateWidget):
        # The first box at fault, as the Design System asks of an error summary.
        return f"{field_id(bound)}-{wrong_boxes(bound)[0]}"
    return field_id(bound)


def wrong_boxes(bound: BoundField) -> Sequence[str]:
    """The boxes of a date that its error is about: the first box when it names none, all when it is
    empty.
    """
    for error in bound.errors.as_data() if bound.errors else []:
        boxes = (error.params or {}).get("boxes")
        if boxes:
            return list(boxes)
    return bound.field.widget.part_names


def texts(bound: BoundField) -> list[str]:
    return [str(error) for error in bound.errors]


def _error_list(form: Any) -> list[dict[str, str]]:
    found: list[dict[str, str]] = [{"text": str(error)} for error in form.non_field_errors()]
    for bound in form:
        target = anchor(bound) if bound.errors else ""
        for text in texts(bound):
            # A hidden field has no place on the page to lead to: its label says what is meant.
            if target:
                found.append({"text": text, "href": f"#{target}"})
            else:
                found.append({"text": f"{bound.label}: {text}"})
    return found


def errors_of(*forms_or_sets: Any) -> list[dict[str, str]]:
    """Every error of bound forms and formsets in the order of the page: text, and `href` where
    there is a box.
    """
    found: list[dict[str, str]] = []
    for each in forms_or_sets:
        if not isinstance(each, forms.BaseForm | BaseFormSet) or not each.is_bound:
            continue
        if isinstance(each, BaseFormSet):
            found += [{"text": str(error)} for error in each.non_form_errors()]
            for form in each:
                found += _error_list(form)
        else:
            found += _error_list(each)
    return found


def error_summary(*forms_or_sets: Any) -> SafeString:
    """The box at the top that lists every error; empty when there is none."""
    errors = errors_of(*forms_or_sets)
    if not errors:
        return SafeString("")
    return component("error-summary", {"titleText": "There is a problem", "errorList": errors})
