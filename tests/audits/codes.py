"""How a test of a page says what its form shows as wrong: by field and code, so that sentences can
change.
"""

from typing import Any


def codes(page: Any) -> dict[str, list[str]]:
    """The codes of the form's errors by field; those of the whole form under `__all__`."""
    errors = page.context["form"].errors.as_data()
    return {field: [error.code for error in wrong] for field, wrong in errors.items()}
