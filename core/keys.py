"""How a name is folded into a key, as `documents.folding` says it, which stands above this app."""

from collections.abc import Callable

from core.registration import Registry

Folding = Callable[[str], str]
FOLDINGS: Registry[Folding] = Registry("foldings")


def folding(function: Folding) -> Folding:
    """Register a function of the module `folding`: a key's field names it as it is named there."""
    return FOLDINGS.add(function.__name__, function)


def fold(name: str, *texts: str) -> str:
    """The key of what these texts say together, by the folding of that name."""
    return FOLDINGS[name](" ".join(text for text in texts if text))
