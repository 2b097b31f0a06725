from typing import Any, ClassVar

from django import forms

from documents.pdf import PdfError
from govuk.forms import GovFormMixin
from reports.actions.clearing import ApprovalInput, CorrectionInput, ReleaseNameInput
from reports.actions.writing import FactsInput, NewSectionInput, SectionInput
from reports.models import Paper, PaperPart, Section, Side
from reports.papers import rendering


def printable(text: str) -> str:
    """The text, if a paper can be set with it; a field's error if it has a character that no
    paper's font has.
    """
    try:
        rendering.check(text)
    except PdfError as error:
        raise forms.ValidationError(str(error)) from error
    return text


class FactsForm(GovFormMixin, forms.ModelForm):
    input_class = FactsInput
    submit_label = "Save"
    fieldsets = (
        ("The report", ["title", "report_of", "signatory_name"]),
        ("The meeting", ["committee", "meeting_on", "agenda_item"]),
        ("The figures", ["as_at", "since", "suspension_grouping"]),
        ("What is exempt", ["exempt_paragraph", "public_interest"]),
    )
    as_select = ("exempt_paragraph",)
    widths: ClassVar[dict[str, int]] = {"agenda_item": 5}

    class Meta:
        model = Paper
        fields = [
            "title",
            "report_of",
            "signatory_name",
            "committee",
            "meeting_on",
            "agenda_item",
            "as_at",
            "since",
            "suspension_grouping",
            "exempt_paragraph",
            "public_interest",
        ]
        help_texts = {
            "report_of": "The post, for example Corporate Director, Adult Social Care and Health",
            "public_interest": (
                "Why the public interest in maintaining the exemption outweighs that in disclosing"
                " the information. It stands in both files: name nobody here"
            ),
        }
        error_messages = {
            "meeting_on": {"required": "Enter the date of the meeting"},
            "as_at": {"required": "Enter the day of which the figures are to be true"},
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        as_at, meeting_on, since = (cleaned.get(name) for name in ("as_at", "meeting_on", "since"))
        if as_at and meeting_on and as_at > meeting_on:
            self.add_error("as_at", "The figures cannot be as at a day after the meeting")
        if as_at and since and since >= as_at:
            self.add_error("since", "The last report’s day must be before this one’s")
        for name in ("title", "committee", "report_of", "signatory_name", "public_interest"):
            if text := cleaned.get(name):
                try:
                    printable(text)
                except forms.ValidationError as error:
                    self.add_error(name, error)
        return cleaned


class SectionForm(GovFormMixin, forms.ModelForm):
    input_class = SectionInput
    submit_label = "Save the section"

    class Meta:
        model = Section
        fields = ["heading", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 20})}
        help_texts = {
            "body": (
                "A blank line ends a paragraph. Begin a line with “- ” for a list, with “## ” for a"
                " heading, with “> ” for an example that is set apart. Paragraphs are numbered when"
                " the paper is made"
            )
        }
        error_messages = {"heading": {"required": "Enter a heading"}}

    def clean_heading(self) -> str:
        return printable(self.cleaned_data["heading"])

    def clean_body(self) -> str:
        return printable(self.cleaned_data["body"])


class AddSectionForm(GovFormMixin, forms.Form):
    input_class = NewSectionInput
    input_names: ClassVar[dict[str, str]] = {"where": "side"}
    submit_label = "Add the section"

    heading = forms.CharField(max_length=150, error_messages={"required": "Enter a heading"})
    where = forms.ChoiceField(
        label="Which file it is for",
        choices=[
            (Side.PUBLIC.value, "The public paper"),
            (Side.EXEMPT.value, "The Exempt Appendix"),
        ],
        initial=Side.PUBLIC.value,
    )
    after = forms.ModelChoiceField(
        Section.objects.none(), label="Behind which section", required=False, empty_label="The last"
    )

    def __init__(self, *args: Any, paper: Paper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        behind = paper.sections.filter(part=PaperPart.NARRATIVE)
        self.fields["after"].queryset = behind  # type: ignore[attr-defined]  # a choice of sections

    def clean_heading(self) -> str:
        return printable(self.cleaned_data["heading"])


class ReleaseNameForm(GovFormMixin, forms.Form):
    input_class = ReleaseNameInput
    submit_label = "Release this name"
    submit_kind = "warning"

    reason = forms.CharField(
        label="Why may it stand in public?",
        help_text="Your reason is kept with the paper",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        error_messages={"required": "Enter why the name may stand in public"},
    )


class ApproveForm(GovFormMixin, forms.Form):
    input_class = ApprovalInput
    not_in_input = ("read_both",)
    submit_label = "Approve and seal both files"

    read_both = forms.BooleanField(
        label="I have read both files, and the public one may be published",
        error_messages={"required": "Confirm that you have read both files"},
    )
    public_sha256 = forms.CharField(widget=forms.HiddenInput)
    exempt_sha256 = forms.CharField(widget=forms.HiddenInput)


class NewVersionForm(GovFormMixin, forms.Form):
    input_class = CorrectionInput
    submit_label = "Start the new version"

    correction = forms.CharField(
        label="What does it correct?",
        help_text="Printed at the head of both files: name nobody here",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        error_messages={"required": "Enter what this version corrects"},
    )

    def clean_correction(self) -> str:
        return printable(self.cleaned_data["correction"])
