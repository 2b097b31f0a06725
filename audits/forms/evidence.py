from typing import Any

from django import forms

from audits.actions.corrections import CorrectionInput
from audits.actions.evidence import (
    AttachmentInput,
    FeedbackInput,
    NoteInput,
    RiskInput,
    SharingInput,
)
from audits.actions.risk_contacts import RiskContactInput
from audits.forms.naming import NO_NAMES
from audits.models import FeedbackSheet, LooseNote, Question, RiskContact, Template, VisitKind
from concerns.forms import IdentifiersMixin
from core import versions
from documents.numbers import whole_number
from govuk.file_forms import FileForm
from govuk.forms import GovForm, GovModelForm
from govuk.seen_forms import SEEN, SeenFormMixin

WHICH_QUESTION = "Which question does it belong to?"


class OfAQuestionForm(GovForm):
    """Something that may belong to a question of the visit; without a template there is no question
    to choose.
    """

    def __init__(self, *args: Any, template: Template | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if template is None:
            del self.fields["question"]
        else:
            self.fields["question"].queryset = Question.objects.of_template(template)  # type: ignore[attr-defined]  # a choice of records

    def to_input(self, **more: Any) -> Any:
        if "question" not in self.fields:
            more["question_id"] = None
        return super().to_input(**more)


class CountedForm(SeenFormMixin):
    """Something of a visit that several people may change, and whose savings are counted: the
    action takes the number of the version seen, 0 for none.
    """

    def __init__(self, *args: Any, of: LooseNote | FeedbackSheet, **kwargs: Any) -> None:
        super().__init__(*args, of=of, **kwargs)
        if versions.latest(of) is None:
            # Written before versions were kept: its number alone says what was seen.
            self.initial[SEEN] = str(of.version)

    def to_input(self, **more: Any) -> Any:
        self.cleaned_data[SEEN] = whole_number(self.cleaned_data[SEEN].partition("-")[0]) or 0
        return super().to_input(**more)


class NoteForm(CountedForm, OfAQuestionForm):
    """A loose note, and the question under which it is filed."""

    submit_label = "Save the note"
    input_class = NoteInput

    text = forms.CharField(
        label="Note",
        help_text=NO_NAMES,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version_names = {"question": "question_id"}

    question = forms.ModelChoiceField(
        queryset=Question.objects.none(), required=False, label=WHICH_QUESTION
    )


class AttachmentForm(FileForm, OfAQuestionForm):
    """A photograph or a document to add to a visit."""

    input_class = AttachmentInput

    question = forms.ModelChoiceField(
        queryset=Question.objects.none(), required=False, label=WHICH_QUESTION
    )
    from_provider = forms.BooleanField(required=False, label="The provider supplied this file")


class ReopenForm(GovForm):
    """Why a completed visit is reopened."""

    submit_label = "Reopen the visit"
    input_class = CorrectionInput
    cancel_label = "Keep the visit completed"

    reason = forms.CharField(
        label="What has to be corrected, and why?", widget=forms.Textarea(attrs={"rows": 4})
    )


class FeedbackForm(CountedForm, GovForm):
    """The feedback sheet for the service's manager."""

    submit_label = "Save the feedback sheet"
    input_class = FeedbackInput

    good = forms.CharField(
        required=False,
        label="What was good",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    change_now = forms.CharField(
        required=False,
        label="What must change immediately",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    next_steps = forms.CharField(
        required=False,
        label="What happens next",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    given_to = forms.CharField(
        required=False,
        max_length=120,
        label="Who did you give it to?",
        help_text="Enter their post, for example deputy manager",
    )


class RiskForm(IdentifiersMixin, GovForm):
    """An immediate risk, which becomes a concern: what no concern may hold is stopped here too."""

    submit_label = "Record the risk"
    input_class = RiskInput
    texts = ("what", "done")
    submit_kind = "warning"

    what = forms.CharField(
        label="What is the danger?",
        help_text=f"We record this as a concern of very high risk. {NO_NAMES}",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    done = forms.CharField(
        required=False,
        label="What have you done about it?",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    # Made with the page: sent twice, it is one concern.
    risk_id = forms.UUIDField(widget=forms.HiddenInput)


class SharingForm(GovForm):
    """Who came to a visit with partners, and what was shared."""

    submit_label = "Save what was shared"
    input_class = SharingInput

    who_came = forms.CharField(
        max_length=300,
        label="Who came?",
        help_text=(
            "Enter their organisation and post, for example Healthwatch, two authorised"
            " representatives"
        ),
    )
    shared_before = forms.CharField(
        required=False,
        label="What was shared before the visit?",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    shared_after = forms.CharField(
        required=False,
        label="What was shared after the visit?",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partner = "Healthwatch" if kind == VisitKind.ENTER_AND_VIEW else "the partners"
        for name in ("shared_before", "shared_after"):
            self.fields[name].help_text = f"Include what the council and {partner} gave each other"


class RiskContactForm(GovModelForm):
    """A contact for immediate risks."""

    submit_label = "Save the contact"
    input_class = RiskContactInput

    class Meta:
        model = RiskContact
        fields = ["name", "phone", "when", "order"]
        labels = {"order": "Position in the list"}
        error_messages = {
            "name": {"required": "Enter a name"},
            "phone": {"required": "Enter a telephone number"},
        }
