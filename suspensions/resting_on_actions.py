"""An action that is not verified stands in the way of a lift."""

from audits.rules.blocking import rests_on_actions
from suspensions.models import NOW_IN_FORCE, Suspension


@rests_on_actions
def a_lift(service_id: int) -> bool:
    """Whether a suspension of the service is in force, so that its lift asks for its actions."""
    return Suspension.objects.filter(service_id=service_id, status__in=NOW_IN_FORCE).exists()
