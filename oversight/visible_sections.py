"""What of a service a person may see. Each app has a permission of its own; exempt matter asks one
on top of it.
"""

from dataclasses import dataclass

from core.models import User


@dataclass(frozen=True)
class VisibleSections:
    ratings: bool
    audits: bool  # exempt
    concerns: bool  # exempt
    suspensions: bool  # exempt
    formal_steps: bool  # exempt
    # Whether people may be placed there, without the reason, for those who do not see suspensions.
    # Each reading is recorded.
    placement: bool

    @classmethod
    def of(cls, user: User) -> "VisibleSections":
        exempt = user.has_perm("core.read_exempt")
        suspensions = exempt and user.has_perm("suspensions.view_suspension")
        return cls(
            ratings=user.has_perm("ratings.view_location"),
            audits=exempt and user.has_perm("audits.view_visit"),
            concerns=exempt and user.has_perm("concerns.view_concern"),
            suspensions=suspensions,
            formal_steps=exempt and user.has_perm("formal_steps.view_formalstep"),
            placement=not suspensions and user.has_perm("suspensions.view_placement_status"),
        )
