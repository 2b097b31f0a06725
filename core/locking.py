"""The one way to hold a row."""

from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def lock(model: type[M], pk: Any, *related: str, also: tuple[str, ...] = ()) -> M:
    """The row, held until the transaction ends: of any number of people who act at once, one goes
    first.

    `related` is read with it and not held, so that an action on another row that shares it need not
    wait; `also` names what of it is held too. Raises the model's `DoesNotExist`.
    """
    # `of` names what is held: without it PostgreSQL would hold the joined rows too, and refuse
    # altogether where a join is to a nullable key.
    rows = model._default_manager.select_for_update(of=("self", *also))
    return rows.select_related(*related).get(pk=pk) if related else rows.get(pk=pk)
