"""How a test says that an action refuses: by the code and the field, so that sentences can
change.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.workflow import NotAllowed


@contextmanager
def not_allowed(code: str, field: str | None = None) -> Iterator[pytest.ExceptionInfo[NotAllowed]]:
    """The block raises `NotAllowed` with that code, and about that field when one is given; its
    sentence is whole.
    """
    with pytest.raises(NotAllowed) as caught:
        yield caught
    assert caught.value.code == code, (caught.value.code, str(caught.value))
    # What stands by its field has no full stop, as the design system has it; a sentence has one.
    by_its_field = caught.value.field and caught.value.message.startswith(("Enter ", "Select "))
    whole = caught.value.message.endswith((".", "?", "!"))
    assert whole or by_its_field, caught.value.message
    if field is not None:
        assert caught.value.field == field
