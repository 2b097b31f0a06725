"""The client of CQC's API as the settings have it."""

from django.conf import settings

from core.models import CouncilProfile
from ratings.api.client import Limits
from ratings.api.errors import ErrorKind
from ratings.cqc.client import Client
from ratings.cqc.errors import CqcError


def configured_client() -> Client:
    """The client for the server, key and limits of the settings.

    Raises `CqcError` of the kind `KEY` when there is no key.
    """
    if not settings.CQC_API_KEY:
        raise CqcError(
            ErrorKind.KEY,
            "CQC_API_KEY is not set. Ask CQC for a subscription key, or run the demonstration.",
        )
    council = CouncilProfile.current()
    # A header holds ASCII alone, and CQC's gateway refuses whoever does not say who they are.
    name = council.short_name.encode("ascii", "ignore").decode() if council else "no council yet"
    return Client(
        key=settings.CQC_API_KEY,
        user_agent=f"carequality ({name})",
        base_url=settings.CQC_API_URL,
        limits=Limits(at_a_time=settings.CQC_CONCURRENCY, per_minute=settings.CQC_RATE_PER_MINUTE),
    )
