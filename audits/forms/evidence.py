from typing import Any

from django import forms

from audits.actions.risk_contacts import RiskContactInput
from audits.contents import MOST_BYTES, TAKEN
from audits.models import Question, RiskContact, Template, VisitKind
from carequality.govuk.forms import GovForm, GovModelForm

NO_NAMES = "Write Person A or Person B, never a name."


def _questions(form: forms.Form, template: Template | None) -> None:
    """Offer the template's questions, or no choice where there are none."""
    if template is None:
        del form.fields["question"]
    else:
        form.fields["question"].queryset = Question.objects.of_template(template)  # type: ignore[attr-defined]  # a choice of records


class NoteForm(GovForm):
    submit_label = "Save the note"

    text = forms.CharField(
        label="Note", help_text=NO_NAMES, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    question = forms.ModelChoiceField(
        queryset=Question.objects.none(), required=False, label="Which question does it belong to?"
    )
    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, template: Template | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _questions(self, template)


class AttachmentForm(GovForm):
    submit_label = "Add it"

    file = forms.FileField(
        label="Photograph or document",
        help_text=f"Up to 10 MB: {TAKEN}. No faces, no names on doors or charts.",
    )
    caption = forms.CharField(max_length=200, required=False, label="What does it show?")
    question = forms.ModelChoiceField(
        queryset=Question.objects.none(), required=False, label="Which question does it belong to?"
    )
    from_provider = forms.BooleanField(required=False, label="The provider supplied it")

    def __init__(self, *args: Any, template: Template | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _questions(self, template)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The file may have 10 MB at most")
        return file


class ReasonForm(GovForm):
    """Why something is undone."""

    submit_kind = "warning"
    reason = forms.CharField(max_length=200, label="Why?")


class WithdrawForm(ReasonForm):
    submit_label = "Withdraw it"
    cancel_label = "Keep it"


class ReopenForm(GovForm):
    submit_label = "Open the visit again"
    cancel_label = "Leave it completed"

    reason = forms.CharField(
        label="What has to be corrected, and why?", widget=forms.Textarea(attrs={"rows": 4})
    )


class FeedbackForm(GovForm):
    submit_label = "Save the feedback sheet"

    good = forms.CharField(
        required=False, label="What was good", max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    change_now = forms.CharField(
        required=False,
        label="What must change at once",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    next_steps = forms.CharField(
        required=False, label="What happens next", max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    given_to = forms.CharField(required=False, max_length=120, label="Given to (their post)")
    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class RiskForm(GovForm):
    submit_label = "Record the risk"
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

    who_came = forms.CharField(
        max_length=300,
        label="Who came?",
        help_text="Their organisation and post, for example Healthwatch, two authorised representatives",
    )
    shared_before = forms.CharField(
        required=False, label="What was shared before the visit?", widget=forms.Textarea(attrs={"rows": 4})
    )
    shared_after = forms.CharField(
        required=False, label="What was shared after the visit?", widget=forms.Textarea(attrs={"rows": 4})
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
