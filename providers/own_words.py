"""Providers and services are known to everyone who works here, so they make no password."""

from collections.abc import Iterator

from core.own_words import own_names
from providers.models import Provider, Service


@own_names
def of_the_register() -> Iterator[str]:
    """What providers and services are called."""
    yield from Provider.objects.values_list("name", flat=True)
    yield from Service.objects.values_list("name", flat=True)
