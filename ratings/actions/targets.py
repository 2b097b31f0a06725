from django.db import transaction

from carequality import events
from carequality.models import User
from ratings.models import Target


@transaction.atomic
def save_target(target: Target, *, by: User) -> Target:
    """Set a target of the council's or change one; the record keeps what it was before."""
    before = _told(Target.objects.get(pk=target.pk)) if target.pk else None
    target.save()
    kind = "target.changed" if before else "target.set"
    events.record(kind, by=by, about=target, before=before, after=_told(target))
    return target


def _told(target: Target) -> dict[str, str]:
    fields = ("name", "measure", "direction", "level", "sector", "since", "until")
    return {name: str(getattr(target, name) or "") for name in fields}
