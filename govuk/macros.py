"""The GOV.UK component macros, loaded once: a fresh Jinja environment for every component costs 35
ms.
"""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, PackageLoader, PrefixLoader


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )


@cache
def _macro(component: str) -> Callable[[Mapping[str, Any]], str]:
    template = _environment().get_template(
        f"govuk_frontend_jinja/components/{component}/macro.html"
    )
    name = "govuk" + "".join(part.capitalize() for part in component.split("-"))
    macro: Callable[[Mapping[str, Any]], str] = getattr(template.module, name)
    return macro


def component(name: str, params: Mapping[str, Any]) -> SafeString:
    """A GOV.UK component, such as `error-summary`, drawn from the parameters that its documentation
    lists.

    Values under `text` are escaped; those under `html` must be safe already.
    """
    return mark_safe(_macro(name)(params))  # noqa: S308 - the macros escape
