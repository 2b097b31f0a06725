from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from govuk.fields import YesNoField
from govuk.form_fields import DecisionForm, ReasonForm, day_to_come, need, text_box
from govuk.forms import GovForm
from suspensions.actions.lifting import DecideLiftInput, LiftInput
from suspensions.models import Criterion
from suspensions.rules import lifting, record

RECORDED = "We record your reason with your name"


def reason_label(criterion: Criterion) -> str:
    """The question why a lift goes ahead without a criterion."""
    return f"Reason to lift although this is not met: {criterion.label}"


def _checklist_fields() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for criterion in lifting.JUDGED:
        fields[f"{criterion}_met"] = YesNoField(
            label=criterion.label,
            widget=forms.RadioSelect(),  # stacked: each answer reveals a question
            error_messages={"required": f"Select whether this is met: {criterion.label}"},
        )
        fields[f"{criterion}_evidence"] = text_box("Evidence", required=False, rows=2)
        fields[f"{criterion}_override"] = text_box(
            "Reason to lift anyway", required=False, rows=2, hint=RECORDED
        )
    fields["review_on"] = day_to_come("First review after the lift", required=False)
    for criterion in lifting.COMPUTED:
        fields[f"{criterion}_override"] = text_box(
            reason_label(criterion), required=False, rows=2, hint=RECORDED
        )
    return fields


class ProposeLiftForm(type("Checklist", (GovForm,), _checklist_fields())):  # type: ignore[misc]  # one set of fields for each criterion of the checklist
    """Why a suspension can be lifted, and how each criterion stands."""

    submit_label = "Propose the lift"
    reveals = {
        f"{criterion}_met": {
            "yes": [
                f"{criterion}_evidence",
                *(["review_on"] if criterion == Criterion.MONITORING_PLAN else []),
            ],
            "no": [f"{criterion}_override"],
        }
        for criterion in lifting.JUDGED
    }
    not_marked = [f"{criterion}_override" for criterion in lifting.COMPUTED]
    fieldsets = (
        (
            "Criteria that the record does not show",
            [f"{p}_override" for p in lifting.COMPUTED],
        ),
        ("Criteria that you answer", [f"{criterion}_met" for criterion in lifting.JUDGED]),
        ("Your proposal", ["reason"]),
    )

    reason = text_box("Why the suspension can be lifted")

    def __init__(
        self,
        *args: Any,
        computed: Mapping[Criterion, lifting.CriterionAnswer],
        judged: Sequence[Criterion] = lifting.JUDGED,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.computed = computed
        self.judged = judged
        for criterion in set(lifting.JUDGED) - set(judged):
            for part in ("met", "evidence", "override"):
                del self.fields[f"{criterion}_{part}"]
        for criterion, answer in computed.items():
            if answer.is_met:
                del self.fields[f"{criterion}_override"]
            else:
                self.fields[f"{criterion}_override"].help_text = f"{answer.evidence} {RECORDED}."

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for criterion in self.judged:
            met = cleaned.get(f"{criterion}_met")
            if met and not cleaned.get(f"{criterion}_evidence", "").strip():
                self.add_error(f"{criterion}_evidence", lifting.evidence_missing(criterion))
            elif met is False and not cleaned.get(f"{criterion}_override", "").strip():
                self.add_error(f"{criterion}_override", lifting.not_met(criterion))
        for criterion, answer in self.computed.items():
            if not answer.is_met and not cleaned.get(f"{criterion}_override", "").strip():
                self.add_error(f"{criterion}_override", lifting.not_met(criterion))
        if cleaned.get(f"{Criterion.MONITORING_PLAN}_met"):
            self._clean_review()
        return cleaned

    def _clean_review(self) -> None:
        review_on = self.cleaned_data.get("review_on")
        if review_on is None:
            need(self, review_on="Enter the date of the first review after the lift")
        elif review_on <= timezone.localdate():
            self.add_error("review_on", lifting.FIRST_REVIEW_TO_COME)

    def to_input(self, **_more: Any) -> LiftInput:
        """The reason, and how each criterion stands: a criterion has two or three questions of its
        own here.
        """
        return LiftInput(reason=self.cleaned_data["reason"], answers=self._answers())

    def _answers(self) -> dict[Criterion, lifting.CriterionAnswer]:
        given = self.cleaned_data
        answers = {
            criterion: lifting.CriterionAnswer(
                is_met=given[f"{criterion}_met"],
                evidence=given[f"{criterion}_evidence"] if given[f"{criterion}_met"] else "",
                override_reason="" if given[f"{criterion}_met"] else given[f"{criterion}_override"],
                review_on=given["review_on"] if criterion == Criterion.MONITORING_PLAN else None,
            )
            for criterion in self.judged
        }
        for criterion, fact in self.computed.items():
            answers[criterion] = lifting.CriterionAnswer(
                fact.is_met, fact.evidence, given.get(f"{criterion}_override", "")
            )
        return answers


class WithdrawLiftForm(ReasonForm):
    """Why a proposed lift is taken back."""

    submit_label = "Withdraw the proposed lift"


class DecideLiftForm(DecisionForm):
    """Whether a proposed lift goes ahead."""

    version_labels, version_words = record.LABELS, staticmethod(record.in_words)
    submit_label = "Record the decision"
    field_order = ["decision", "reason", "decided_at"]

    decision = forms.ChoiceField(
        label="Your decision",
        choices=[
            ("lift", "Lift: the suspension ends on the day of the decision"),
            ("refuse", "Refuse: the suspension stays in force"),
        ],
    )

    def __init__(self, *args: Any, unmet: Sequence[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unmet = unmet
        for criterion in unmet:
            self.fields[f"{criterion}_override"] = text_box(
                reason_label(criterion),
                required=False,
                rows=2,
                hint=f"This changed after the lift was proposed. {RECORDED}.",
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "lift":
            need(
                self,
                **{f"{criterion}_override": lifting.not_met(criterion) for criterion in self.unmet},
            )
        return cleaned

    def to_input(self, **_more: Any) -> DecideLiftInput:
        """The decision, and the reason for each criterion that is not shown: those criteria have a
        question each.
        """
        given = self.cleaned_data
        return DecideLiftInput(
            **{name: given[name] for name in ("reason", "decided_at", "decision", "seen")},
            overrides={criterion: given[f"{criterion}_override"] for criterion in self.unmet},
        )
