"""What is said when a step does not start from the state that something is in."""

from collections.abc import Mapping

from django.db import models


def in_other_states(
    states: type[models.TextChoices], sentence: str, but: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The sentence for each state, with the state's label in the place of `{state}`, but for those
    that have their own.
    """
    said = {state.value: sentence.format(state=str(state.label).lower()) for state in states}
    return said | dict(but or {})
