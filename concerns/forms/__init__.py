"""The forms of concerns, contacts and targets."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone

from concerns import identifiers, rules
from concerns.actions import (
    AllocateInput,
    ChangeRiskInput,
    CloseInput,
    ConcernInput,
    EnquiryInput,
    LogContactInput,
    LogInput,
    RespondInput,
)
from concerns.models import (
    Concern,
    ConcernKind,
    ConcernOutcome,
    ConcernRisk,
    ContactKind,
    ContactWith,
    Section42,
    Targets,
)
from core.models import User
from documents import dates
from govuk.fields import GovDateField
from govuk.form_fields import moment_gone, not_to_come
from govuk.forms import GovForm, GovModelForm
from providers.models import Service

NO_NAMES = "Do not name people who use services. Write “a resident”, or Person A and Person B"
# Each of these questions is asked in two forms or more.
WHO_ANSWERS = "Who will answer the concern?"
WHAT_WAS_DONE = "What was done?"


def officers() -> Any:
    """Those to whom a concern may be allocated."""
    return User.objects.with_perm("concerns.change_concern", include_superusers=False).order_by(
        "name_key"
    )


def decision_day(label: str) -> GovDateField:
    """The day of a section 42 decision, which the form asks for once there is one."""
    return GovDateField(
        label=label, required=False, validators=[not_to_come], within=dates.HAPPENED
    )


class IdentifiersMixin(forms.Form):
    """Stops once at what looks like an NHS number or a date of birth in the texts of a form.

    The writer may confirm that it is something else. What looks like a name is marked on the page
    and stops nobody.
    """

    texts: tuple[str, ...] = ()
    not_in_input: Sequence[str] = ("identifiers_confirmed",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.texts:
            self.fields[name].widget.attrs["data-cq-names"] = reverse("concerns:mark-names")
        if "identifiers_confirmed" in self.data:
            self._ask_to_confirm()

    def _ask_to_confirm(self) -> None:
        confirm = forms.BooleanField(
            required=False, label="I have checked: this does not identify anyone"
        )
        self.fields.setdefault("identifiers_confirmed", confirm)
        # The box stands under the text that it is about, and only once there was a reason to ask.
        others = [name for name in self.fields if name != "identifiers_confirmed"]
        place = others.index(self.texts[-1]) + 1
        self.order_fields([*others[:place], "identifiers_confirmed", *others[place:]])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        today = timezone.localdate()
        for name in self.texts:
            found = identifiers.found_in(data.get(name) or "", today)
            if found and not data.get("identifiers_confirmed"):
                self._ask_to_confirm()
                said = " and ".join(f"{what} ({', '.join(words)})" for what, words in found.items())
                self.add_error(
                    name,
                    f"Does this contain {said}? Take it out, or confirm below that it does not"
                    " identify anyone",
                )
        return data


class ConcernForm(IdentifiersMixin, GovModelForm):
    input_class = ConcernInput
    not_in_input = (*IdentifiersMixin.not_in_input, "not_a_duplicate")
    texts = ("summary",)
    submit_label = "Record the concern"
    # The buttons of the open concerns above it send its words to them.
    form_id = "concern-form"
    reveals = {"kind": {ConcernKind.SAFEGUARDING: ["abuse", "abuse_by", "section_42"]}}
    as_select = ["source"]
    date_ranges = {"received_at": dates.HAPPENED}

    class Meta:
        model = Concern
        fields = [
            "service",
            "kind",
            "abuse",
            "abuse_by",
            "section_42",
            "summary",
            "risk",
            "source",
            "received_at",
            "allocated_to",
        ]
        labels = {
            "kind": "What kind of concern is it?",
            "abuse_by": "Who is said to have caused the harm?",
            "summary": "What is wrong?",
            "risk": "How great is the risk?",
            "source": "Who raised it?",
            "received_at": "When was it received?",
            "allocated_to": WHO_ANSWERS,
        }
        help_texts = {
            "summary": NO_NAMES,
            "allocated_to": "If you leave this empty, the service’s lead officer will",
        }
        error_messages = {
            "kind": {"required": "Select what kind of concern it is"},
            "summary": {"required": "Enter what is wrong"},
            "risk": {"required": "Select how great the risk is"},
            "source": {"required": "Select who raised it"},
            "received_at": {"required": "Enter when the concern was received"},
        }
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, now: datetime, targets: Targets, **kwargs: Any) -> None:
        hints = {"risk": rules.risk_guidance(targets)}
        self.option_hints = hints  # type: ignore[misc]  # the hours are the council’s, known only now
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["allocated_to"].queryset = officers()  # type: ignore[attr-defined]  # a choice of people
        self.fields["service"].queryset = Service.objects.select_related("provider")  # type: ignore[attr-defined]  # a choice of services
        section_42 = self.fields["section_42"]
        # An enquiry cannot have concluded before its concern is recorded.
        section_42.choices = [c for c in Section42.choices if c[0] != Section42.CONCLUDED]  # type: ignore[attr-defined]  # a choice
        self.duplicates: list[Concern] = []
        if "not_a_duplicate" in self.data:
            self._ask_about_duplicates()

    def _ask_about_duplicates(self) -> None:
        another = forms.BooleanField(
            required=False, label="This is a different matter: record a new concern"
        )
        self.fields.setdefault("not_a_duplicate", another)
        # It stands first, under the list of the open ones.
        self.order_fields(["not_a_duplicate", *self.fields])

    def clean_received_at(self) -> datetime:
        received_at: datetime = self.cleaned_data["received_at"]
        if received_at > self.now:
            raise forms.ValidationError(rules.RECEIVED_IN_FUTURE)
        return received_at

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("kind") == ConcernKind.SAFEGUARDING:
            if not data.get("abuse"):
                self.add_error("abuse", "Select the category of abuse")
            if not data.get("abuse_by"):
                self.add_error(
                    "abuse_by",
                    "Select who is said to have caused the harm, or that it is not known",
                )
            if not data.get("section_42"):
                self.add_error("section_42", "Select where the section 42 enquiry stands")
        else:
            # An answer that was revealed and then hidden again is sent all the same, and is not
            # kept.
            data["abuse"] = data["abuse_by"] = data["section_42"] = ""
        if data.get("service") and data.get("received_at") and data.get("kind"):
            day = timezone.localdate(data["received_at"])
            self.duplicates = list(
                # Asked and not refused: an open concern of the same kind may be another matter.
                Concern.objects.for_service(data["service"])
                .open()
                .of_kind(data["kind"])
                .received_between(
                    rules.duplicates_since(day), day + timedelta(days=rules.DUPLICATE_DAYS)
                )
            )
            if self.duplicates and not data.get("not_a_duplicate"):
                self._ask_about_duplicates()
                self.add_error(
                    "not_a_duplicate",
                    "Check the open concerns above, then confirm that this is a different matter",
                )
        return data

    def _post_clean(self) -> None:
        # Not Django's check of the whole row: the action makes the concern, and only it knows what
        # the form does not ask (the reference, the due time).
        pass

    def to_input(self, **more: Any) -> ConcernInput:
        """What the action takes; not allocated, the concern goes to the service's lead officer."""
        given: ConcernInput = super().to_input(**more)
        lead = self.cleaned_data["service"].lead_officer_id
        return replace(given, allocated_to_id=given.allocated_to_id or lead)


class RespondForm(IdentifiersMixin, GovForm):
    input_class = RespondInput
    texts = ("done",)
    submit_label = "Record the first response"

    at = moment_gone("When was the first response given?")
    done = forms.CharField(
        label=WHAT_WAS_DONE, help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 4})
    )


class AllocateForm(GovForm):
    input_class = AllocateInput
    submit_label = "Allocate the concern"

    to = forms.ModelChoiceField(queryset=User.objects.none(), label=WHO_ANSWERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = officers()  # type: ignore[attr-defined]  # a choice of people


class ChangeRiskForm(IdentifiersMixin, GovForm):
    input_class = ChangeRiskInput
    texts = ("reason",)
    submit_label = "Change the risk"

    risk = forms.ChoiceField(choices=ConcernRisk.choices, label="How great is the risk now?")
    reason = forms.CharField(
        label="Why has the risk changed?",
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, targets: Targets, **kwargs: Any) -> None:
        hints = {"risk": rules.risk_guidance(targets)}
        self.option_hints = hints  # type: ignore[misc]  # the hours are the council’s, known only now
        super().__init__(*args, **kwargs)


class EnquiryForm(GovForm):
    input_class = EnquiryInput
    submit_label = "Save the enquiry"
    reveals = {"section_42": {Section42.CONCLUDED: ["outcome"]}}
    not_marked = ["decided_on"]

    section_42 = forms.ChoiceField(
        choices=Section42.choices, label="Where does the section 42 enquiry stand?"
    )
    outcome = forms.ChoiceField(
        choices=[("", "Choose one"), *ConcernOutcome.choices],
        required=False,
        label="Outcome of the enquiry",
    )
    decided_on = decision_day("When was it decided whether an enquiry is required?")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("section_42") != Section42.CONCLUDED:
            data["outcome"] = ""
        elif not data.get("outcome"):
            self.add_error("outcome", "Select the outcome of the enquiry")
        if data.get("section_42") == Section42.UNDECIDED:
            data["decided_on"] = None
        elif not data.get("decided_on") and "decided_on" in data:
            self.add_error("decided_on", "Enter the day of the section 42 decision")
        return data


class CloseForm(IdentifiersMixin, GovForm):
    input_class = CloseInput
    texts = ("done",)
    submit_label = "Close the concern"

    outcome = forms.ChoiceField(choices=ConcernOutcome.choices, label="What is the outcome?")
    done = forms.CharField(
        label="What was done, and what was learned?",
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class LogContactForm(IdentifiersMixin, GovForm):
    input_class = LogContactInput
    texts = ("note",)
    submit_label = "Log the contact"
    as_select = ["with_whom"]

    service = forms.ModelChoiceField(queryset=Service.objects.select_related("provider"))
    kind = forms.ChoiceField(
        choices=ContactKind.choices,
        label="What kind of contact was it?",
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
    )
    with_whom = forms.ChoiceField(
        choices=[("", "Choose one"), *ContactWith.choices], label="Who was it with?"
    )
    note = forms.CharField(
        label="What was said?", help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 3})
    )
    happened_at = moment_gone("When was it?")

    def __init__(self, *args: Any, concern: Concern | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.concern = concern
        if concern is not None:
            # The contact is about the concern's service, so there is nothing to choose.
            del self.fields["service"]

    def to_input(self, **more: Any) -> LogContactInput:
        about: dict[str, Any] = {"concern_id": None}
        if self.concern is not None:
            about = {"concern_id": self.concern.pk, "service_id": self.concern.service_id}
        given: LogContactInput = super().to_input(**about, **more)
        return given


class LogForm(IdentifiersMixin, GovForm):
    input_class = LogInput
    texts = ("text",)
    submit_label = "Add to the investigation log"

    text = forms.CharField(
        label="What was looked into, and what was found?",
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
