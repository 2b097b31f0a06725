from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from carequality.govuk.forms import GovFormMixin
from ratings.actions import files

TRY, IMPORT = "try", "import"


class BringFileForm(GovFormMixin, forms.Form):
    submit_label = "Bring the file"
    input_class = files.BringInput
    not_in_input = ("file", "what")  # but its name and what it holds; whether it is only tried
    option_hints = {
        "what": {TRY: "Nothing is changed until you have seen the list and said yes."},
    }
    file = forms.FileField(
        label="File",
        help_text="Active Locations, Latest ratings, the directory, Deactivated Locations, or the dashboard’s "
        "export of locations: .ods, .xlsx or .csv. It is recognised by its columns.",
        error_messages={"required": "Choose the file to bring"},
    )
    as_at = forms.DateField(
        label="Day that the file is of",
        required=False,
        help_text="Only if neither the file nor its name says it. Without a day, the file overwrites nothing that we hold.",
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

    def to_input(self, **more: Any) -> Any:
        file, is_dry_run = self.cleaned_data["file"], self.cleaned_data["what"] == TRY
        return super().to_input(name=file.name, chunks=file.chunks(), is_dry_run=is_dry_run, **more)
