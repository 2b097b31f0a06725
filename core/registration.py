"""What the apps offer to one that may not import them: each registers it in a module of its own,
see `core.apps`.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Entries by name, in the order that each gave; `kind` says in an error what they are."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, tuple[int, T]] = {}

    def add(self, name: str, entry: T, *, order: int = 0) -> T:
        """Register an entry. Raises `ValueError` for a name that another entry has."""
        # The same module may be imported twice under test; what it defines there is the same entry
        # again.
        known = self._entries.get(name)
        if known is not None and getattr(known[1], "__qualname__", known[1]) != getattr(
            entry, "__qualname__", entry
        ):
            raise ValueError(f"There are two of the {self.kind} {name!r}.")
        self._entries[name] = (order, entry)
        return entry

    def __iter__(self) -> Iterator[T]:
        return iter(entry for _, entry in sorted(self._entries.values(), key=lambda held: held[0]))

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __getitem__(self, name: str) -> T:
        """The entry of that name. Raises `KeyError`."""
        return self._entries[name][1]

    def names(self) -> list[str]:
        """The names in the order of their entries."""
        return sorted(self._entries, key=lambda name: self._entries[name][0])
