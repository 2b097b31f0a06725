"""What a comparison may be asked: the day, as known when, of which authority, since when. All of it in the address."""

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from carequality.govuk.forms import GovFormMixin
from carequality.models import Comparator, CouncilProfile, RegionAuthority
from ratings.figures.cohort import frameworks
from ratings.figures.spans import years_before
from ratings.figures.trend import YEARS
from ratings.figures.words import ALL, ALL_SERVICES, OTHER_TYPES, TYPES


def end_of(day: date) -> datetime:
    """The last moment of a day in England, as the moment at which the next begins."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


class DayOptions(GovFormMixin, forms.Form):
    form_method: ClassVar[str] = "get"
    submit_label: ClassVar[str] = "Show"
    mark_optional: ClassVar[bool] = False
    as_at = forms.DateField(
        label="As at", required=False, help_text="For example, 31 8 2019. Today unless given"
    )
    known_on = forms.DateField(
        label="As we knew it at the end of", required=False, help_text="All that is known now unless given"
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @classmethod
    def asked(cls, data: Any, today: date) -> "DayOptions":
        """Bound when the address asks for anything that it knows."""
        named = {key.split("-")[0] for key in data} & set(cls.base_fields)
        form = cls(data if named else None, today=today)
        if not named:
            form.initial = form.defaults()
        return form

    def defaults(self) -> dict[str, Any]:
        return {"as_at": self.today}

    def clean_as_at(self) -> date:
        return min(self.cleaned_data["as_at"] or self.today, self.today)

    def chosen(self) -> dict[str, Any]:
        """The choices in force: what was asked where that can be used, else what stands for nothing asked."""
        held = self.cleaned_data if self.is_bound and self.is_valid() else {}
        given = {name: value for name, value in held.items() if value not in (None, "")}
        return self.defaults() | given

    def arguments(self) -> dict[str, Any]:
        """What the figure's function is called with."""
        chosen = self.chosen()
        known_on = chosen.pop("known_on", None)
        return chosen | ({"known_at": end_of(known_on)} if known_on else {})

    def query(self) -> dict[str, str]:
        """The same choices as an address gives them."""
        return {
            name: value.isoformat() if isinstance(value, date) else str(value)
            for name, value in self.chosen().items()
        }


class AuthorityOptions(DayOptions):
    authority = forms.ChoiceField(label="Local authority", required=False)
    field_order = ["authority", "since", "as_at", "known_on"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        council = CouncilProfile.current()
        names = set(RegionAuthority.objects.values_list("name", flat=True))
        names |= set(Comparator.objects.values_list("name", flat=True))
        own = council.short_name if council else ""
        choices = [("", own or "None"), *((name, name) for name in sorted(names - {own}))]
        field = self.fields["authority"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class SpanOptions(DayOptions):
    since = forms.DateField(label="From", required=False, help_text="A year before unless given")
    field_order = ["authority", "since", "as_at", "known_on"]

    def defaults(self) -> dict[str, Any]:
        return {"as_at": self.today, "since": self.before(self.today)}

    @staticmethod
    def before(day: date) -> date:
        """Where a span begins that ends on this day, when nothing else is asked."""
        return years_before(day, 1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, as_at = cleaned.get("since"), cleaned.get("as_at")
        if since and as_at and since >= as_at:
            self.add_error("since", "From must be before the as at day")
        return cleaned

    def chosen(self) -> dict[str, Any]:
        chosen = super().chosen()
        if chosen["since"] >= chosen["as_at"] or (
            not self.data.get("since") and "since-year" not in self.data
        ):
            chosen["since"] = self.before(chosen["as_at"])
        return chosen


class AuthoritySpanOptions(SpanOptions, AuthorityOptions):
    pass


class LocalityOptions(DayOptions):
    by = forms.ChoiceField(
        label="Told apart by",
        choices=[("district", "District"), ("locality", "Locality")],
        required=False,
        widget=forms.RadioSelect,
    )
    field_order = ["by", "as_at", "known_on"]

    def defaults(self) -> dict[str, Any]:
        return {"as_at": self.today, "by": "district"}


class CohortOptions(SpanOptions):
    framework = forms.ChoiceField(label="Contract or framework", required=False)
    framework_before = forms.ChoiceField(
        label="On the first day", required=False, help_text="If another contract stood in its place then"
    )
    field_order = ["framework", "framework_before", "since", "as_at", "known_on"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        named = [(name, name) for name in frameworks()]
        for field, nothing in (("framework", "Every contract"), ("framework_before", "The same")):
            shown = self.fields[field]
            assert isinstance(shown, forms.ChoiceField)
            shown.choices = [("", nothing), *named]


# In the address: every sector, each by itself.
APART = "apart"


class TrendOptions(AuthoritySpanOptions):
    sector = forms.ChoiceField(
        label="Type of service",
        required=False,
        choices=[
            (ALL, ALL_SERVICES),
            (APART, "Every type, apart"),
            *((kind.value, label) for kind, label in (*TYPES, *OTHER_TYPES)),
        ],
    )
    field_order = ["authority", "sector", "since", "as_at", "known_on"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.fields["since"].help_text = "Two years before unless given"

    def defaults(self) -> dict[str, Any]:
        return super().defaults() | {"sector": ALL}

    def arguments(self) -> dict[str, Any]:
        arguments = super().arguments()
        return arguments | ({"sector": ""} if arguments["sector"] == APART else {})

    @staticmethod
    def before(day: date) -> date:
        return years_before(day, YEARS)
