"""The step between typing a name that the register holds already and adding another of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import Model

from govuk.forms import GovForm
from providers import same_names

if TYPE_CHECKING:
    _Base = GovForm
else:
    _Base = forms.Form  # the form that it is mixed into has the rest

MOST_SHOWN = 5
CONFIRM, SEEN = "is_another", "seen_of_that_name"


@dataclass(frozen=True)
class Held:
    """A row of the register that has the name, where to see it, and what differs from what is
    typed.
    """

    record: Any
    page: str
    number: int
    differs: Sequence[tuple[str, str, str]]

    @property
    def caption(self) -> str:
        """What stands over the table of what differs."""
        return f"What differs from {self.record}"


class SameNameMixin(_Base):
    """Shows first what has that name, in whatever spelling; nothing that was typed is lost.

    Whoever confirms says of which records theirs is another: one that came since is shown too.
    """

    noun: ClassVar[str] = ""
    not_in_input: Sequence[str] = (CONFIRM, SEEN)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of_that_name: list[Any] = []
        if SEEN in self.data:
            self._ask()

    def records_named(self, name: str) -> Iterable[Any]:
        """What the register holds by that name."""
        raise NotImplementedError

    def as_typed(self) -> Model:
        """A record of what was typed, to be compared."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        seen = set((values.pop(SEEN, "") or "").split())
        confirmed = values.pop(CONFIRM, False)
        name = values.get("name") or ""
        before = str(self.initial.get("name") or "")
        if name and same_names.is_new(name, before):
            self.of_that_name = list(self.records_named(name))
        now = {str(held.pk) for held in self.of_that_name}
        if not now:
            for asked in (CONFIRM, SEEN):
                self.fields.pop(asked, None)
        elif not confirmed or not now <= seen:
            self._ask()
            self.add_error(
                CONFIRM,
                "Check what has this name already, then confirm that yours is a different"
                f" {self.noun}",
            )
            # Confirmed is what the page now shows, and not what it showed before.
            typed = self.data.copy()  # type: ignore[attr-defined]  # a request's QueryDict
            typed[SEEN] = " ".join(sorted(now))
            typed.pop(CONFIRM, None)
            self.data = typed
        return values

    def to_input(self, **more: Any) -> Any:
        """What the action takes, with the ids of those that this one is another than."""
        ids = tuple(held.pk for held in self.of_that_name)
        return super().to_input(another_than=ids, **more)

    @property
    def held(self) -> list[Held]:
        """What has the name, for the page."""
        names = [name for name in self.fields if name not in self.not_in_input]
        labels = {name: str(self.fields[name].label).removesuffix(" (optional)") for name in names}
        typed = self.as_typed()
        return [
            Held(
                record,
                *same_names.address_of(record),
                same_names.differences(record, typed, labels),
            )
            for record in self.of_that_name[:MOST_SHOWN]
        ]

    @property
    def held_heading(self) -> str:
        """What the page says over them."""
        number = len(self.of_that_name)
        what = f"A {self.noun}" if number == 1 else f"{number} {self.noun}s"
        return f"{what} of this name {'is' if number == 1 else 'are'} already on the register"

    def _ask(self) -> None:
        box = forms.BooleanField(required=False, label=f"This is a different {self.noun}")
        self.fields.setdefault(CONFIRM, box)
        self.fields.setdefault(SEEN, forms.CharField(required=False, widget=forms.HiddenInput))
        # The box stands under the name that it is about.
        others = [name for name in self.fields if name != CONFIRM]
        self.order_fields(_after_name(others))
        self.fieldsets = tuple(
            (legend, _after_name(names) if CONFIRM not in names else names)
            for legend, names in self.fieldsets
        )


def _after_name(names: Sequence[str]) -> list[str]:
    place = names.index("name") + 1 if "name" in names else len(names)
    box = [CONFIRM] if "name" in names else []
    return [*names[:place], *box, *names[place:]]
