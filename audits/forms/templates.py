import re
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.text import slugify

from audits import files
from audits.actions.templates import (
    PublishInput,
    QuestionInput,
    StandardInput,
    TemplateInput,
    TemplateSectionInput,
)
from audits.forms.words import CODE_RULE, FIRST_PLACE
from audits.models import AnswerKind, Question, Standard, Template, TemplateSection
from govuk.forms import GovForm, GovModelForm
from providers.vocabulary import ServiceType

OPTION = re.compile(r"(?P<label>.+?)\s*[=|:]\s*(?P<points>\d{1,3})")


class TemplateForm(GovModelForm):
    submit_label = "Save the template"
    input_class = TemplateInput
    service_types = forms.MultipleChoiceField(
        choices=ServiceType.choices, label="Which types of service is it for?"
    )
    fieldsets = (
        ("The template", ["name", "key", "service_types", "beside_main", "introduction"]),
        ("Scores for each outcome", ["excellent_from", "good_from", "improvement_from"]),
    )
    suffixes = {"excellent_from": "%", "good_from": "%", "improvement_from": "%"}

    class Meta:
        model = Template
        fields = [
            "name",
            "key",
            "service_types",
            "beside_main",
            "introduction",
            "excellent_from",
            "good_from",
            "improvement_from",
        ]
        labels = {
            "key": "Short name",
            "excellent_from": "Excellent from",
            "good_from": "Good from",
            "improvement_from": "Requires improvement from",
        }
        help_texts = {
            "key": f"{CODE_RULE}. Every version keeps this name",
            "introduction": "What the officer should know before the visit",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["key"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = ("improvement_from", "good_from", "excellent_from")
        steps = [data[name] for name in names if data.get(name) is not None]
        if not all(low < high for low, high in pairwise(steps)):
            self.add_error(
                "good_from",
                "The percentages must rise from Requires improvement to Good to Excellent",
            )
        return data

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not files.CODE.fullmatch(key):
            raise forms.ValidationError(CODE_RULE)
        return key

    def to_input(self, **more: Any) -> Any:
        # Every version keeps the key of the first.
        return super().to_input(
            **({} if "key" in self.fields else {"key": self.instance.key}), **more
        )


class TemplateSectionForm(GovModelForm):
    submit_label = "Save the section"
    input_class = TemplateSectionInput
    position = forms.IntegerField(min_value=1, max_value=500, help_text=FIRST_PLACE)

    class Meta:
        model = TemplateSection
        fields = ["title"]


class StandardForm(GovModelForm):
    submit_label = "Save the standard"
    input_class = StandardInput
    position = forms.IntegerField(min_value=1, max_value=500, help_text=FIRST_PLACE)

    class Meta:
        model = Standard
        fields = ["title", "statement"]
        labels = {"statement": "What a good service does"}


class QuestionForm(GovModelForm):
    submit_label = "Save the question"
    input_class = QuestionInput
    not_in_input = ("choices",)  # given as `options`
    reveals = {"kind": {AnswerKind.CHOICE: ["choices"]}}
    choices = forms.CharField(
        required=False,
        label="Answers to choose from",
        help_text=(
            "Enter one answer on each line, best first, with its points from 0 to 100. For example,"
            " All of those read = 100"
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    position = forms.IntegerField(min_value=1, max_value=500, help_text=FIRST_PLACE)

    class Meta:
        model = Question
        fields = [
            "text",
            "code",
            "guidance",
            "kind",
            "weight",
            "na_allowed",
            "evidence_required",
            "critical",
        ]
        labels = {"code": "Short name", "kind": "How is the question answered?"}
        help_texts = {
            "code": (
                f"{CODE_RULE}. Keep the name from version to version, so that last year’s answer"
                " can be shown"
            ),
            "weight": "From 0 to 10. Text, numbers and dates are never scored",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            lines = [f"{option['label']} = {option['points']}" for option in self.instance.options]
            self.initial.setdefault("choices", "\n".join(lines))

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not files.CODE.fullmatch(code):
            raise forms.ValidationError(CODE_RULE)
        template = self.instance.standard.section.template
        others = (
            Question.objects.of_template(template).exclude(pk=self.instance.pk).filter(code=code)
        )
        if other := others.first():
            raise forms.ValidationError(
                f"Enter another short name: “{other.text}” already has this one"
            )
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.instance.options = []
        if data.get("kind") == AnswerKind.CHOICE:
            self.instance.options = self._options(data.get("choices") or "")
        elif data.get("kind") in (AnswerKind.TEXT, AnswerKind.NUMBER, AnswerKind.DATE):
            data["weight"], data["critical"] = 0, False
        return data

    def _options(self, text: str) -> list[dict[str, Any]]:
        options: list[dict[str, Any]] = []
        for line in filter(None, map(str.strip, text.splitlines())):
            match = OPTION.fullmatch(line)
            if not match or int(match["points"]) > 100:
                self.add_error(
                    "choices",
                    f"Add an equals sign and points from 0 to 100 to the end of “{line}”",
                )
                continue
            value = slugify(match["label"])[:60] or f"answer-{len(options) + 1}"
            options.append(
                {"value": value, "label": match["label"][:120], "points": int(match["points"])}
            )
        if "choices" not in self.errors:
            if len(options) < 2:
                self.add_error("choices", "Enter at least two answers, one on each line")
            elif len({option["value"] for option in options}) < len(options):
                self.add_error("choices", "Each answer must be different")
        return options

    def to_input(self, **more: Any) -> Any:
        return super().to_input(options=self.instance.options, **more)


class PublishForm(GovForm):
    submit_label = "Bring into use"
    input_class = PublishInput

    changes = forms.CharField(max_length=200, label="What changed in this version?")


class ImportForm(GovForm):
    submit_label = "Import the template"

    file = forms.FileField(
        label="Template file",
        help_text="A TOML file like those that you can export from a template",
    )

    def clean_file(self) -> files.TemplateInFile:
        upload = self.cleaned_data["file"]
        if upload.size > 1_000_000:
            raise forms.ValidationError("The file must be 1 MB or smaller")
        try:
            return files.parse(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError("The file must be text in UTF-8") from error
        except files.TemplateFileError as error:
            raise forms.ValidationError(error.problems) from error

    def to_input(self, **more: Any) -> files.TemplateInFile:
        """The template that the file holds, which is what the action takes."""
        source: files.TemplateInFile = self.cleaned_data["file"]
        return source
