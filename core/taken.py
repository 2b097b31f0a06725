"""What a constraint refuses because another was faster, as a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from core.workflow import NotAllowed

# PostgreSQL's codes for a unique constraint and an exclusion constraint; any other is a fault of
# ours and is not hidden.
TAKEN = ("23505", "23P01")


@contextmanager
def refused_if_taken(sentence: str, field: str = "", code: str = "taken") -> Iterator[None]:
    """Write what another may have written at the same moment: both forms looked for a twin, and
    neither saw the other's.

    Raises `NotAllowed` with that code and sentence, by that field.
    """
    try:
        # A savepoint, without which the refused INSERT would spoil the whole transaction.
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", "") not in TAKEN:
            raise
        raise NotAllowed(code, sentence, field) from error
