from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from audits.actions.visits import BeginInput, CancelInput, CompleteInput, NewVisitInput, PlanInput
from audits.forms.naming import NO_NAMES
from audits.models import Template, VisitKind
from core.models import User
from govuk.fields import YesNoField
from govuk.form_fields import day_happened, day_to_come
from govuk.forms import GovForm
from providers.models import Service


def auditors() -> "QuerySet[User]":
    """Those to whom a visit may be given."""
    return User.objects.with_perm("audits.record_visit", include_superusers=False).order_by(
        "name_key"
    )


class PlanForm(GovForm):
    """A visit to plan; with `service` given, it is not asked for."""

    submit_label = "Plan the visit"
    input_class: ClassVar[type] = NewVisitInput
    reveals = {"kind": {VisitKind.JOINT: ["who_came"]}}

    service = forms.ModelChoiceField(queryset=Service.objects.none())
    kind = forms.ChoiceField(choices=VisitKind.choices, label="What kind of visit is it?")
    who_came = forms.CharField(
        max_length=300,
        required=False,
        label="Who is going with you?",
        help_text="For example, the integrated care board or CQC",
    )
    planned_for = day_to_come("Day of the visit")
    officer = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Which officer makes the visit?"
    )
    announced = YesNoField(label="Will you announce the visit to the service?")
    template = forms.ModelChoiceField(
        queryset=Template.objects.none(),
        required=False,
        label="Audit template",
        help_text=(
            "If you leave this empty, an annual audit uses the template for this type of service."
            " Other visits have no questions."
        ),
    )

    def __init__(
        self, *args: Any, today: date, service: Service | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.planned_service = service
        self.fields["officer"].queryset = auditors()  # type: ignore[attr-defined]  # a choice of records
        self.fields["template"].queryset = Template.objects.current()  # type: ignore[attr-defined]  # the same
        if service is not None:
            del self.fields["service"]
        else:
            open_ones = Service.objects.open_on(today).select_related("provider")
            self.fields["service"].queryset = open_ones  # type: ignore[attr-defined]  # the same

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == VisitKind.ENTER_AND_VIEW:
            # Recorded with what was shared, not here: a change of the plan leaves it as it is.
            data["who_came"] = self.initial.get("who_came") or ""
        elif data.get("kind") != VisitKind.JOINT:
            data["who_came"] = ""
        elif not data.get("who_came"):
            self.add_error("who_came", "Enter who is going with you")
        service = self.planned_service or data.get("service")
        if service and data.get("kind") == VisitKind.ANNUAL and not data.get("template"):
            data["template"] = (
                Template.objects.current()
                .main()
                .for_service_type(service.service_type)
                .by_name()
                .first()
            )
            if data["template"] is None and "template" not in self.errors:
                self.add_error(
                    "template",
                    "No template is in use for this type of service. Bring one into use first",
                )
        return data

    def to_input(self, **more: Any) -> Any:
        if self.planned_service is not None and self.input_class is NewVisitInput:
            more["service_id"] = self.planned_service.pk
        return super().to_input(**more)


class ChangePlanForm(PlanForm):
    """What is planned of a visit; which service it is to stays, and so does the version of the
    template until another is chosen.
    """

    input_class = PlanInput

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["template"]
        planned = Template.objects.filter(pk__in=[self.initial.get("template")])
        choices.queryset = Template.objects.current() | planned  # type: ignore[attr-defined]  # a choice of records


class BeginForm(GovForm):
    """The day on which a visit began."""

    submit_label = "Begin the visit"
    input_class = BeginInput

    visited_on = day_happened("When was the visit?")


class CancelForm(GovForm):
    """Why a visit is cancelled."""

    submit_label = "Cancel the visit"
    input_class = CancelInput
    submit_kind = "warning"
    cancel_label = "Keep the visit"

    reason = forms.CharField(
        label="Why are you cancelling the visit?", widget=forms.Textarea(attrs={"rows": 3})
    )


class CompleteForm(GovForm):
    """The officer's summary, which ends a visit."""

    submit_label = "Complete the visit"
    input_class = CompleteInput

    summary = forms.CharField(
        label="Summary of the visit",
        help_text=(
            "Say what is good, what must change, and how the people who use the service are."
            f" {NO_NAMES}"
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
