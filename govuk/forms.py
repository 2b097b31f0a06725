"""One mixin turns any Django form into a GOV.UK form that `{% crispy form %}` draws. See
docs/forms.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import TYPE_CHECKING, Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.validators import MaxLengthValidator

from documents import text as door
from documents.dates import DateRange
from govuk import bounds
from govuk.fields import (
    GovDateField,
    GovDateTimeField,
    GovDateWidget,
    GovTimeField,
    SearchSelect,
    Typed,
    sentence_case,
)

if TYPE_CHECKING:
    _Base = forms.BaseForm
else:
    _Base = object

# The Design System calls a select the last resort: it hides its answers, and some people cannot
# work it. Up to so many, all of them are in sight.
MOST_RADIOS = 6
# By the exact class: a subclass that a form has chosen stays as it is.
UPGRADES: dict[type[forms.Field], type[forms.Field]] = {
    forms.DateField: GovDateField,
    forms.DateTimeField: GovDateTimeField,
    forms.TimeField: GovTimeField,
}


@dataclass(frozen=True)
class Button:
    """A form's button. `kind` is empty, `secondary` or `warning`; `name` and `value` say which one
    was pressed.
    """

    label: str
    kind: str = ""
    name: str = ""
    value: str = ""
    disabled: bool = False


class GovFormMixin(_Base):
    """Goes before `forms.Form` or `forms.ModelForm` in the bases.

    Dates get three boxes, a required choice of few becomes radios, several choices become
    checkboxes, long lists of records become searchable, messages say what to do, optional questions
    say so. Class attributes tell the rest.
    """

    submit_label: ClassVar[str] = "Save"
    submit_kind: ClassVar[str] = ""  # "warning" for what cannot be undone
    buttons: Sequence[Button] = ()  # further buttons, after the first
    cancel_url: str = ""  # set on the form by the view
    cancel_label: ClassVar[str] = "Cancel"
    form_method: ClassVar[str] = "post"
    form_action: str = ""
    form_id: str = ""
    form_tag: bool = True
    # ("Legend", ["field", ...]) in order; fields left out follow at the end.
    fieldsets: Sequence[tuple[str, Sequence[str]]] = ()
    layout: ClassVar[Layout | None] = None
    # {field: {value: [fields that this answer reveals]}}; the form's clean() decides whether they
    # are needed.
    reveals: ClassVar[Mapping[str, Mapping[Any, Sequence[str]]]] = {}
    option_hints: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    widths: ClassVar[Mapping[str, int]] = {}  # in characters: 2, 3, 4, 5, 10, 20
    prefixes: ClassVar[Mapping[str, str]] = {}
    suffixes: ClassVar[Mapping[str, str]] = {}
    # The plausible days of its dates; `documents.dates.ASKED` where none is named.
    date_ranges: ClassVar[Mapping[str, DateRange]] = {}
    heading_field: ClassVar[str] = ""  # the one whose label is the page's h1
    legend_size: ClassVar[str] = "govuk-fieldset__legend--s"
    label_size: ClassVar[str] = "govuk-label--s"
    mark_optional: ClassVar[bool] = True
    not_marked: ClassVar[Sequence[str]] = ()  # optional here, but clean() may ask for them
    as_select: ClassVar[Sequence[str]] = ()  # stay a select although few
    # The frozen dataclass that the action takes; its fields that have another name than the form's;
    # what the form asks for its own sake alone, such as a box that confirms.
    input_class: ClassVar[type | None] = None
    input_names: ClassVar[Mapping[str, str]] = {}
    not_in_input: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ready: set[str] = set()
        self._summary_drawn = False
        self.make_ready()

    def make_ready(self) -> None:
        """Give fields their GOV.UK shape. Called again by itself for fields that `__init__` added
        later.
        """
        for name in list(self.fields):
            if name not in self._ready:
                self._ready.add(name)
                self._shape(name)

    def full_clean(self) -> None:
        self.make_ready()
        super().full_clean()

    def _widget_data_value(self, widget: forms.Widget, html_name: str) -> Any:
        # Every box of every form is read here, before it is judged and before it is shown again.
        value = super()._widget_data_value(widget, html_name)  # type: ignore[misc]  # not in the stubs
        return value if isinstance(widget, forms.PasswordInput) else _cleaned(value, widget)

    def _shape(self, name: str) -> None:
        field = self.fields[name]
        if upgrade := UPGRADES.get(type(field)):
            field = self.fields[name] = _upgraded(field, upgrade)
            # Django has kept the field as it was bound before.
            getattr(self, "_bound_fields_cache", {}).pop(name, None)
        bounds.bound(field, self.date_ranges.get(name))
        if field.label is None:
            field.label = name.replace("_", " ").capitalize()
        self._choose_widget(name, field)
        _bound_length(field)
        _improve_messages(field)
        # A box that is left empty is an answer, so it is not marked.
        optional = not field.required and not isinstance(field.widget, forms.CheckboxInput)
        # Once it is in sight, clean() asks for it: "optional" would be untrue.
        hidden_answer = name in self.revealed_fields() or name in self.not_marked
        if self.mark_optional and optional and not hidden_answer and not field.widget.is_hidden:
            field.label = f"{field.label} (optional)"

    def _choose_widget(self, name: str, field: Any) -> None:
        widget = field.widget
        if type(widget) is forms.SelectMultiple and isinstance(
            field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField
        ):
            _replace_choice_widget(field, forms.CheckboxSelectMultiple(attrs=widget.attrs))
        elif type(widget) is forms.Select and isinstance(field, forms.ModelChoiceField):
            if field.empty_label == "---------":
                field.empty_label = "Choose one" if field.required else "None chosen"
            _replace_choice_widget(field, SearchSelect(attrs=widget.attrs))
        elif type(widget) is forms.Select and isinstance(field, forms.ChoiceField):
            choices: list[Any] = list(widget.choices)
            answers = [choice for choice in choices if choice[0] not in ("", None)]
            flat = not any(isinstance(choice[1], list | tuple) for choice in choices)
            if (
                field.required
                and flat
                and len(answers) <= MOST_RADIOS
                and name not in self.as_select
            ):
                _replace_choice_widget(field, forms.RadioSelect(attrs=widget.attrs))
                # Radios begin with none chosen, so the empty choice would be an answer of its own.
                field.choices = answers
            else:
                empty = "Choose one" if field.required else "None chosen"
                field.choices = [
                    (value, empty if value in ("", None) and set(str(label)) == {"-"} else label)
                    for value, label in choices
                ]
        elif type(widget) is forms.RadioSelect and _has_plain_choices(field) and field.required:
            field.choices = [choice for choice in field.choices if choice[0] not in ("", None)]
        if (
            isinstance(widget, forms.NumberInput)
            and name not in self.widths
            and "class" not in widget.attrs
        ):
            widget.attrs["class"] = "govuk-input--width-5"

    def to_input(self, **more: Any) -> Any:
        """What the action takes: `input_class` with the answer of every field, and `more` for what
        no field asks.

        A record becomes its id where the dataclass's field ends in `_id`, several a tuple of theirs
        where it ends in `_ids`. Raises `TypeError` when a field of the form has no place in the
        dataclass, or one of the dataclass no answer: a field that was added in one place only is
        not lost in silence.
        """
        if self.input_class is None and not self.fields:
            return None  # nothing to fill in: the page asks, the button answers
        if self.input_class is None:
            raise TypeError(f"{type(self).__name__} names no input_class.")
        given = {
            self.input_names.get(name, name): self.cleaned_data[name]
            for name in self.fields
            if name not in self.not_in_input
        }
        wanted = {field.name for field in fields_of(self.input_class)}
        for name in list(given):
            if name not in wanted and f"{name}_id" in wanted:
                given[f"{name}_id"] = given.pop(name)
        given |= more
        # In both directions: what is shown and thrown away, and what the action waits for in vain.
        if given.keys() != wanted:
            odd = ", ".join(sorted(given.keys() ^ wanted))
            raise TypeError(
                f"{type(self).__name__} and {self.input_class.__name__} differ in: {odd}."
            )
        return self.input_class(**{name: _plain(name, value) for name, value in given.items()})

    @classmethod
    def revealed_fields(cls) -> set[str]:
        return {
            name for answers in cls.reveals.values() for names in answers.values() for name in names
        }

    def all_buttons(self) -> list[Button]:
        return [Button(self.submit_label, self.submit_kind), *self.buttons]

    def _default_layout(self) -> Layout:
        revealed = self.revealed_fields()
        shown = [name for name in self.fields if name not in revealed]
        in_sets = {name for _legend, names in self.fieldsets for name in names}
        parts: list[Any] = [
            Fieldset(legend, *[name for name in names if name in shown])
            for legend, names in self.fieldsets
            if any(name in shown for name in names)  # a legend over nothing says nothing
        ]
        return Layout(*parts, *[name for name in shown if name not in in_sets])

    @property
    def helper(self) -> FormHelper:
        """What `{% crispy form %}` asks for."""
        self.make_ready()
        # Made anew each time: a view sets the address to cancel to, and a field may have been
        # added, after the form was made.
        helper = FormHelper()
        helper.form_method = self.form_method
        helper.form_action = self.form_action
        helper.form_id = self.form_id
        helper.form_tag = self.form_tag
        helper.layout = self.layout or self._default_layout()
        helper.render_hidden_fields = True
        helper.buttons = self.all_buttons()
        helper.cancel_url = self.cancel_url
        helper.cancel_label = self.cancel_label
        return helper


class GovForm(GovFormMixin, forms.Form):
    """A plain form in GOV.UK shape."""


class GovModelForm(GovFormMixin, forms.ModelForm):
    """A model's form in GOV.UK shape."""


class GovFilterForm(GovFormMixin, forms.Form):
    """The form of a list page's FilterSet: nothing required, nothing marked, choices stay
    compact.
    """

    form_method = "get"
    submit_label = "Apply filters"
    mark_optional = False
    small_boxes: ClassVar[bool] = True

    def _choose_widget(self, name: str, field: Any) -> None:
        # django-filter's choice fields make the empty choice themselves, from this label.
        if hasattr(field, "empty_label") and field.empty_label is not None:
            field.empty_label = "Any"
            if isinstance(field, forms.ModelChoiceField) and type(field.widget) is forms.Select:
                _replace_choice_widget(field, SearchSelect(attrs=field.widget.attrs))
        elif isinstance(field.widget, forms.NullBooleanSelect):
            field.widget.choices = [("unknown", "Any"), ("true", "Yes"), ("false", "No")]
        else:
            super()._choose_widget(name, field)


def _plain(name: str, value: Any) -> Any:
    if name.endswith("_id"):
        return getattr(value, "pk", value)
    return tuple(getattr(one, "pk", one) for one in value or ()) if name.endswith("_ids") else value


def _cleaned(value: Any, widget: forms.Widget) -> Any:
    """What a box holds, its text as it may be compared and stored."""
    if isinstance(value, str):
        several_lines = isinstance(widget, forms.Textarea | forms.HiddenInput)
        return door.clean(value) if several_lines else door.clean_line(value)
    if isinstance(value, Typed):
        return Typed({part: door.clean_line(typed) for part, typed in value.items()})
    if isinstance(value, list | tuple):
        return [_cleaned(one, widget) for one in value]
    return value


def _bound_length(field: forms.Field) -> None:
    """A text that names no length of its own has that of every text."""
    is_bounded = any(isinstance(each, MaxLengthValidator) for each in field.validators)
    is_text = isinstance(field, forms.CharField) and not isinstance(
        field, forms.UUIDField | forms.JSONField
    )
    if is_text and not is_bounded:
        field.validators.append(MaxLengthValidator(door.LONGEST))


def _has_plain_choices(field: forms.Field) -> bool:
    return isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField)


def _upgraded(field: forms.Field, into: type[forms.Field]) -> forms.Field:
    """The GOV.UK field of this kind, with all that was said of the plain one."""
    # What the form says itself: Django's defaults would otherwise pass for the form's own words and
    # keep the better ones out.
    own = {
        code: text
        for code, text in field.error_messages.items()
        if text
        != type(field).default_error_messages.get(
            code, forms.Field.default_error_messages.get(code)
        )
    }
    shaped = into(
        required=field.required,
        label=field.label,
        initial=field.initial,
        help_text=field.help_text,
        error_messages=own,
        validators=field.validators,
        disabled=field.disabled,
    )
    # A widget that was chosen on purpose; Django's own text box gives way to the three boxes.
    if isinstance(field.widget, GovDateWidget) or field.widget.is_hidden:
        shaped.widget = field.widget
    return shaped


def _replace_choice_widget(field: Any, widget: forms.Widget) -> None:
    choices = field.widget.choices
    widget.is_required = field.required
    widget.is_localized = field.localize
    field.widget = widget
    widget.choices = choices  # type: ignore[attr-defined]  # a choice widget


def _is_default(field: forms.Field, code: str) -> bool:
    for kind in type(field).__mro__:
        messages: Mapping[str, Any] = getattr(kind, "default_error_messages", {})
        if code in messages:
            return bool(field.error_messages.get(code) == messages[code])
    return code not in field.error_messages


def _improve_messages(field: forms.Field) -> None:
    """Say what to do in place of Django's "This field is required", unless the form has words of
    its own.
    """
    name = str(field.label)
    said = name.rstrip("?:. ")
    inner = sentence_case(said)
    verb = "Enter"
    if isinstance(field.widget, forms.Select | forms.RadioSelect):
        verb = "Select"
    elif isinstance(field.widget, forms.FileInput):
        verb = "Upload"
    if name.endswith("?"):
        required = f"Answer “{name}”"
    elif isinstance(field.widget, forms.CheckboxInput):
        required = f"Select “{name}” to continue"
    else:
        required = f"{verb} {inner}"
    better = {
        "required": required,
        "max_length": f"{said} must be %(limit_value)d characters or fewer (it has %(show_value)d)",
        "min_length": f"{said} must be %(limit_value)d characters or more (it has %(show_value)d)",
        "max_value": f"{said} must be %(limit_value)s or less",
        "min_value": f"{said} must be %(limit_value)s or more",
    }
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        better["invalid_choice"] = f"Choose {inner} from the list"
    if isinstance(field, forms.DecimalField | forms.FloatField):
        better["invalid"] = f"{said} must be a number, like 12.5"
    elif isinstance(field, forms.IntegerField):
        better["invalid"] = f"{said} must be a whole number, like 12"
    elif isinstance(field, forms.EmailField):
        better["invalid"] = "Enter an email address in the correct format, like name@example.com"
    for code, text in better.items():
        # Words that a form has chosen stand.
        if _is_default(field, code):
            field.error_messages[code] = text


__all__ = [
    "Button",
    "GovFilterForm",
    "GovForm",
    "GovFormMixin",
    "GovModelForm",
    "SearchSelect",
]
