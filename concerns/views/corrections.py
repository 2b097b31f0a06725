"""What was corrected of a concern, in words."""

from datetime import datetime
from typing import Any

from concerns.models import Concern, ConcernKind, ConcernSource
from core import differences, versions
from core.dates import datetime_in_words
from core.models import Version
from providers.models import Service

LABELS = {
    "service_id": "Service",
    "kind": "Kind",
    "also_safeguarding": "Safeguarding concern too",
    "received_at": "Received",
    "source": "Raised by",
    "summary": "What is wrong",
}


def history_of(concern: Concern) -> list[tuple[Version, list[tuple[str, Any]]]]:
    """What was corrected, newest first: each version with the fields that it changed, in words."""
    kept = versions.history(concern)
    names = dict(
        Service.objects.filter(
            pk__in=[one.fields["service_id"] for one in kept if "service_id" in one.fields]
        ).values_list("pk", "name")
    )

    def told(name: str, value: Any) -> str:
        if value in (None, ""):
            return ""
        if name == "service_id":
            return names.get(value, "")
        if name == "received_at":
            return datetime_in_words(datetime.fromisoformat(value))
        if name == "also_safeguarding":
            return "Yes" if value else "No"
        choices = {"kind": ConcernKind, "source": ConcernSource}.get(name)
        return str(choices(value).label) if choices else str(value)

    return [
        (
            one.version,
            [
                (
                    LABELS[change.name],
                    {
                        "parts": differences.parts(
                            told(change.name, change.before), told(change.name, change.after)
                        )
                    },
                )
                for change in one.changes
            ],
        )
        # The first is what was recorded: it stands on the page unless it was corrected.
        for one in versions.told(kept)
        if len(kept) > 1
    ]
