"""The one exception of the CQC client."""

from ratings.api.errors import ApiError


class CqcError(ApiError):
    """CQC could not be read."""
