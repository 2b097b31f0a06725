from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from govuk.fields import YesNoField
from govuk.forms import GovForm
from suspensions.actions.lifting import DecideLiftInput, LiftInput
from suspensions.forms.pieces import DecisionForm, day_to_come, need, text_box
from suspensions.models import Point
from suspensions.rules import lifting


def _checklist_fields() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for point in lifting.JUDGED:
        fields[f"{point}_met"] = YesNoField(
            label=point.label,
            widget=forms.RadioSelect(),  # stacked: each answer reveals a question
            error_messages={"required": f"Say whether it is shown: {point.label}"},
        )
        fields[f"{point}_evidence"] = text_box("Evidence", required=False, rows=2)
        fields[f"{point}_override"] = text_box(
            "Reason to lift without it", required=False, rows=2, hint="It stands in the record with your name"
        )
    fields["review_on"] = day_to_come("First review after the lift", required=False)
    for point in lifting.COMPUTED:
        fields[f"{point}_override"] = text_box(
            f"Reason to lift although not shown: {point.label}",
            required=False,
            rows=2,
            hint="It stands in the record with your name",
        )
    return fields


class ProposeLiftForm(type("Checklist", (GovForm,), _checklist_fields())):  # type: ignore[misc]  # one set of fields for each point of the checklist
    submit_label = "Propose the lift"
    reveals = {
        f"{point}_met": {
            "yes": [f"{point}_evidence", *(["review_on"] if point == Point.MONITORING_PLAN else [])],
            "no": [f"{point}_override"],
        }
        for point in lifting.JUDGED
    }
    not_marked = [f"{point}_override" for point in lifting.COMPUTED]
    fieldsets = (
        (
            "Why it can be lifted although the record does not show it",
            [f"{p}_override" for p in lifting.COMPUTED],
        ),
        ("What you have seen", [f"{point}_met" for point in lifting.JUDGED]),
        ("The proposal", ["reason"]),
    )

    reason = text_box("Why it can be lifted")

    def __init__(
        self,
        *args: Any,
        computed: Mapping[Point, lifting.Answer],
        judged: Sequence[Point] = lifting.JUDGED,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.computed = computed
        self.judged = judged
        for point in set(lifting.JUDGED) - set(judged):
            for part in ("met", "evidence", "override"):
                del self.fields[f"{point}_{part}"]
        for point, answer in computed.items():
            if answer.is_met:
                del self.fields[f"{point}_override"]
            else:
                self.fields[
                    f"{point}_override"
                ].help_text = f"{answer.evidence} A reason stands in the record with your name."

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for point in self.judged:
            met = cleaned.get(f"{point}_met")
            if met and not cleaned.get(f"{point}_evidence", "").strip():
                self.add_error(f"{point}_evidence", f"Give the evidence: {point.label}")
            elif met is False and not cleaned.get(f"{point}_override", "").strip():
                self.add_error(f"{point}_override", f"Not shown yet: {point.label}. Give a reason, or wait")
        for point, answer in self.computed.items():
            if not answer.is_met and not cleaned.get(f"{point}_override", "").strip():
                self.add_error(f"{point}_override", f"Not shown yet: {point.label}. Give a reason, or wait")
        if cleaned.get(f"{Point.MONITORING_PLAN}_met"):
            self._clean_review()
        return cleaned

    def _clean_review(self) -> None:
        review_on = self.cleaned_data.get("review_on")
        if review_on is None:
            need(self, review_on="Enter the day of the first review after the lift")
        elif review_on <= timezone.localdate():
            self.add_error("review_on", "First review after the lift must be after today")

    def to_input(self, **_more: Any) -> LiftInput:
        """The reason, and how each point stands: a point has two or three questions of its own here."""
        return LiftInput(reason=self.cleaned_data["reason"], answers=self._answers())

    def _answers(self) -> dict[Point, lifting.Answer]:
        given = self.cleaned_data
        answers = {
            point: lifting.Answer(
                is_met=given[f"{point}_met"],
                evidence=given[f"{point}_evidence"] if given[f"{point}_met"] else "",
                override_reason="" if given[f"{point}_met"] else given[f"{point}_override"],
                review_on=given["review_on"] if point == Point.MONITORING_PLAN else None,
            )
            for point in self.judged
        }
        for point, fact in self.computed.items():
            answers[point] = lifting.Answer(fact.is_met, fact.evidence, given.get(f"{point}_override", ""))
        return answers


class DecideLiftForm(DecisionForm):
    submit_label = "Record the decision"
    field_order = ["decision", "reason", "decided_at"]

    decision = forms.ChoiceField(
        label="What is decided",
        choices=[("lift", "Lift: it ends on the day of the decision"), ("refuse", "Do not lift: it goes on")],
    )

    def __init__(self, *args: Any, unmet: Sequence[Point], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unmet = unmet
        for point in unmet:
            self.fields[f"{point}_override"] = text_box(
                f"Reason to lift although not shown: {point.label}",
                required=False,
                rows=2,
                hint="It became so after the lift was proposed. A reason stands in the record with your name.",
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "lift":
            need(
                self,
                **{f"{p}_override": f"Not shown: {p.label}. Give a reason, or refuse" for p in self.unmet},
            )
        return cleaned

    def to_input(self, **_more: Any) -> DecideLiftInput:
        """The decision, and the reason for each point that is not shown: those points have a question each."""
        given = self.cleaned_data
        return DecideLiftInput(
            **{name: given[name] for name in ("reason", "decided_at", "decision")},
            overrides={point: given[f"{point}_override"] for point in self.unmet},
        )
