from typing import Any

from django import forms

from audits.actions.corrections import CorrectionInput
from audits.actions.evidence import (
    AttachmentInput,
    FeedbackInput,
    NoteInput,
    RiskInput,
    SharingInput,
    WithdrawInput,
)
from audits.actions.risk_contacts import RiskContactInput
from audits.contents import MOST_BYTES, TAKEN
from audits.models import Question, RiskContact, Template, VisitKind
from govuk.forms import GovForm, GovModelForm

NO_NAMES = "Write Person A or Person B, never a name."


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


class SeenForm(GovForm):
    """Something that several people may change: `seen` is the version that the page showed, 0 for
    none.
    """

    def clean_seen(self) -> int:
        seen: int | None = self.cleaned_data["seen"]
        return seen or 0

    def see(self, version: int) -> None:
        """Show what was typed over the version that stands now: saving again is meant."""
        self.data = {**self.data.dict(), "seen": version}  # type: ignore[attr-defined]  # what a browser sent


class NoteForm(OfAQuestionForm, SeenForm):
    submit_label = "Save the note"
    input_class = NoteInput

    text = forms.CharField(
        label="Note",
        help_text=NO_NAMES,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    question = forms.ModelChoiceField(
        queryset=Question.objects.none(), required=False, label="Which question does it belong to?"
    )
    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class AttachmentForm(OfAQuestionForm):
    submit_label = "Add it"
    input_class = AttachmentInput
    not_in_input = ("file",)  # but what it holds, and its name

    file = forms.FileField(
        label="Photograph or document",
        help_text=f"Up to 10 MB: {TAKEN}. No faces, no names on doors or charts.",
    )
    caption = forms.CharField(max_length=200, required=False, label="What does it show?")
    question = forms.ModelChoiceField(
        queryset=Question.objects.none(), required=False, label="Which question does it belong to?"
    )
    from_provider = forms.BooleanField(required=False, label="The provider supplied it")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The file may have 10 MB at most")
        return file

    def to_input(self, **more: Any) -> Any:
        file = self.cleaned_data["file"]
        return super().to_input(data=file.read(), name=file.name, **more)


class WithdrawForm(GovForm):
    submit_label = "Withdraw it"
    submit_kind = "warning"
    cancel_label = "Keep it"
    input_class = WithdrawInput

    reason = forms.CharField(max_length=200, label="Why?")


class ReopenForm(GovForm):
    submit_label = "Open the visit again"
    input_class = CorrectionInput
    cancel_label = "Leave it completed"

    reason = forms.CharField(
        label="What has to be corrected, and why?", widget=forms.Textarea(attrs={"rows": 4})
    )


class FeedbackForm(SeenForm):
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
        label="What must change at once",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    next_steps = forms.CharField(
        required=False,
        label="What happens next",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    given_to = forms.CharField(required=False, max_length=120, label="Given to (their post)")
    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class RiskForm(GovForm):
    submit_label = "Record the risk"
    input_class = RiskInput
    submit_kind = "warning"

    what = forms.CharField(
        label="What is the danger?",
        help_text="Name nobody who uses the service. It becomes a concern of very high risk.",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    done = forms.CharField(
        required=False,
        label="What have you done about it?",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    # Made with the page: pressed twice, it is one concern.
    risk_id = forms.UUIDField(widget=forms.HiddenInput)


class SharingForm(GovForm):
    submit_label = "Save"
    input_class = SharingInput

    who_came = forms.CharField(
        max_length=300,
        label="Who came?",
        help_text=(
            "Their organisation and post, for example Healthwatch, two authorised representatives"
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
        self.fields["shared_before"].help_text = f"By the council with {partner}, and by {partner}"


class RiskContactForm(GovModelForm):
    submit_label = "Save"
    input_class = RiskContactInput

    class Meta:
        model = RiskContact
        fields = ["name", "phone", "when", "order"]
        labels = {"order": "Place in the list"}
        error_messages = {
            "name": {"required": "Enter who answers"},
            "phone": {"required": "Enter the telephone number"},
        }
