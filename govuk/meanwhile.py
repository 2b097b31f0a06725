"""Words that several people write: whoever saves what somebody else has changed meanwhile keeps
theirs, the other's or both, part by part, and loses nothing that was typed.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from django import forms
from django.db.models import Model
from django.utils.html import format_html, format_html_join

from core.dates import datetime_in_words, day_in_words
from core.differences import both
from govuk.forms import GovForm

MINE, THEIRS, BOTH = "mine", "theirs", "both"
# A text of which two may stand in one field.
LONG = 2000


class Moved(Protocol):
    """A part that somebody changed: what it said, and what it says now."""

    name: str
    before: str
    after: str


class MeanwhileForm(GovForm):
    """A form of a record. `seen` is the version that its page showed; `asked` are the fields of
    which the person says whose words stay; `theirs` is what stands now, in words.
    """

    not_in_input: Any = ("seen", "asked")

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    asked = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        theirs: Mapping[str, str],
        asked: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        sent = str(self.data.get(self.add_prefix("asked"), "")).split()
        self.clashes = [
            name
            for name, field in self.fields.items()
            if name in (*asked, *sent) and not field.widget.is_hidden
        ]
        self.initial["asked"] = " ".join(self.clashes)
        for name in self.clashes:
            self.fields[f"keep_{name}"] = self._choice(name, theirs.get(name, ""))
        self.not_in_input = (*self.not_in_input, *(f"keep_{name}" for name in self.clashes))
        self.fieldsets = tuple(
            (legend, [one for name in names for one in self._with_choice(name)])
            for legend, names in self.fieldsets
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.clashes:
            field, kept = self.fields[name], cleaned.get(f"keep_{name}")
            theirs = self.get_initial_for_field(field, name)
            if kept == THEIRS:
                cleaned[name] = theirs
                self.errors.pop(name, None)
            elif kept == BOTH and name in cleaned:
                cleaned[name] = both(None, theirs, cleaned[name]).text
        return cleaned

    def mine_beside(self, moved: Iterable[Moved]) -> tuple[dict[str, Any], list[str]]:
        """What was typed here and stays, and the fields that both have changed, when these parts
        have moved: what only the other changed is the other's.
        """
        mine = {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}
        asked = []
        for part in moved:
            if part.name not in mine:
                continue
            typed = _in_words(self.fields[part.name], mine[part.name])
            if typed in (part.before, part.after):
                del mine[part.name]
            else:
                asked.append(part.name)
        for name in ("seen", "asked", *(f"keep_{name}" for name in self.clashes)):
            mine.pop(name, None)
        return mine, asked

    def _with_choice(self, name: str) -> list[str]:
        return [name, f"keep_{name}"] if name in self.clashes else [name]

    def _choice(self, name: str, theirs: str) -> forms.ChoiceField:
        field = self.fields[name]
        choices = [(MINE, "Keep what I wrote"), (THEIRS, "Keep what stands there now")]
        # Two sentences do not fit where one is asked for, and two days are no day.
        if isinstance(field, forms.CharField) and (field.max_length or LONG) >= LONG:
            choices.append((BOTH, "Keep both, what stands there now first"))
        label = str(field.label).removesuffix(" (optional)")
        words = format_html_join("", "{}<br>", ((line,) for line in theirs.splitlines()))
        return forms.ChoiceField(
            label=f"Which words to keep: {label}",
            choices=choices,
            help_text=format_html("Now: {}", words or "nothing"),
            error_messages={"required": f"Select which words to keep: {label}"},
        )


def _in_words(field: forms.Field, value: Any) -> str:
    """An answer as the words that a record shows of it."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return datetime_in_words(value)
    if isinstance(value, date):
        return day_in_words(value)
    if isinstance(value, Model):
        return str(value)
    if isinstance(field, forms.ModelMultipleChoiceField):
        return "\n".join(str(one) for one in value.order_by("pk"))
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    return str(value)
