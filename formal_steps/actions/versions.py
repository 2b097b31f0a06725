"""The versions of a record that several people write in and another decides on."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import models

from core import versions
from core.models import User
from core.workflow import requires


@requires()
@contextmanager
def new_version(
    obj: models.Model,
    parts_of: Callable[[Any], Mapping[str, Any]],
    *,
    by: User,
    now: datetime,
) -> Iterator[None]:
    """Whatever the block changes of these parts is a version by that person; obj is held.

    Raises `NotAllowed`: `permission-missing`.
    """
    # What stood before versions were kept is the first of them, by nobody in particular: whoever
    # reads later what was changed finds what it was. Usually it is the last one, and kept already.
    versions.keep(obj, parts_of(obj), by=None, now=now)
    yield
    versions.keep(obj, parts_of(obj), by=by, now=now)
