"""What a figure may be asked: the day, since when, as known when, by the council's groups. All of
it in the address.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from core.dates import a_year_before
from core.models import CouncilProfile
from govuk.forms import GovFormMixin


def end_of(day: date) -> datetime:
    """The last moment of a day in England, as the moment at which the next begins."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


class DayOptions(GovFormMixin, forms.Form):
    """The day that a figure is true of: today unless the address names another."""

    form_method: ClassVar[str] = "get"
    submit_label: ClassVar[str] = "Show"
    mark_optional: ClassVar[bool] = False
    # Whether a figure can be true of a day that has not come: what is decided already may begin on
    # it.
    allows_later: ClassVar[bool] = False

    as_at = forms.DateField(
        label="As at",
        required=False,
        help_text="For example, 31 8 2019. Leave it empty for today",
    )

    def __init__(
        self, *args: Any, today: date, council: CouncilProfile | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.council = council
        self.is_later = False

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Set what may be chosen in a field."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @classmethod
    def asked(cls, data: Any, today: date, council: CouncilProfile | None) -> "DayOptions":
        """Bound when the address asks for anything that it knows."""
        # A day stands in the address by its three boxes.
        named = {key.split("-")[0] for key in data} & set(cls.base_fields)
        # Not bound to a bare address, which would be an answer with every box empty.
        form = cls(data if named else None, today=today, council=council)
        if not named:
            form.initial = form.defaults()
        return form

    @property
    def invitation(self) -> str:
        """What opens the form: the choices that change the figure most."""
        if "authority" in self.fields:
            return "Change the day or authority"
        return "Change the day or grouping" if "groups" in self.fields else "Change the day"

    def defaults(self) -> dict[str, Any]:
        """The choices in force when the address asks for nothing."""
        return {"as_at": self.today}

    def clean_as_at(self) -> date:
        """The day asked for; today for a day to come, of which nothing is known yet."""
        asked: date = self.cleaned_data["as_at"] or self.today
        # Kept for the page, which says that another day is shown than the one asked for.
        self.is_later = asked > self.today and not self.allows_later
        return self.today if self.is_later else asked

    def chosen(self) -> dict[str, Any]:
        """The choices in force: what was asked where that can be used, else what stands for nothing
        asked.
        """
        # What cannot be used is said by its field, and the figure is shown as if it had not been
        # asked.
        held = self.cleaned_data if self.is_bound and self.is_valid() else {}
        given = {name: value for name, value in held.items() if value not in (None, "", False)}
        return self.defaults() | given

    def arguments(self) -> dict[str, Any]:
        """What the figure's function is called with."""
        return self.chosen()

    def query(self) -> dict[str, str]:
        """The same choices as an address gives them."""
        return {name: _in_address(value) for name, value in self.chosen().items()}


def _in_address(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "on" if value is True else str(value)


class KnownOptions(DayOptions):
    """Also what was known at the end of a day, leaving out what came in later."""

    known_on = forms.DateField(
        label="As we knew it at the end of",
        required=False,
        help_text="Leave it empty for all that we know now",
    )

    def arguments(self) -> dict[str, Any]:
        """With `known_at`, the moment at which the day of `known_on` ended."""
        arguments = super().arguments()
        known_on = arguments.pop("known_on", None)
        return arguments | ({"known_at": end_of(known_on)} if known_on else {})


class SpanOptions(DayOptions):
    """Also the first day of a span."""

    wrong_way_round: ClassVar[str] = "From must be before As at"

    since = forms.DateField(
        label="From", required=False, help_text="Leave it empty for a year before As at"
    )
    field_order = ["authority", "since", "as_at", "known_on"]

    def defaults(self) -> dict[str, Any]:
        """With the first day of a span that ends today."""
        return super().defaults() | {"since": self.before(self.today)}

    @staticmethod
    def before(day: date) -> date:
        """Where a span begins that ends on this day, when nothing else is asked."""
        return a_year_before(day)

    def clean(self) -> dict[str, Any]:
        """Refuses a span that does not begin before it ends."""
        cleaned = super().clean() or {}
        since, as_at = cleaned.get("since"), cleaned.get("as_at")
        if since and as_at and since >= as_at:
            self.add_error("since", self.wrong_way_round)
        return cleaned

    def chosen(self) -> dict[str, Any]:
        """With a first day that fits: one that was not asked for follows the last day."""
        chosen = super().chosen()
        if chosen["since"] >= chosen["as_at"] or (
            not self.data.get("since") and "since-year" not in self.data
        ):
            chosen["since"] = self.before(chosen["as_at"])
        return chosen


class GroupOptions(DayOptions):
    """Also whether services are grouped by the council's own groups instead of their types."""

    groups = forms.BooleanField(label="By the council’s groups", required=False)

    def arguments(self) -> dict[str, Any]:
        """With `by_group`, where the groups were asked for."""
        arguments = super().arguments()
        return arguments | ({"by_group": True} if arguments.pop("groups", False) else {})
