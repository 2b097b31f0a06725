"""The forms of papers."""

from typing import Any, ClassVar

from django import forms

from documents import dates
from govuk.forms import GovFormMixin
from govuk.seen_forms import SeenModelForm
from reports.actions.clearing import (
    CORRECTION_MISSING,
    REASON_MISSING,
    ApprovalInput,
    CorrectionInput,
    ReleaseNameInput,
)
from reports.actions.writing import FactsInput, NewSectionInput, SectionInput
from reports.models import Paper, PaperPart, Section, Side

NAME_NOBODY = "This is printed in both files, so do not name any service or person"
HEADING_MISSING = "Enter a heading"


class FactsForm(GovFormMixin, forms.ModelForm):
    input_class = FactsInput
    submit_label = "Save the facts"
    fieldsets = (
        ("The report", ["title", "report_of", "signatory_name"]),
        ("The meeting", ["committee", "meeting_on", "agenda_item"]),
        ("The figures", ["as_at", "since", "suspension_grouping"]),
        ("What is exempt", ["exempt_paragraph", "public_interest"]),
    )
    as_select = ("exempt_paragraph",)
    widths: ClassVar[dict[str, int]] = {"agenda_item": 5}
    date_ranges = {
        "meeting_on": dates.PLANNED,
        "as_at": dates.HAPPENED,
        "since": dates.HAPPENED,
    }

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
            "report_of": (
                "A job title, for example Corporate Director, Adult Social Care and Health"
            ),
            "public_interest": (
                "Say why the public interest in maintaining the exemption outweighs the public"
                f" interest in disclosing the information. {NAME_NOBODY}"
            ),
        }
        error_messages = {
            "meeting_on": {"required": "Enter the date of the meeting"},
            "as_at": {"required": "Enter the date of the figures"},
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        as_at, meeting_on, since = (cleaned.get(name) for name in ("as_at", "meeting_on", "since"))
        if as_at and meeting_on and as_at > meeting_on:
            self.add_error(
                "as_at", "Date of the figures must be the date of the meeting or before it"
            )
        if as_at and since and since >= as_at:
            self.add_error(
                "since",
                "Date of the figures in the last report must be before the date of the figures",
            )
        return cleaned


class SectionForm(SeenModelForm):
    input_class = SectionInput
    submit_label = "Save the section"

    class Meta:
        model = Section
        fields = ["heading", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 20})}
        help_texts = {
            "body": (
                "Leave a blank line between paragraphs. Begin a line with “- ” for an item of a"
                " list, “## ” for a heading, or “> ” for an example. We number the paragraphs when"
                " the files are made"
            )
        }
        error_messages = {"heading": {"required": HEADING_MISSING}}


class AddSectionForm(GovFormMixin, forms.Form):
    input_class = NewSectionInput
    input_names: ClassVar[dict[str, str]] = {"where": "side"}
    submit_label = "Add the section"

    heading = forms.CharField(max_length=150, error_messages={"required": HEADING_MISSING})
    where = forms.ChoiceField(
        label="Which file is the section for?",
        error_messages={"required": "Select which file the section is for"},
        choices=[
            (Side.PUBLIC.value, "The public paper"),
            (Side.EXEMPT.value, "The Exempt Appendix"),
        ],
        initial=Side.PUBLIC.value,
    )
    after = forms.ModelChoiceField(
        Section.objects.none(),
        label="Which section does it follow?",
        required=False,
        empty_label="The last section",
    )

    def __init__(self, *args: Any, paper: Paper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        before = paper.sections.filter(part=PaperPart.NARRATIVE)
        self.fields["after"].queryset = before  # type: ignore[attr-defined]  # a choice of sections


class ReleaseNameForm(GovFormMixin, forms.Form):
    input_class = ReleaseNameInput
    submit_label = "Release this name"
    submit_kind = "warning"

    reason = forms.CharField(
        label="Why can this name be published?",
        help_text="We keep your reason with the paper",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        error_messages={"required": REASON_MISSING},
    )


class ApproveForm(GovFormMixin, forms.Form):
    input_class = ApprovalInput
    not_in_input = ("read_both",)
    submit_label = "Approve and seal both files"

    read_both = forms.BooleanField(
        label="I have read both files, and the public paper can be published",
        error_messages={"required": "Confirm that you have read both files"},
    )
    # What is approved are the files that this page showed, not those that may stand there by then.
    public_sha256 = forms.CharField(widget=forms.HiddenInput)
    exempt_sha256 = forms.CharField(widget=forms.HiddenInput)


class NewVersionForm(GovFormMixin, forms.Form):
    input_class = CorrectionInput
    submit_label = "Start the new version"

    correction = forms.CharField(
        label="What does the new version correct?",
        help_text=NAME_NOBODY,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        error_messages={"required": CORRECTION_MISSING},
    )
