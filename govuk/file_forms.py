"""The forms by which every app takes a file in, and withdraws one."""

from typing import Any

from django import forms

from documents import file_kinds
from documents.actions import FileInput, WithdrawInput
from govuk.forms import GovForm


class FileForm(GovForm):
    """A photograph or a document, and what it shows."""

    submit_label = "Add the file"
    input_class = FileInput
    not_in_input = ("file",)  # but what it holds, and its name

    file = forms.FileField(
        label="Photograph or document",
        help_text=(
            f"You can add {file_kinds.TAKEN}, up to {file_kinds.LARGEST_IN_WORDS}. Do not show"
            " faces, or names on doors or charts."
        ),
        widget=forms.FileInput(attrs={"accept": file_kinds.accepted_suffixes()}),
        error_messages={
            "required": "Select the file to add",
            "empty": file_kinds.refusal("empty").message,
        },
    )
    caption = forms.CharField(max_length=200, required=False, label="What does it show?")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        # Asked before its bytes are read: a film of some gigabytes would fill the memory.
        if file.size > file_kinds.LARGEST:
            refusal = file_kinds.refusal("too_large")
            raise forms.ValidationError(refusal.message, code=refusal.code)
        return file

    def to_input(self, **more: Any) -> Any:
        file = self.cleaned_data["file"]
        return super().to_input(data=file.read(), name=file.name, **more)


class WithdrawFileForm(GovForm):
    """Why a file is withdrawn."""

    submit_label = "Withdraw the file"
    submit_kind = "warning"
    cancel_label = "Keep the file"
    input_class = WithdrawInput

    reason = forms.CharField(max_length=200, label="Why are you withdrawing the file?")


# Said when it is done, on every page that does it.
WITHDRAWN = "The file has been withdrawn and its contents destroyed."
