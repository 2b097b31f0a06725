"""Forms that say which version of a record was seen, and the step "somebody changed this
meanwhile". See docs/forms.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.http import QueryDict

from core import differences, versions
from core.dates import day_in_words
from core.models import Version
from govuk.fields import GovDateWidget
from govuk.forms import GovFormMixin

SEEN = "seen"
MINE, THEIRS, BOTH = "mine", "theirs", "both"
CHOOSE = "Choose which words to keep"


@dataclass(frozen=True)
class Clash:
    """A field that both changed: what each has, in words, and the difference from theirs to mine.

    `both` is the words of both in one text, None for a field that has no text; `name` is the
    choice's in the form.
    """

    name: str
    label: str
    mine: str
    theirs: str
    parts: tuple[differences.Part, ...]
    both: str | None
    chosen: str
    is_missing: bool


@dataclass(frozen=True)
class Changed:
    """A field that only somebody else changed, and the difference from what was seen."""

    label: str
    parts: tuple[differences.Part, ...]


@dataclass(frozen=True)
class Meanwhile:
    """What somebody changed since the form was opened: what both changed, what was taken over
    because the person had left it alone, and what the form does not ask. `hidden` are the further
    names and values that the form carries.
    """

    version: Version | None
    clashes: tuple[Clash, ...]
    taken: tuple[Changed, ...]
    others: tuple[Changed, ...]
    hidden: tuple[tuple[str, str], ...]


class SeenFormMixin(GovFormMixin):
    """Goes before `forms.Form` or `forms.ModelForm`; `of` is the record whose versions are kept.

    The form carries a hidden `seen`, which its `input_class` takes as text and the action hands to
    `versions.check_seen`. When that refuses, the form shows by field what changed, and asks
    whose words to keep; what was typed stays in its boxes.
    """

    # The field's name in the versions, where it is another than the form's.
    version_names: ClassVar[Mapping[str, str]] = {}
    # What a field of the versions that the form does not ask is called.
    version_labels: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, of: models.Model, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        self.meanwhile: Meanwhile | None = None
        self._asked: list[str] = []
        self._unchosen: list[str] = []
        self.fields[SEEN] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial.setdefault(SEEN, versions.seen_of(of))
        self.make_ready()

    def full_clean(self) -> None:
        # Whose words are kept is put into the boxes first, and then judged as if it had been typed.
        if self.is_bound:
            self._keep_chosen()
        super().full_clean()
        if self._unchosen:
            self.meanwhile = self._built(self._first_seen(), self._seen_last(), self._asked)
            for name in self._unchosen:
                self.add_error(name, CHOOSE)

    def show_meanwhile(self, refusal: versions.StaleVersion) -> None:
        """Show what changed since the form was opened, with everything that was typed."""
        self.meanwhile = self._built(refusal.seen, refusal.latest, None)

    def _built(
        self, base: Version | None, latest: Version | None, asked: list[str] | None
    ) -> Meanwhile:
        """What is shown. `asked` are the fields that were asked about before; None: find out."""
        data = self._copied()
        was = base.fields if base else None
        theirs = dict(latest.fields) if latest else {}
        clashes: list[Clash] = []
        taken: list[Changed] = []
        keys = {name: self.version_names.get(name, name) for name in self.fields}
        kept = {name: key for name, key in keys.items() if key in theirs}
        mine = versions.plain({name: self._typed(name) for name in kept})
        for name, value in mine.items():
            key = kept[name]
            their_value = theirs.pop(key)
            # Where it is not known what was seen, an empty box loses nothing to a full one.
            before = was.get(key) if was is not None else None
            is_mine_as_before = versions.alike(value, before)
            is_theirs_as_before = versions.alike(their_value, before)
            if asked is None and not versions.alike(value, their_value):
                if is_mine_as_before:
                    put(data, self.add_prefix(name), self.fields[name], their_value)
                    taken.append(self._changed(name, was, key, their_value))
                    continue
                if is_theirs_as_before:
                    continue
            elif asked is None or name not in asked:
                continue
            base_value = (before or "") if was is not None else None
            clashes.append(self._clash(name, base_value, their_value, value))
        others = [
            self._changed("", was, key, value)
            for key, value in theirs.items()
            if was is None or not versions.alike(value, was.get(key))
        ]
        first = base.token if base else versions.NONE_SEEN
        data[self.add_prefix(SEEN)] = latest.token if latest else versions.NONE_SEEN
        self.data = data
        names = ",".join(clash.name.removeprefix("keep-") for clash in clashes)
        return Meanwhile(
            latest,
            tuple(clashes),
            tuple(taken),
            tuple(others),
            ((self.add_prefix("seen-first"), first), (self.add_prefix("asked"), names)),
        )

    def _clash(self, name: str, was: Any, theirs: Any, mine: Any) -> Clash:
        is_text = isinstance(theirs or "", str) and _takes_text(self.fields[name])
        my_words, their_words = self._in_words(name, mine), self._in_words(name, theirs)
        html_name = f"keep-{self.add_prefix(name)}"
        return Clash(
            html_name,
            self._label(name),
            my_words,
            their_words,
            tuple(differences.parts(their_words, my_words)),
            differences.both(was, theirs or "", mine or "").text if is_text else None,
            str(self.data.get(html_name, "")),
            name in self._unchosen,
        )

    def _changed(self, name: str, was: Mapping[str, Any] | None, key: str, now: Any) -> Changed:
        before = self._in_words(name, was.get(key)) if was else ""
        parts = differences.parts(before, self._in_words(name, now))
        return Changed(self._label(name) if name else self._label_of(key), tuple(parts))

    def _keep_chosen(self) -> None:
        asked = str(self.data.get(self.add_prefix("asked"), "")).split(",")
        fields = {self.add_prefix(name): name for name in self.fields}
        self._asked = [fields[name] for name in asked if name in fields]
        if not self._asked:
            return
        data = self._copied()
        base, latest = self._first_seen(), self._seen_last()
        for name in self._asked:
            html_name = self.add_prefix(name)
            key = self.version_names.get(name, name)
            theirs = latest.fields.get(key) if latest else None
            chosen = data.get(f"keep-{html_name}")
            if chosen == THEIRS:
                put(data, html_name, self.fields[name], theirs)
            elif chosen == BOTH and _takes_text(self.fields[name]):
                # Cleaned as the form cleans it: line ends of the browser are no difference.
                mine = (
                    str(self.fields[name].clean(self[name].data) or "")
                    if data.get(html_name)
                    else ""
                )
                was = base.fields.get(key) or "" if base else None
                data[html_name] = differences.both(was, theirs or "", mine).text
            elif chosen != MINE:
                self._unchosen.append(name)
        if not self._unchosen:
            # All is decided: it is the last version that the words now rest on.
            data.pop(self.add_prefix("asked"), None)
        self.data = data

    def _first_seen(self) -> Version | None:
        token = str(self.data.get(self.add_prefix("seen-first"), ""))
        return versions.version_seen(self.of, token)

    def _seen_last(self) -> Version | None:
        return versions.version_seen(self.of, str(self.data.get(self.add_prefix(SEEN), "")))

    def _copied(self) -> Any:
        if isinstance(self.data, QueryDict):
            return self.data.copy()
        return dict(self.data)

    def _typed(self, name: str) -> Any:
        return self.cleaned_data.get(name, self[name].data)

    def _label(self, name: str) -> str:
        return str(self.fields[name].label).removesuffix(" (optional)")

    def _label_of(self, key: str) -> str:
        return self.version_labels.get(key) or key.replace("_", " ").capitalize()

    def _in_words(self, name: str, value: Any) -> str:
        field = self.fields.get(name)
        if field and isinstance(field.widget, GovDateWidget) and value:
            return _day(value)
        if isinstance(value, bool):
            return "Yes" if value else "No"
        values = value if isinstance(value, list) else [value]
        labels = {
            str(key): str(label) for key, label in getattr(field, "choices", None) or () if key
        }
        return ", ".join(labels.get(str(one), str(one)) for one in values if one is not None)


class SeenForm(SeenFormMixin, forms.Form):
    """A plain form of a record whose versions are kept."""


class SeenModelForm(SeenFormMixin, forms.ModelForm):
    """A model's form of a record whose versions are kept."""


def _day(value: Any) -> str:
    try:
        return day_in_words(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def _takes_text(field: forms.Field) -> bool:
    return type(field) is forms.CharField


def put(data: Any, html_name: str, field: forms.Field, value: Any) -> None:
    """Put a stored value into the boxes of a form's data."""
    if isinstance(field.widget, GovDateWidget):
        # A date may come whole, too; its own boxes would go before it.
        for key in [key for key in data if key.startswith(f"{html_name}-")]:
            del data[key]
    if isinstance(value, list) and isinstance(data, QueryDict):
        data.setlist(html_name, [str(one) for one in value])
    elif value is None or value is False:
        data.pop(html_name, None)
    else:
        data[html_name] = (
            "on" if value is True else value if isinstance(value, list) else str(value)
        )
