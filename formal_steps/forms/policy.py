from typing import Any

from formal_steps.actions.policy import PolicyInput
from formal_steps.models import Policy
from formal_steps.permissions import DECIDE, SEE
from govuk.form_fields import choose_from, people_able
from govuk.forms import GovModelForm


class PolicyForm(GovModelForm):
    """What the council has set for formal steps and for the urgent route."""

    submit_label = "Save the settings"
    input_class = PolicyInput
    fieldsets = (
        ("Default notices", ["default_notices", "default_notice_days"]),
        ("Fairness", ["days_to_answer", "days_to_ask", "days_to_review"]),
        ("Repeated suspensions", ["again_days"]),
        ("If nobody confirms an urgent suspension", ["deputy", "director"]),
    )

    class Meta:
        model = Policy
        fields = [
            "default_notices",
            "default_notice_days",
            "days_to_answer",
            "days_to_ask",
            "days_to_review",
            "again_days",
            "deputy",
            "director",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, permission in (("deputy", DECIDE), ("director", SEE[0])):
            choose_from(self, name, people_able(permission))
        for name in (
            "default_notices",
            "default_notice_days",
            "days_to_answer",
            "days_to_ask",
            "days_to_review",
        ):
            self.fields[name].min_value = 1  # type: ignore[attr-defined]  # a whole number
