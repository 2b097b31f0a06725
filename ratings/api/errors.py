"""The one exception of a client of an outside API."""

from enum import StrEnum


class ErrorKind(StrEnum):
    """Why the data could not be had; what to do about it differs by kind."""

    KEY = "key"  # 401: nothing will work until someone mends the key
    MISSING = "missing"  # 404: not there; never a reason to delete what we hold
    GONE = "gone"  # 410: as 404, and how CQC's `/changes` says that it is withdrawn
    BAD_REQUEST = "bad request"  # 400 and other refusals of what we asked
    REFUSED = "refused"  # 403: no User-Agent, or an outage; its body is HTML
    BUSY = "busy"  # 429 for longer than we are prepared to wait
    SERVER = "server"  # 5xx, again and again
    TIMEOUT = "timeout"  # nothing, or too little, came in time
    UNREADABLE = "unreadable"  # not JSON, cut short, or not of the expected shape


class ApiError(Exception):
    """The API could not be read. `kind` says why, `status` is the HTTP status if there was one,
    `path` what was asked. Its message is a sentence.
    """

    def __init__(
        self, kind: ErrorKind, message: str, *, status: int | None = None, path: str = ""
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status
        self.path = path

    def __str__(self) -> str:
        where = f" ({self.path})" if self.path else ""
        return f"{super().__str__()}{where}"

    @property
    def is_absence(self) -> bool:
        """Whether the API said that the thing is not there (404 or 410)."""
        return self.kind in {ErrorKind.MISSING, ErrorKind.GONE}

    @property
    def stops_everything(self) -> bool:
        """Whether asking for anything else would fail alike, so that a run had better stop and go
        on later.
        """
        return self.kind in {ErrorKind.KEY, ErrorKind.REFUSED, ErrorKind.BUSY}
