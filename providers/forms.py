import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Q

from core.models import Event, User
from documents import dates
from govuk.form_fields import day_gone, lasting_day
from govuk.forms import GovForm, GovModelForm
from providers import rules, same_names
from providers.actions import contracts, funded_people, services, units
from providers.actions import providers as provider_actions
from providers.models import Contract, Funder, Provider, Service, ServiceUnit
from providers.same_name_form import SameNameMixin
from providers.vocabulary import CARE_HOMES

POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
COMPANY_NUMBER = re.compile(r"\d{8}|[A-Z]{2}\d{6}")


class SeenForm(GovModelForm):
    """A record's form that does not overwrite what a colleague saved while it was open: it says so
    once, and keeps what was typed.
    """

    not_in_input: Sequence[str] = ("seen",)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # What the page showed is sent back with the answer as a fingerprint, so that no page holds
        # a lock while somebody types.
        super().__init__(*args, **kwargs)
        self.present = self._fingerprint()
        self.initial["seen"] = self.present

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        seen = values.pop("seen", "")
        if seen and seen != self.present:
            self.add_error(None, self._what_came_between())
            # Whoever has read this may save over it.
            typed = self.data.copy()  # type: ignore[attr-defined]  # a request's QueryDict
            typed[self.add_prefix("seen")] = self.present
            self.data = typed
        return values

    def _fingerprint(self) -> str:
        # A row that is being added cannot have been changed by another.
        if not self.instance.pk:
            return ""
        shown = [str(self.initial.get(name)) for name in self._meta.fields or ()]
        return hashlib.sha256("\n".join(shown).encode()).hexdigest()

    def _what_came_between(self) -> str:
        # The record of events knows who changed what. A person's data is not in it, only that it
        # changed.
        about = {"about_label": self.instance._meta.label_lower, "about_id": str(self.instance.pk)}
        event = (
            Event.objects.filter(**about, kind__endswith=".changed").select_related("by").first()
        )
        if event is None:
            return (
                "Someone changed this record while you had it open. Check it, then save again to"
                " replace the change."
            )
        what = ", ".join(sorted(name.replace("_", " ") for name in event.after))
        return (
            f"{event.by} changed {what} while you had this record open. Save again to replace that"
            " with what you typed."
        )


class ProviderForm(SameNameMixin, SeenForm):
    noun = "provider"
    not_in_input = (*SameNameMixin.not_in_input, *SeenForm.not_in_input)
    input_class = provider_actions.ProviderInput
    fieldsets = (
        ("The provider", ["name", "cqc_provider_id", "companies_house_number"]),
        ("Who to contact", ["contact_name", "contact_email", "contact_phone"]),
    )
    widths = {"cqc_provider_id": 20, "companies_house_number": 10, "contact_phone": 20}

    class Meta:
        model = Provider
        fields = [
            "name",
            "cqc_provider_id",
            "companies_house_number",
            "contact_name",
            "contact_email",
            "contact_phone",
        ]
        help_texts = {
            "name": "The legal body, as CQC or Companies House spells its name",
            "cqc_provider_id": "For example 1-101234567",
            "companies_house_number": "Eight characters, for example 01234567 or SC123456",
        }
        error_messages = {"cqc_provider_id": {"unique": rules.CQC_ID_TAKEN[0]}}

    def records_named(self, name: str) -> Iterable[Provider]:
        """The providers of that name."""
        return same_names.providers_named(name, but=self.instance.pk or 0)

    def as_typed(self) -> Provider:
        """The provider as it is typed."""
        provider: Provider = self.instance
        return provider

    def clean_cqc_provider_id(self) -> str | None:
        text = "".join((self.cleaned_data["cqc_provider_id"] or "").split()).upper()
        if text and not re.fullmatch(r"1-\d+|(?=.*\d)[A-Z0-9]{3,6}", text):
            raise forms.ValidationError("Enter a CQC provider id, like 1-101234567")
        return text or None

    def clean_companies_house_number(self) -> str:
        text = "".join(self.cleaned_data["companies_house_number"].split()).upper()
        if text.isdigit():
            text = text.zfill(8)
        if text and not COMPANY_NUMBER.fullmatch(text):
            raise forms.ValidationError("Enter a Companies House number, like 01234567 or SC123456")
        return text


class ServiceForm(SameNameMixin, SeenForm):
    noun = "service"
    not_in_input = (*SameNameMixin.not_in_input, *SeenForm.not_in_input)
    input_class = services.ServiceInput
    fieldsets = (
        ("The service", ["provider", "name", "service_type", "client_group", "beds", "opened_on"]),
        ("Where the service is", ["address", "postcode", "district", "locality", "phone"]),
        ("Who is responsible", ["lead_officer"]),
    )
    widths = {"beds": 4, "postcode": 10, "phone": 20}
    date_ranges = {"opened_on": dates.LASTING}

    class Meta:
        model = Service
        fields = [
            "provider",
            "name",
            "service_type",
            "client_group",
            "beds",
            "opened_on",
            "address",
            "postcode",
            "district",
            "locality",
            "phone",
            "lead_officer",
        ]
        labels = {"opened_on": "Opened on", "lead_officer": "Lead officer"}
        help_texts = {
            "beds": "Care homes only",
            "district": "Where the service is. For home care, where its office is",
            "opened_on": "Leave this empty if you do not know it",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = User.objects.with_perm("providers.change_service", include_superusers=False)
        # With the present lead, who may have lost the right since: otherwise saving anything else
        # would take the lead away.
        leads = User.objects.filter(Q(pk__in=officers) | Q(pk=self.instance.lead_officer_id))
        self.fields["lead_officer"].queryset = leads.order_by("name_key")  # type: ignore[attr-defined]  # a choice of records

    def records_named(self, name: str) -> Iterable[Service]:
        """The services of that name, of whichever provider."""
        return same_names.services_named(name, but=self.instance.pk or 0)

    def as_typed(self) -> Service:
        """The service as it is typed."""
        service: Service = self.instance
        return service

    def clean_postcode(self) -> str:
        text = "".join(self.cleaned_data["postcode"].split()).upper()
        match = POSTCODE.fullmatch(text)
        if text and not match:
            raise forms.ValidationError("Enter a full postcode, like NG2 7QP")
        return f"{match[1]} {match[2]}" if match else ""

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("beds") is not None and values.get("service_type") not in (*CARE_HOMES, None):
            self.add_error("beds", "Leave the beds empty: only care homes have them")
        locality, district = values.get("locality"), values.get("district")
        if locality and district:
            # A locality without districts may be anywhere.
            within = locality.districts.all()
            if within and district not in within:
                self.add_error("locality", f"Select a locality in {district}: {locality} is not")
        opened_on, closed_on = values.get("opened_on"), self.instance.closed_on
        if opened_on and closed_on and opened_on > closed_on:
            self.add_error("opened_on", "Opened on must not be after the day the service closed")
        return values

    def validate_unique(self) -> None:
        """The name is at fault when its provider has one such service already."""
        values = self.cleaned_data
        if {"provider", "name", "service_type"} <= values.keys():
            twins = Service.objects.filter(
                provider=values["provider"],
                name=values["name"],
                service_type=values["service_type"],
            )
            if twins.exclude(pk=self.instance.pk).exists():
                self.add_error("name", rules.SERVICE_TAKEN[0])

    def validate_constraints(self) -> None:
        """Each constraint is asked above in words of its own."""


class CloseServiceForm(GovForm):
    input_class = services.ClosingInput
    not_in_input = ("confirmed",)
    submit_label = "Close the service"
    submit_kind = "warning"
    closed_on = lasting_day("Closed on", hint="The first day without care. It can be in the future")
    reason = forms.CharField(
        label="Why the service closes",
        widget=forms.Textarea,
        max_length=2000,
        help_text="Do not name people",
    )
    confirmed = forms.BooleanField(label="Close the service although this is still open")

    def __init__(self, *args: Any, anything_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not anything_open:
            del self.fields["confirmed"]


class ReopenServiceForm(GovForm):
    input_class = services.ReopeningInput
    submit_label = "Reopen the service"
    reopened_on = lasting_day(
        "Reopened on", hint="If the service never closed, enter the day of closing"
    )
    reason = forms.CharField(
        label="Why the service reopens", widget=forms.Textarea, max_length=2000
    )


class ContractForm(SeenForm):
    input_class = contracts.ContractInput
    widths = {"reference": 20, "zone": 20}
    date_ranges = {"starts_on": dates.LASTING, "ends_on": dates.LASTING}

    class Meta:
        model = Contract
        fields = ["reference", "framework", "tier", "zone", "districts", "starts_on", "ends_on"]
        labels = {
            "starts_on": "Starts on",
            "ends_on": "Ends on",
            "tier": "Lot or tier",
            "districts": "Districts that the contract covers",
        }
        help_texts = {"ends_on": "The last day of the contract. Leave this empty if there is none"}
        error_messages = {"reference": {"unique": rules.REFERENCE_TAKEN[0]}}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "Ends on must not be before the day the contract starts")
        return values

    def validate_constraints(self) -> None:
        """Each constraint is asked above in words of its own."""


class EndContractForm(GovForm):
    input_class = contracts.ContractEndInput
    submit_label = "End the contract"
    submit_kind = "warning"
    ends_on = lasting_day("Last day of the contract")
    reason = forms.CharField(label="Why the contract ends", widget=forms.Textarea, max_length=2000)


class UnitForm(SameNameMixin, GovForm):
    noun = "part"
    input_class = units.UnitInput
    name = forms.CharField(
        label="Name of the part",
        max_length=100,
        help_text="A unit of a home or a zone of home care that could be suspended by itself",
    )

    def __init__(
        self, *args: Any, service: Service, unit: ServiceUnit | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.service, self.unit = service, unit

    def records_named(self, name: str) -> Iterable[ServiceUnit]:
        """The parts of the service of that name; what is spelt alike is refused by the action."""
        found = same_names.units_named(self.service, name, but=self.unit.pk if self.unit else 0)
        return [unit for unit in found if unit.name != name]

    def as_typed(self) -> ServiceUnit:
        """The part as it is typed."""
        return ServiceUnit(service=self.service, name=self.cleaned_data.get("name", ""))


class CloseUnitForm(GovForm):
    """Nothing to fill in: the page asks, the button answers."""

    submit_label = "Take this part out of use"
    submit_kind = "warning"


class FundedPeopleForm(GovForm):
    input_class = funded_people.FundedPeopleInput
    submit_label = "Save the count"
    as_select = ["funder"]

    funder = forms.ChoiceField(label="Who pays", choices=Funder.choices)
    name = forms.CharField(
        label="Name of the authority or NHS body",
        max_length=150,
        required=False,
        help_text="Only for another authority or part of the NHS",
    )
    email = forms.EmailField(label="Email of its placements team", required=False)
    people = forms.IntegerField(label="How many people", min_value=0, max_value=999)
    counted_on = day_gone("Counted on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("funder") == Funder.AUTHORITY and not cleaned.get("name", "").strip():
            self.add_error("name", rules.AUTHORITY_MISSING)
        return cleaned
