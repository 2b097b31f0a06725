"""Stored keys of names: what lists sort by, what is looked for in them, and what makes two alike.

A key is kept beside its name so that every server sorts alike, whatever its collations are, and so
that the one folding of `documents.folding` holds in the database too.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connections, models

from core.keys import fold

# Of two accounts that were alike before keys existed both stay: the later one's key ends in its
# number, after a space, which no key of an account has.
TWIN = " "
AT_ONCE = 5_000


class KeyField(models.TextField):
    """The key of one column or of several: filled whenever its row is saved or made in bulk.

    An UPDATE of the column itself, or a COPY, must set the key too. `folding` names the function of
    `documents.folding` that makes it; `is_of_account`: no two rows may have it.
    """

    def __init__(
        self,
        *sources: str,
        folding: str = "name_key",
        is_of_account: bool = False,
        **kwargs: Any,
    ) -> None:
        self.sources, self.folding, self.is_of_account = sources, folding, is_of_account
        # "C" compares by code point on every server, which puts plain letters and digits in order.
        super().__init__(**kwargs | FIXED)

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        kwargs = {kwarg: value for kwarg, value in kwargs.items() if kwarg not in FIXED}
        kwargs |= {"folding": self.folding, "is_of_account": self.is_of_account}
        return name, path, self.sources, kwargs

    def key_of(self, *values: Any) -> str:
        """The key of what its columns hold."""
        return fold(self.folding, *(str(value or "") for value in values))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = self.key_of(*(getattr(model_instance, source) for source in self.sources))
        held: str = getattr(model_instance, self.attname)
        if self.is_of_account and held.partition(TWIN)[0] == key:
            return held
        setattr(model_instance, self.attname, key)
        return key


FIXED = {"editable": False, "blank": True, "default": "", "db_collation": "C"}


class Keyed(models.Model):
    """A model with keys: what saves a name alone saves its key with it."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """As Django's. The keys of the columns named in `update_fields` are written too."""
        if update_fields is not None:
            named = set(update_fields)
            keys = {key.name for key in keys_of(type(self)) if named & set(key.sources)}
            update_fields = named | keys
        super().save(*args, update_fields=update_fields, **kwargs)


def keys_of(model: type[models.Model]) -> list[KeyField]:
    """The keys that a model has."""
    return [field for field in model._meta.fields if isinstance(field, KeyField)]


def fill(model: type[models.Model], using: str) -> int:
    """Make a model's stored keys true; returns how many were not. Safe to run again.

    For migrations, and for whoever changes the folding. Locks nothing: meant for when nobody
    writes.
    """
    return sum(_fill(model, key, using) for key in keys_of(model))


def _fill(model: type[models.Model], key: KeyField, using: str) -> int:
    rows = model._base_manager.using(using).order_by("pk")
    wrong: list[tuple[Any, str]] = []
    taken: set[str] = set()
    for pk, held, *values in rows.values_list("pk", key.attname, *key.sources).iterator():
        right = key.key_of(*values)
        if key.is_of_account and right:
            right = f"{right}{TWIN}{pk}" if right in taken else right
            taken.add(right)
        if held != right:
            wrong.append((pk, right))
    for batch in batched(wrong):
        _write(model, key, using, batch)
    return len(wrong)


def _write(
    model: type[models.Model], key: KeyField, using: str, rows: list[tuple[Any, str]]
) -> None:
    connection, pk = connections[using], model._meta.pk
    kind = pk.rel_db_type(connection)
    table, pk_column, column = (
        connection.ops.quote_name(name)
        for name in (model._meta.db_table, str(pk.column), str(key.column))
    )
    with connection.cursor() as cursor:
        # One statement for thousands of rows: bulk_update's CASE grows with the square of them.
        cursor.execute(
            f"UPDATE {table} SET {column} = new.key"  # noqa: S608 - names from the code
            f" FROM unnest(%s::{kind}[], %s::text[]) AS new (pk, key) WHERE {pk_column} = new.pk",
            [[row[0] for row in rows], [row[1] for row in rows]],
        )


def batched(rows: list[tuple[Any, str]]) -> Iterator[list[tuple[Any, str]]]:
    """The rows, so many at once."""
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
