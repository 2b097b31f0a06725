from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from concerns.models import Concern
from core import cover
from core.models import User
from govuk.form_fields import (
    choose_from,
    day_to_come,
    moment_gone,
    offer_choices,
    people_able,
    text_box,
)
from govuk.forms import GovForm
from govuk.seen_forms import SeenFormMixin
from notifications.models import RecipientKind
from providers.models import Contract, Service, ServiceUnit
from suspensions.actions.deciding import ProposalInput, UrgentInput
from suspensions.actions.record import ProposalRecord, RecipientInput, usual_recipients
from suspensions.models import Recipient, Suspension, SuspensionGround, SuspensionKind
from suspensions.rules.record import LABELS, typed_moment
from suspensions.rules.steps import LIMIT_MISSING

LONGEST_NAME = Recipient._meta.get_field("name").max_length or 0

KIND_HINTS = {
    SuspensionKind.FULL: "Nobody new. People who live there stay",
    SuspensionKind.PARTIAL: "For example, at most two a week, or only what a manager agrees",
    SuspensionKind.VOLUNTARY: "The provider itself takes nobody new",
}
KIND_WORDS = [(kind.value, kind.label.partition(":")[0]) for kind in SuspensionKind]


class FindServiceForm(GovForm):
    """The service that a task is about, by a part of its name or by its postcode."""

    submit_label = "Search"
    form_method = "get"

    q = forms.CharField(label="Name, provider or postcode of the service", max_length=200)


class ScopeMixin(forms.Form):
    """Which part of the service, and how far."""

    unit = forms.ModelChoiceField(
        queryset=ServiceUnit.objects.none(),
        required=False,
        label="Part of the service",
        empty_label="The whole service",
    )
    kind = forms.ChoiceField(
        label="Kind of suspension", choices=KIND_WORDS, initial=SuspensionKind.FULL
    )
    limit = text_box(
        "Limit",
        required=False,
        rows=2,
        hint="Which placements are still possible, and who agrees them",
    )

    def take_service(self, service: Service) -> None:
        """Offer the units of that service; without one there is nothing to ask."""
        units = service.units.filter(closed_on=None)
        if units.exists():
            choose_from(self, "unit", units)
        else:
            del self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == SuspensionKind.PARTIAL and not cleaned.get("limit", "").strip():
            self.add_error("limit", LIMIT_MISSING)
        return cleaned

    def not_asked(self) -> dict[str, Any]:
        """What a service without units is not asked: it is the whole of it."""
        return {} if "unit" in self.fields else {"unit_id": None}


class SuspendNowForm(GovForm, ScopeMixin):
    """What a manager can type standing, on a telephone."""

    submit_label = "Suspend now"
    submit_kind = "warning"
    input_class = UrgentInput
    not_in_input = ("confirmer",)
    reveals = {"kind": {SuspensionKind.PARTIAL: ["limit"]}}
    option_hints = {"kind": {kind.value: hint for kind, hint in KIND_HINTS.items()}}
    field_order = ["unit", "kind", "limit", "summary", "in_force_from", "confirmer"]
    as_select = ["confirmer"]

    summary = forms.CharField(
        label="Reason in one sentence", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    in_force_from = day_to_come("First day in force")
    confirmer = forms.ChoiceField(label="Manager to ask to confirm", choices=[], required=False)

    def __init__(
        self, *args: Any, service: Service, others: Sequence[User] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.take_service(service)
        names = cover.names_with_cover(tuple(others), timezone.localdate())
        named = [(str(person.pk), name) for person, name in zip(others, names, strict=True)]
        offer_choices(self, "confirmer", [("", "Any other manager"), *named])

    def to_input(self, **more: Any) -> Any:
        confirmer_id = int(self.cleaned_data["confirmer"] or 0) or None
        return super().to_input(confirmer_id=confirmer_id, **self.not_asked(), **more)


class RecordForm(GovForm):
    """What a second person needs before deciding."""

    submit_label = "Save the record"
    input_class = ProposalRecord
    input_names = {"concerns": "concern_ids", "contracts": "contract_ids"}
    as_select = ["ground"]
    fieldsets: Sequence[tuple[str, Sequence[str]]] = (
        ("Why", ["ground", "summary", "reasons", "evidence", "concerns"]),
        ("The provider", ["provider_notified_at", "provider_notified", "provider_answer"]),
        ("The people living there", ["welfare", "meetings"]),
        ("What would lift the suspension", ["quiet_weeks"]),
        ("Contracts and lead", ["contracts", "lead_officer"]),
    )

    ground = forms.ChoiceField(
        label="Mainly about",
        choices=[("", "---------"), *SuspensionGround.choices],
        required=False,
        help_text="The criteria for a lift depend on this",
    )
    summary = forms.CharField(
        label="Reason in one sentence", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    reasons = text_box("Reasons")
    evidence = text_box(
        "Evidence", hint="Visits, concerns, notices and documents, with their dates"
    )
    concerns = forms.ModelMultipleChoiceField(
        queryset=Concern.objects.none(), required=False, label="Concerns that led to it"
    )
    provider_notified_at = moment_gone("When the provider was told", required=False)
    provider_notified = text_box(
        "What the provider was told",
        rows=3,
        hint="If you have not told the provider, say why and when you will",
    )
    provider_answer = text_box("What the provider answered", required=False, rows=3)
    welfare = text_box(
        "Welfare of the people living there", rows=3, hint="Who saw them, when, and what they found"
    )
    meetings = text_box("Meetings with residents and families", required=False, rows=3)
    quiet_weeks = forms.IntegerField(
        label="Weeks without a new high-risk concern before a lift",
        min_value=0,
        max_value=52,
        initial=4,
    )
    contracts = forms.ModelMultipleChoiceField(
        queryset=Contract.objects.none(), required=False, label="Suspended contracts"
    )
    lead_officer = forms.ModelChoiceField(
        queryset=User.objects.none(), required=False, label="Lead officer"
    )

    # Whether it changes a record, whose choices stay open to it, or begins one.
    is_of_a_record = False
    # What may be left open while the record is still being filled.
    may_wait: Sequence[str] = ()

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, QuerySet[Any]] = {
            "concerns": service.concerns.counted(),
            "contracts": service.contracts.in_force_on(timezone.localdate()),
            "lead_officer": people_able("suspensions.record_progress"),
        }
        for name, queryset in choices.items():
            standing = self.initial.get(name) if self.is_of_a_record else None
            # A question with nothing to choose from is not asked.
            if not choose_from(self, name, queryset, standing).exists():
                del self.fields[name]
        for name in self.may_wait:
            self.fields[name].required = False

    def clean_provider_notified_at(self) -> Any:
        notified_at = self.cleaned_data["provider_notified_at"]
        if notified_at and notified_at > timezone.now():
            raise forms.ValidationError("When the provider was told must be in the past")
        return notified_at

    def to_input(self, **more: Any) -> Any:
        nothing: dict[str, Any] = {"concern_ids": (), "contract_ids": (), "lead_officer_id": None}
        asked = {
            "concern_ids": "concerns",
            "contract_ids": "contracts",
            "lead_officer_id": "lead_officer",
        }
        # What there was nothing to choose from was not asked.
        more |= {name: nothing[name] for name, field in asked.items() if field not in self.fields}
        return super().to_input(**more)


class CompleteRecordForm(SeenFormMixin, RecordForm):
    """The record as it stands, to fill in: part of it can wait."""

    not_in_input = ("seen",)
    version_labels = LABELS
    is_of_a_record = True
    may_wait = ("reasons", "evidence", "provider_notified", "welfare")

    @staticmethod
    def standing(suspension: Suspension) -> dict[str, Any]:
        """What stands in the record now, to begin from."""
        names = [name for name in RecordForm.base_fields if name not in ("concerns", "contracts")]
        return {name: getattr(suspension, name) for name in names} | {
            "concerns": suspension.concerns.all(),
            "contracts": suspension.contracts.all(),
        }

    def _typed(self, name: str) -> Any:
        value = super()._typed(name)
        return typed_moment(value) if isinstance(value, datetime) else value


class ProposeForm(RecordForm, ScopeMixin):
    """What is proposed, its record, and who is notified of it."""

    submit_label = "Propose the suspension"
    not_in_input = ("unit", "kind", "limit", "recipients", "authorities")
    reveals = {"kind": {SuspensionKind.PARTIAL: ["limit"]}}
    option_hints = {"kind": {kind.value: hint for kind, hint in KIND_HINTS.items()}}
    fieldsets = (
        ("What is suspended", ["unit", "kind"]),
        *RecordForm.fieldsets,
        ("Who is notified", ["recipients", "authorities"]),
    )

    recipients = forms.MultipleChoiceField(label="Recipients")
    authorities = text_box(
        "Other authorities with people placed there",
        required=False,
        rows=3,
        hint="One on each line",
    )

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, service=service, **kwargs)
        self.take_service(service)
        self.usual = usual_recipients(service)
        choices = [(str(number), recipient.name) for number, recipient in enumerate(self.usual)]
        offer_choices(self, "recipients", choices)
        field = self.fields["recipients"]
        field.initial = [value for value, _name in choices]
        field.error_messages["required"] = "Select at least one recipient"

    def to_input(self, **more: Any) -> ProposalInput:
        """The record, the scope, and who is notified: the usual recipients that were chosen, and
        others by their names.
        """
        unit = self.cleaned_data.get("unit")
        return ProposalInput(
            kind=self.cleaned_data["kind"],
            limit=self.cleaned_data["limit"],
            unit_id=unit.pk if unit else None,
            record=super().to_input(**more),
            recipients=tuple(self._recipients()),
        )

    def clean_authorities(self) -> str:
        for name in self._lines(self.cleaned_data["authorities"]):
            if len(name) > LONGEST_NAME:
                raise forms.ValidationError(
                    f"Each authority must be {LONGEST_NAME} characters or fewer."
                    f" Shorten “{name[:40]}…” or put each authority on a line of its own"
                )
        return self.cleaned_data["authorities"]

    def _recipients(self) -> list[RecipientInput]:
        chosen = [self.usual[int(number)] for number in self.cleaned_data["recipients"]]
        names = self._lines(self.cleaned_data["authorities"])
        return [*chosen, *(RecipientInput(RecipientKind.AUTHORITY, name) for name in names)]

    @staticmethod
    def _lines(typed: str) -> list[str]:
        return list(dict.fromkeys(filter(None, map(str.strip, typed.splitlines()))))
