"""Fields whose GOV.UK shape differs from Django's: dates in three boxes, times, yes or no."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from documents import dates

PARTS = ("day", "month", "year")
LONG_DATE = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[\s/.-]+([A-Za-z]+|[0-9]{1,2})[\s/.,-]+([0-9]{4}|[0-9]{2})"
)


class Typed(dict[str, str]):
    """What was typed into a field of several boxes, kept as typed so that an error can show it
    again.
    """

    def __bool__(self) -> bool:
        # Empty boxes are no answer, though the dictionary has its keys.
        return any(self.values())


def split_date(value: Any) -> Typed:
    """The three boxes' content for a date, a datetime or what was typed."""
    if isinstance(value, Typed):
        return value
    if isinstance(value, str):
        value = parse_typed(value)
        if isinstance(value, Typed):
            return value
    if isinstance(value, date):
        # Four digits, so that a year that is refused is shown as it was typed.
        return Typed(day=str(value.day), month=str(value.month), year=f"{value.year:04}")
    return Typed(day="", month="", year="")


def parse_typed(text: str) -> date | Typed:
    """A date written in one string: 2019-12-09, 9/12/2019 or 9 December 2019; else the string in
    the day's box.
    """
    text = text.strip()
    # Also the day of a moment in ISO 8601, which links and tests give.
    if not text[10:] or text[10] in "T ":
        try:
            return dates.iso_day(text[:10])
        except ValueError:
            # Well formed and no day of the calendar, such as 2019-02-30: shown again as typed.
            pass
    if match := LONG_DATE.fullmatch(text):
        return Typed(zip(PARTS, match.groups(), strict=True))
    return Typed(day=text, month="", year="")


class GovDateWidget(forms.Widget):
    """Day, month and year boxes. Data may also come as one ISO string under the field's own
    name.
    """

    part_names: tuple[str, ...] = PARTS
    component = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        if not any(f"{name}-{part}" in data for part in self.part_names):
            whole = data.get(name)
            if whole is None:
                return None
            return split_date(whole if isinstance(whole, date) else str(whole))
        return Typed(
            {part: str(data.get(f"{name}-{part}") or "").strip() for part in self.part_names}
        )

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and not any(f"{name}-{part}" in data for part in self.part_names)

    def id_for_label(self, id_: str) -> str:
        # The first box: the field has no element of its own name.
        return f"{id_}-day" if id_ else id_

    def parts(self, value: Any) -> Typed:
        """What each box shows."""
        return split_date(value)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> Any:
        # A widget knows neither its label nor its errors, which belong to the component.
        raise NotImplementedError(
            "Draw the bound field with {% crispy form %} or {% draw_field field %}."
        )


def _day_and_time(text: str) -> tuple[str, str]:
    """The two parts of a text such as 2019-12-09T14:30:00 or 9 December 2019 2.30pm."""
    if dates.ISO_DAY.match(text) and text[10:11] in ("T", " "):
        at = text[11:]
        # Seconds are left out: nobody types them.
        return text[:10], at[:5] if at[5:6] == ":" else at
    day, _, at = text.rpartition(" ")
    has_time = not LONG_DATE.fullmatch(text) and parse_time(at) is not None
    return (day, at) if has_time else (text, "")


class GovDateTimeWidget(GovDateWidget):
    """The three boxes of a date and a fourth for the time."""

    part_names = (*PARTS, "time")
    component = "datetime"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        if any(f"{name}-{part}" in data for part in self.part_names):
            return super().value_from_datadict(data, files, name)
        whole = data.get(name)
        return None if whole is None else self.parts(whole)

    def parts(self, value: Any) -> Typed:
        if isinstance(value, Typed):
            return Typed({"time": ""} | value)
        if isinstance(value, datetime):
            value = timezone.localtime(value) if timezone.is_aware(value) else value
            return Typed(split_date(value) | {"time": f"{value:%H:%M}"})
        day, at = _day_and_time(str(value or "").strip())
        # To the minute, as people type it.
        return Typed(split_date(day) | {"time": at})


def sentence_case(name: str) -> str:
    """The label in the middle of a sentence: first letter small, unless the word is an
    abbreviation.
    """
    first = name.split(" ", 1)[0]
    return (
        name[:1].lower() + name[1:]
        if first[1:].islower() or (len(first) == 1 and first != "I")
        else name
    )


def _date_from(parts: Mapping[str, str], name: str) -> date:
    """The date of three typed boxes; raises `ValidationError` whose params name the boxes at
    fault.
    """
    missing = [part for part in PARTS if not parts.get(part)]
    if missing:
        raise ValidationError(
            f"{name} must include a {' and '.join(missing)}",
            code="incomplete",
            params={"boxes": missing},
        )
    day, month, year = (parts[part] for part in PARTS)
    month = str(dates.month_of(month) or month)
    wrong = [
        part for part, text in zip(PARTS, (day, month, year), strict=True) if not _is_number(text)
    ]
    if wrong:
        raise ValidationError(
            f"{name} must be a real date", code="invalid", params={"boxes": wrong}
        )
    # Two figures would leave the century to be guessed.
    if len(year) != 4:
        raise ValidationError(
            f"{name} must have a year of 4 numbers, like 2019",
            code="invalid",
            params={"boxes": ["year"]},
        )
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        # Only the box at fault turns red, and the error summary leads to it.
        wrong = ["month"] if not 1 <= int(month) <= 12 else ["day"]
        raise ValidationError(
            f"{name} must be a real date", code="invalid", params={"boxes": wrong}
        ) from None


def _is_number(text: str) -> bool:
    # `isdigit` is true of other scripts and of signs such as ², which would then be taken for
    # numbers.
    return text.isascii() and text.isdigit() and len(text) <= 4


class GovDateField(forms.Field):
    """A date typed in three boxes; also takes one string (2019-12-09, 9 December 2019). Gives a
    `date` or None.

    `within` says which days are plausible: a form's `date_ranges` sets it by the field's name.
    """

    widget: Any = GovDateWidget

    def __init__(self, *, within: dates.DateRange = dates.ASKED, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.within = within

    def plausible(self, day: date) -> date:
        """The day, if it lies in the range; else raises `ValidationError` about the box of the
        year.
        """
        try:
            self.within.check(day, timezone.localdate())
        except dates.ImplausibleDay as fault:
            raise ValidationError(
                str(fault), code=fault.code, params={"boxes": ["year"]}
            ) from fault
        return day

    def name(self) -> str:
        return str(self.label or "The date").removesuffix(" (optional)")

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or (isinstance(value, Typed) and not value):
            return None
        if isinstance(value, datetime):
            value = value.date()
        if not isinstance(value, date | Typed):
            value = split_date(value)
        day = value if isinstance(value, date) else _date_from(value, self.name())
        return self.plausible(day)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            # The days are compared and not what was typed: 09 and 9 are one day.
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


def parse_time(text: str) -> time | None:
    """A time written as people write it: 14:30, 2.30pm, 2pm, 1430, noon, midnight; None when it is
    none.
    """
    text = text.strip().lower().replace(" ", "")
    if text in ("noon", "midday", "12noon"):
        return time(12)
    if text in ("midnight", "12midnight"):
        return time(0)
    match = re.fullmatch(
        r"(\d{1,2})(?:[:.]?(\d{2}))?(?::\d{2}(?:\.\d+)?)?(am|pm|a\.m\.|p\.m\.)?", text
    )
    # A number alone is no time: 2 may be in the morning or in the afternoon.
    if not match or (match[2] is None and match[3] is None):
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "")[:1]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


class GovTimeField(forms.Field):
    """A time in one box, as people write it: 14:30, 2.30pm, noon. Gives a `time` or None."""

    widget = forms.TextInput(attrs={"class": "govuk-input--width-5"})
    default_error_messages = {"invalid": "Enter a time, like 14:30 or 2.30pm"}

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if isinstance(value, time):
            return value
        found = parse_time(str(value))
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class GovDateTimeField(GovDateField):
    """A day and a time (also one ISO string). Gives an aware `datetime` in the council's time zone,
    or None.
    """

    widget: Any = GovDateTimeWidget

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or (isinstance(value, Typed) and not value):
            return None
        if isinstance(value, datetime):
            self.plausible(value.date())
            return value if timezone.is_aware(value) else timezone.make_aware(value)
        parts = value if isinstance(value, Typed) else GovDateTimeWidget().parts(value)
        day = self.plausible(_date_from(parts, self.name()))
        if not parts.get("time"):
            raise ValidationError(
                f"{self.name()} must include a time", code="incomplete", params={"boxes": ["time"]}
            )
        at = parse_time(parts["time"])
        if at is None:
            raise ValidationError(
                f"{self.name()} must have a time like 14:30 or 2.30pm",
                code="invalid",
                params={"boxes": ["time"]},
            )
        try:
            return dates.local_moment(day, at)
        except dates.NoSuchTime as fault:
            raise ValidationError(str(fault), code="invalid", params={"boxes": ["time"]}) from fault


def _coerce_yes_no(value: Any) -> bool | None:
    return {"yes": True, "true": True, "no": False, "false": False}.get(str(value).lower())


class YesNoField(forms.TypedChoiceField):
    """A question answered yes or no by two radios. Gives True, False, or None when it was optional
    and left.
    """

    widget: Any = forms.RadioSelect(attrs={"class": "govuk-radios--inline"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("yes", "Yes"), ("no", "No")],
            coerce=_coerce_yes_no,
            empty_value=None,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        # The form may begin with the column's own value, which is no word of the choices.
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value

    def to_python(self, value: Any) -> Any:
        return super().to_python(self.prepare_value(value))

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(self.prepare_value(value))


class SearchSelect(forms.Select):
    """A select that becomes a box with suggestions where JavaScript runs, when its list is too long
    to scroll.
    """

    search_from = 20


class MultiFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class MultiFileField(forms.FileField):
    """Several files at once. Gives a list of uploaded files, empty when none was chosen."""

    widget = MultiFileInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            # For Django's own message where a file is required.
            super().clean(None, initial)
            return []
        return [super(MultiFileField, self).clean(file, initial) for file in files]
