"""Suspensions from the first concern to the monitoring after a lift, told through the apps' actions
on their own days.
"""

from random import Random

from demo.context import DemoContext
from demo.suspensions.history import SuspensionHistory
from demo.suspensions.roles import Roles
from demo.suspensions.scripts import cast
from demo.world import SEED


def load(context: DemoContext) -> set[int]:
    """Record every script; returns the numbers of the services that had a part, whose other records
    are made here too.
    """
    managers, seniors, officers = (
        context.staff.managers,
        context.staff.seniors,
        context.staff.officers,
    )
    suspended = set()
    # All are cast before the first is recorded, since who fits is asked of the register as it
    # began.
    for order, (script, number, service) in enumerate(list(cast(context))):
        # What waits today was put by the others, so that the first manager has it all to decide.
        waits = script.ends in ("proposed", "unconfirmed", "lift_proposed")
        roles = Roles(
            context=context,
            script=script,
            service=service,
            one=managers[1 + order % 2] if waits else managers[order % 3],
            other=managers[0] if waits else managers[(order + 1) % 3],
            senior=seniors[order % 2],
            officer=officers[order % 4],
            rng=Random(f"{SEED}:suspension:{number}"),
        )
        SuspensionHistory(roles).record()
        suspended.add(number)
    return suspended
