from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from govuk.forms import GovFormMixin

TRY, IMPORT = "try", "import"


@dataclass(frozen=True)
class UploadInput:
    """A file of CQC's, the day that it is of where neither it nor its name says it, and whether it
    is only tried out.
    """

    file: UploadedFile
    as_at: date | None
    what: str


class UploadFileForm(GovFormMixin, forms.Form):
    input_class = UploadInput
    submit_label = "Bring the file"
    option_hints = {
        "what": {TRY: "Nothing is changed until you have seen the list and said yes."},
    }
    file = forms.FileField(
        label="File",
        help_text=(
            "Active Locations, Latest ratings, the directory, Deactivated Locations, or the"
            " dashboard’s export of locations: .ods, .xlsx or .csv. It is recognised by its"
            " columns."
        ),
        error_messages={"required": "Choose the file to bring"},
    )
    as_at = forms.DateField(
        label="Day that the file is of",
        required=False,
        help_text=(
            "Only if neither the file nor its name says it. Without a day, the file overwrites"
            " nothing that we hold."
        ),
    )
    what = forms.ChoiceField(
        label="What to do with it",
        choices=[(TRY, "First list what would change"), (IMPORT, "Import it")],
        initial=TRY,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.LARGEST_UPLOAD:
            limit = settings.LARGEST_UPLOAD // 1024**2
            raise forms.ValidationError(f"The file must be smaller than {limit} MB.")
        return file

    def clean_as_at(self) -> Any:
        day = self.cleaned_data["as_at"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("The day that the file is of must not lie ahead.")
        return day
