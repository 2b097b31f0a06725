from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from documents import dates
from govuk.fields import GovDateField
from govuk.forms import GovFormMixin

TRY, IMPORT = "try", "import"


@dataclass(frozen=True)
class UploadInput:
    """A file of CQC's, the day that it is of where neither it nor its name says it, and whether it
    is only checked.
    """

    file: UploadedFile
    as_at: date | None
    what: str


class UploadFileForm(GovFormMixin, forms.Form):
    input_class = UploadInput
    submit_label = "Upload the file"
    option_hints = {
        "what": {TRY: "Nothing changes until you have seen the list and imported the file"},
    }
    file = forms.FileField(
        label="File",
        help_text=(
            "Active Locations, Latest ratings, the directory, Deactivated Locations, or the"
            " dashboard’s export of locations, as .ods, .xlsx or .csv. We recognise a file by its"
            " columns"
        ),
        error_messages={"required": "Select the file to upload"},
    )
    as_at = GovDateField(
        within=dates.HAPPENED,
        label="Day of the file",
        required=False,
        help_text=(
            "Enter it only if neither the file nor its name gives the day. Without a day, the file"
            " does not overwrite anything that we hold"
        ),
    )
    what = forms.ChoiceField(
        label="What do you want to do?",
        choices=[(TRY, "See what would change first"), (IMPORT, "Import the file now")],
        initial=TRY,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.LARGEST_UPLOAD:
            limit = settings.LARGEST_UPLOAD // 1024**2
            raise forms.ValidationError(f"The file must be smaller than {limit}MB")
        return file

    def clean_as_at(self) -> Any:
        day = self.cleaned_data["as_at"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("Day of the file must be today or in the past")
        return day
