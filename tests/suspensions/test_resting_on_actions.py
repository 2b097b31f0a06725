"""An action that stands in the way of a lift is not withdrawn by one person alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from audits.actions import action_changes, plans
from audits.models import Action
from suspensions.rules import lifting
from tests.refusals import not_allowed
from tests.suspensions.conftest import TODAY, at

pytestmark = pytest.mark.django_db
GIVEN = action_changes.ActionWithdrawalInput("The wing was closed.")


@pytest.fixture
def action(service, officer) -> Action:
    given = plans.ActionInput("Answer bells", TODAY + timedelta(days=14), "The manager")
    return plans.agree_action(by=officer, service=service, given=given, today=TODAY)


def test_action_that_blocks_a_lift_is_withdrawn_by_two(row, action, manager, other_manager):
    suspension, now = row(), at(TODAY)
    asked = action_changes.withdraw_action(action.pk, by=manager, given=GIVEN, now=now)
    assert (asked.status, asked.is_withdrawal_asked) == ("open", True)
    assert not lifting._actions_verified(suspension).is_met
    agreed = action_changes.WithdrawalDecisionInput(True, "Seen at the visit.")
    with not_allowed("same-person"):
        action_changes.decide_withdrawal(action.pk, by=manager, given=agreed, now=now)
    with pytest.raises(IntegrityError, match="withdrawn_by_another"), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(
            status="withdrawn", withdrawn_by=manager, withdrawn_on=TODAY
        )
    no = action_changes.WithdrawalDecisionInput(False, "The wing opens again.")
    refused = action_changes.decide_withdrawal(action.pk, by=other_manager, given=no, now=now)
    assert (refused.status, refused.withdrawal_reason) == ("open", "")
    action_changes.withdraw_action(action.pk, by=manager, given=GIVEN, now=now)
    done = action_changes.decide_withdrawal(action.pk, by=other_manager, given=agreed, now=now)
    assert done.is_withdrawn
    kinds = [str(change.kind) for change in action.changes.all()]
    assert kinds == ["asked", "refused", "asked", "withdrawn"]
    # It no longer stands in the way by name; that nothing was mended is another matter.
    assert lifting._actions_verified(suspension).evidence == (
        "All actions of this service were withdrawn."
    )


def test_action_of_a_service_that_is_not_suspended_needs_no_second(action, officer):
    done = action_changes.withdraw_action(action.pk, by=officer, given=GIVEN, now=at(TODAY))
    assert done.is_withdrawn
