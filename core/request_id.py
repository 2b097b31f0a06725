"""The id that ties a page, its log lines, its events and the jobs that follow from it together."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """The id of the request being served, or whose job is being done; an empty string outside of
    both.
    """
    return _request_id.get()


@contextmanager
def serving(request_id: str) -> Iterator[None]:
    """What is done within belongs to that request."""
    token = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(token)
