from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import QueryDict

from audits.actions import words
from audits.actions.visits import Entry
from audits.forms import clashes
from audits.models import Answer, AnswerKind, EvidenceSource, Question, VisitOutcome
from audits.rules import evidence
from core import versions
from documents import dates
from documents import text as door
from documents.numbers import whole_number
from govuk.fields import GovDateField
from govuk.forms import GovForm
from govuk.seen_forms import Clash, put

# A field's own max_length would draw a counter under every box of a long page.
LONGEST = MaxLengthValidator(
    door.LONGEST, "Enter 20,000 characters or fewer. This has %(show_value)d"
)
OTHER_SOURCES = [source for source in EvidenceSource if source != EvidenceSource.SEEN]
NOT_APPLICABLE = "not-applicable"
YES_NO = [("yes", "Yes"), ("no", "No")]


class AnswersForm(GovForm):
    """The questions of one section of a visit. Nothing in it is required: gaps may stay until the
    visit is completed.

    Each question has `q<id>-value`, `-evidence` (what was seen), `-records` and the other sources,
    `-note` and the hidden `-seen`, the version of the stored answer that was shown; those of
    numbers, text and dates that may be not applicable also `-na` (the others have a radio for it).
    """

    mark_optional = False
    form_tag = False

    def __init__(
        self,
        *args: Any,
        questions: Iterable[Question],
        answers: Mapping[int, Answer],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        self.stored = answers
        self.clashes: dict[int, Clash] = {}
        self._unchosen: set[int] = set()
        for question in self.questions:
            answer = answers.get(question.pk)
            for name, value in _shown(question, answer).items():
                self.initial[f"q{question.pk}-{name}"] = value
            self.fields[f"q{question.pk}-value"] = _value_field(question)
            if question.na_allowed and not _has_radios(question):
                self.fields[f"q{question.pk}-na"] = forms.BooleanField(
                    required=False, label="Not applicable"
                )
            self.fields[f"q{question.pk}-evidence"] = forms.CharField(
                required=False,
                validators=[LONGEST],
                label="Evidence (required)" if question.evidence_required else "Evidence",
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            for source in OTHER_SOURCES:
                self.fields[f"q{question.pk}-{source}"] = forms.CharField(
                    required=False,
                    validators=[LONGEST],
                    label=evidence.IN_WORDS[source],
                    widget=forms.Textarea(attrs={"rows": 2}),
                )
            self.fields[f"q{question.pk}-note"] = forms.CharField(
                required=False,
                validators=[LONGEST],
                label="Note",
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"q{question.pk}-seen"] = forms.IntegerField(
                min_value=0, required=False, widget=forms.HiddenInput
            )
        self.make_ready()
        if self.is_bound:
            self._keep_chosen()

    def full_clean(self) -> None:
        super().full_clean()
        for question in self.questions:
            if question.pk in self._unchosen:
                self.add_error(f"q{question.pk}-value", clashes.CHOOSE)

    def names_of(self, question: Question) -> list[str]:
        """The names of a question's fields."""
        return [name for name in self.fields if name.startswith(f"q{question.pk}-")]

    def is_sound(self, question: Question) -> bool:
        """Whether what was typed for a question has no fault."""
        return not any(name in self.errors for name in self.names_of(question))

    def to_input(self, **more: Any) -> list[Entry]:
        """What can be saved: the answers of every question without a fault."""
        return [self._entry(question) for question in self.questions if self.is_sound(question)]

    def _entry(self, question: Question) -> Entry:
        data = {
            name.partition("-")[2]: self.cleaned_data.get(name) for name in self.names_of(question)
        }
        value = data["value"]
        not_applicable = bool(data.get("na")) or value == NOT_APPLICABLE
        return Entry(
            question_id=question.pk,
            value="" if not_applicable or value is None else _as_text(value),
            not_applicable=not_applicable,
            sources={
                EvidenceSource.SEEN: data["evidence"] or "",
                **{s: data[s] or "" for s in OTHER_SOURCES},
            },
            note=data["note"] or "",
            seen=data["seen"] or 0,
        )

    def seen_again(self, stored: Mapping[int, Answer]) -> QueryDict:
        """What was typed, to be shown again after a save that left something over: the sound
        answers are now seen as they are stored.
        """
        data = QueryDict(mutable=True)
        data.update(self.data)
        for question in self.questions:
            if self.is_sound(question):
                answer = stored.get(question.pk)
                data[f"q{question.pk}-seen"] = str(answer.version if answer else 0)
        return data

    def show_conflict(self, conflict: Mapping[int, Answer], seen: Mapping[int, int]) -> None:
        """Show by each question that a colleague has changed what they made of it, and ask whose
        words to keep. `seen` is the version that the person had typed over.
        """
        for question in self.questions:
            if answer := conflict.get(question.pk):
                # A copy of what was typed holds what stands now as seen; what both began with goes
                # along beside it.
                data: Any = self.data
                data[f"q{question.pk}-first"] = str(seen.get(question.pk, 0))
                self.clashes[question.pk] = self._clash(question, answer, is_missing=False)
                self.add_error(f"q{question.pk}-value", evidence.conflict(answer.saved_by))

    def show_unchosen(self) -> None:
        """Ask again where it was not said whose words to keep."""
        for question in self.questions:
            answer = self.stored.get(question.pk)
            if question.pk in self._unchosen and answer:
                self.clashes[question.pk] = self._clash(question, answer, is_missing=True)

    def first_seen(self, question: Question) -> int:
        """The version that was typed over where a colleague changed it meanwhile; 0 for none."""
        return whole_number(str(self.data.get(f"q{question.pk}-first", ""))) or 0

    def _keep_chosen(self) -> None:
        """Put the words that were chosen into the boxes, to be judged as if they had been typed."""
        asked = [each for each in self.questions if f"q{each.pk}-first" in self.data]
        if not asked:
            return
        data: Any = self.data
        data = data.copy()
        for question in asked:
            chosen = data.get(f"q{question.pk}-keep")
            answer = self.stored.get(question.pk)
            if answer is None or chosen == clashes.MINE:
                pass
            elif chosen == clashes.THEIRS:
                self._put(data, question, _shown(question, answer))
            elif chosen == clashes.BOTH:
                base = self._base(question, answer)
                together = clashes.both(question, base, _fields(answer), self._typed(question))
                self._put(data, question, together)
            else:
                self._unchosen.add(question.pk)
                continue
            del data[f"q{question.pk}-first"]
        self.data = data

    def _put(self, data: QueryDict, question: Question, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            field = self.fields.get(f"q{question.pk}-{name}")
            if field and name != "seen":
                put(data, f"q{question.pk}-{name}", field, value)

    def _clash(self, question: Question, answer: Answer, *, is_missing: bool) -> Clash:
        typed = self._typed(question)
        not_applicable = typed.get("value") == NOT_APPLICABLE or bool(typed.get("na"))
        return clashes.clash(
            question,
            self._base(question, answer),
            _fields(answer),
            typed,
            not_applicable,
            "",
            is_missing,
        )

    def _base(self, question: Question, answer: Answer) -> Mapping[str, Any] | None:
        number = self.first_seen(question)
        return next((v.fields for v in versions.history(answer) if v.number == number), None)

    def _typed(self, question: Question) -> dict[str, str]:
        """What stands in a question's boxes, as the form cleans it."""
        found = {}
        for name in self.names_of(question):
            field, value = self.fields[name], self[name].data
            try:
                value = _as_text(field.clean(value)) if value else ""
            except forms.ValidationError:
                value = str(value)
            found[name.partition("-")[2]] = value
        return found


def _has_radios(question: Question) -> bool:
    return question.kind in (AnswerKind.RATING, AnswerKind.YES_NO, AnswerKind.CHOICE)


def _value_field(question: Question) -> forms.Field:
    label = question.text
    if _has_radios(question):
        choices: list[tuple[str, str]] = (
            [(str(value), str(text)) for value, text in VisitOutcome.choices]
            if question.kind == AnswerKind.RATING
            else (
                YES_NO
                if question.kind == AnswerKind.YES_NO
                else [(option["value"], option["label"]) for option in question.options]
            )
        )
        if question.na_allowed:
            choices = [*choices, (NOT_APPLICABLE, "Not applicable")]
        radios = forms.RadioSelect(attrs={"class": "govuk-radios--small govuk-radios--inline"})
        return forms.ChoiceField(
            required=False, label=label, help_text=question.guidance, choices=choices, widget=radios
        )
    shared: dict[str, Any] = {"required": False, "label": label, "help_text": question.guidance}
    if question.kind == AnswerKind.NUMBER:
        return forms.DecimalField(max_digits=12, decimal_places=2, **shared)
    if question.kind == AnswerKind.DATE:
        return GovDateField(within=dates.LASTING, **shared)
    return forms.CharField(validators=[LONGEST], widget=forms.Textarea(attrs={"rows": 3}), **shared)


def _fields(answer: Answer) -> dict[str, Any]:
    """A stored answer as its versions hold it."""
    return {name: getattr(answer, name) for name in words.KEPT[Answer]}


def _as_text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _shown(question: Question, answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        return {"seen": 0}
    sources = evidence.by_source(answer.evidence, answer.sources)
    by_radio = answer.not_applicable and _has_radios(question)
    return {
        "value": NOT_APPLICABLE if by_radio else answer.value,
        "na": answer.not_applicable,
        "evidence": sources.get(EvidenceSource.SEEN, ""),
        **{source: sources.get(source, "") for source in OTHER_SOURCES},
        "note": answer.note,
        "seen": answer.version,
    }
