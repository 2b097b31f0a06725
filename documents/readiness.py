"""Whether the virus scanner answers, where the council has one."""

from django.db import DatabaseError

from core.readiness import readiness_check
from documents import scanner
from documents.models import StoredFile


@readiness_check(order=35)
def virus_scanner() -> str | None:
    """None when it answers or none is set up; else one plain sentence."""
    if not scanner.is_set_up() or scanner.answers():
        return None
    try:
        waiting = StoredFile.objects.not_scanned().count()
    except DatabaseError:
        return "The virus scanner does not answer."
    return f"The virus scanner does not answer. Files that wait to be scanned: {waiting}."
