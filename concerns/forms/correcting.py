"""The forms that put a concern right: corrected, of two kinds, merged, open again."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms

from concerns.actions.correcting import CorrectInput, MergeInput, ReopenInput, SafeguardingInput
from concerns.forms import NO_NAMES, IdentifiersMixin, decision_day
from concerns.models import Concern, Section42
from documents import dates
from govuk.forms import GovForm, GovModelForm
from govuk.seen_forms import SeenModelForm
from providers.models import Service


class CorrectForm(IdentifiersMixin, SeenModelForm):
    input_class = CorrectInput
    texts = ("summary",)
    submit_label = "Save the correction"
    as_select = ["source"]
    date_ranges = {"received_at": dates.HAPPENED}
    version_names = {"service": "service_id"}
    version_labels = {"also_safeguarding": "Safeguarding concern too"}

    class Meta:
        model = Concern
        fields = ["service", "kind", "received_at", "source", "summary"]
        labels = {
            "kind": "What kind of concern is it?",
            "received_at": "When was it received?",
            "source": "Who raised it?",
            "summary": "What is wrong?",
        }
        help_texts = {"summary": NO_NAMES}
        widgets = {"summary": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["service"].queryset = Service.objects.select_related("provider")  # type: ignore[attr-defined]  # a choice of services

    def clean_received_at(self) -> datetime:
        received_at: datetime = self.cleaned_data["received_at"]
        stands: datetime = self.of.received_at  # type: ignore[attr-defined]  # of a concern
        # The boxes have no seconds: left alone they change nothing.
        if timedelta(0) <= stands - received_at < timedelta(minutes=1):
            return stands.astimezone(UTC)
        return received_at.astimezone(UTC)

    def _post_clean(self) -> None:
        # Not Django's check of the whole row: the action holds the record and changes it.
        pass


ASKED = {
    "abuse": "Select the category of abuse",
    "abuse_by": "Select who is said to have caused the harm, or that it is not known",
    "section_42": "Select where the section 42 enquiry stands",
}


class SafeguardingForm(GovModelForm):
    input_class = SafeguardingInput
    submit_label = "Record as safeguarding too"
    # Under two of the answers the day is asked for, and a field stands on a page once.
    not_marked = ["abuse", "abuse_by", "section_42", "decided_on"]
    decided_on = decision_day("When was that decided?")

    class Meta:
        model = Concern
        fields = ["abuse", "abuse_by", "section_42"]
        labels = {"abuse_by": "Who is said to have caused the harm?"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        section_42 = self.fields["section_42"]
        section_42.choices = [c for c in Section42.choices if c[0] != Section42.CONCLUDED]  # type: ignore[attr-defined]  # a choice

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, text in ASKED.items():
            if not data.get(name):
                self.add_error(name, text)
        if data.get("section_42") == Section42.UNDECIDED:
            data["decided_on"] = None
        elif data.get("section_42") and not data.get("decided_on") and "decided_on" in data:
            self.add_error("decided_on", "Enter the day of the section 42 decision")
        return data

    def _post_clean(self) -> None:
        pass


class MergeForm(GovForm):
    input_class = MergeInput
    submit_label = "Merge the concerns"

    into = forms.ModelChoiceField(
        queryset=Concern.objects.none(), label="Which concern holds the matter from now on?"
    )

    def __init__(self, *args: Any, concern: Concern, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Concern.objects.open().filter(service_id=concern.service_id)
        into = self.fields["into"]
        into.queryset = others.exclude(pk=concern.pk)  # type: ignore[attr-defined]  # a choice of concerns
        into.label_from_instance = lambda one: f"{one.reference}, {one.kind_in_words.lower()}"  # type: ignore[attr-defined]  # a choice of concerns


class ReopenForm(IdentifiersMixin, GovForm):
    input_class = ReopenInput
    texts = ("reason",)
    submit_label = "Open the concern again"

    reason = forms.CharField(
        label="Why is it opened again?",
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
