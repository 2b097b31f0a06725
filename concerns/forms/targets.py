"""The form of the response targets."""

from typing import Any

from concerns import rules
from concerns.actions import TargetsInput
from concerns.models import Targets
from govuk.forms import GovModelForm


class TargetsForm(GovModelForm):
    input_class = TargetsInput
    submit_label = "Save the targets"
    fieldsets = (
        (
            "Working hours allowed for the first response",
            ["hours_very_high", "hours_high", "hours_medium", "hours_low"],
        ),
        ("The working day", ["day_starts", "day_ends"]),
        (
            "Immediate danger outside of the working day",
            ["out_of_hours_team", "out_of_hours_phone"],
        ),
        ("Target", ["in_time_percent"]),
    )
    suffixes = {"in_time_percent": "%"}

    class Meta:
        model = Targets
        fields = [
            "hours_very_high",
            "hours_high",
            "hours_medium",
            "hours_low",
            "day_starts",
            "day_ends",
            "out_of_hours_team",
            "out_of_hours_phone",
            "in_time_percent",
        ]
        labels = {
            "out_of_hours_team": "Who answers",
            "out_of_hours_phone": "Their telephone number",
        }
        help_texts = {
            "hours_very_high": "Hours of the working day, Monday to Friday, without bank holidays",
            "out_of_hours_team": "For example, the emergency duty team",
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        fields = [f"hours_{risk}" for risk in reversed(rules.RISK_ORDER)]
        hours: list[Any] = [data.get(name) for name in fields]
        if None not in hours:
            if not hours[0]:
                self.add_error("hours_very_high", "Hours for a very high risk must be 1 or more")
            for name, allowed, smaller in zip(fields, hours, hours[1:], strict=False):
                if allowed > smaller:
                    self.add_error(name, "A higher risk must not have more hours than a lower risk")
        if (
            data.get("day_starts")
            and data.get("day_ends")
            and data["day_ends"] <= data["day_starts"]
        ):
            self.add_error("day_ends", "End of the working day must be after its start")
        return data
