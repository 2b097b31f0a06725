from typing import Any

from django import forms

from documents import dates
from govuk.form_fields import lasting_day
from govuk.forms import GovFormMixin, GovModelForm
from providers.models import Service
from ratings.actions import alarms, alerts, links, sync, targets
from ratings.models import OF_NOTE, AlertChoice, RunKind, Target


class ConfirmLinkForm(GovFormMixin, forms.Form):
    input_class = links.LinkInput
    submit_label = "Confirm the link"
    service = forms.ModelChoiceField(
        queryset=Service.objects.filter(closed_on=None),
        label="Service",
        help_text="The service in the council’s register",
    )
    since = lasting_day(
        "From",
        hint=(
            "The first day on which the service is this location. A link to another location ends"
            " on that day."
        ),
    )


class EndLinkForm(GovFormMixin, forms.Form):
    input_class = links.LinkEndInput
    submit_label = "End the link"
    submit_kind = "warning"
    until = lasting_day(
        "Ends on", hint="The first day on which the service is no longer this location"
    )
    reason = forms.CharField(
        label="Why the link ends", max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )


class EndAlarmForm(GovFormMixin, forms.Form):
    input_class = alarms.EndAlarmInput
    submit_label = "End the alarm"
    reason = forms.CharField(
        label="What did you find?",
        help_text="For example: the page on CQC’s site shows the same ratings as ours",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AskForRunForm(GovFormMixin, forms.Form):
    input_class = sync.RunInput
    submit_label = "Update now"
    option_hints = {
        "kind": {
            RunKind.FULL: "This takes about half an hour, because CQC limits how fast we can ask"
        }
    }
    kind = forms.ChoiceField(label="What do you want to update?", choices=RunKind.choices)

    def clean_kind(self) -> Any:
        return RunKind(self.cleaned_data["kind"])


class TargetForm(GovModelForm):
    input_class = targets.TargetInput
    as_select = ("measure", "sector")
    suffixes = {"level": "%"}
    widths = {"level": 3}
    date_ranges = {"since": dates.LASTING, "until": dates.LASTING}

    class Meta:
        model = Target
        fields = ["name", "measure", "direction", "level", "sector", "since", "until"]
        widgets = {"direction": forms.RadioSelect}


class AlertChoiceForm(GovModelForm):
    input_class = alerts.AlertInput
    kinds = forms.MultipleChoiceField(
        choices=[(kind.value, kind.label) for kind in OF_NOTE],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Which changes do you want to see?",
    )
    mark_optional = False

    class Meta:
        model = AlertChoice
        fields = ["kinds", "scope", "by_email"]
        labels = {"scope": "Which services?", "by_email": "Email me in the morning too"}
        widgets = {"scope": forms.RadioSelect}
