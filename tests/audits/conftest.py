from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from audits import files
from audits.actions import templates
from audits.models import Template, Visit
from core.models import CouncilProfile, District, User
from providers.models import Provider, Service
from tests.audits.devices import an_audit, open_visit, sign_in


@pytest.fixture
def service(council: CouncilProfile) -> Callable[..., Service]:
    """Make a service: `service("Alder House", "home_care")`."""

    def make(name: str = "Alder House", service_type: str = "residential_home") -> Service:
        provider, _ = Provider.objects.get_or_create(name="Alder Care Ltd", is_fictitious=True)
        return Service.objects.get_or_create(
            provider=provider,
            name=name,
            service_type=service_type,
            defaults={
                "client_group": "ageing_well",
                "district": District.objects.first(),
                "is_fictitious": True,
            },
        )[0]

    return make


@pytest.fixture
def manager(person: Callable[..., User]) -> User:
    return person("Manager")


@pytest.fixture
def laptop(live_server: Any, browser: Any) -> Iterator[Callable[..., Page]]:
    """A laptop: a browser with a store of its own, signed in, with the shell kept and the visit
    opened on it.
    """
    contexts: list[BrowserContext] = []

    def start(person: User, visit: Visit | None) -> Page:
        context = browser.new_context(
            viewport={"width": 1366, "height": 768}, timezone_id="Europe/London"
        )
        contexts.append(context)
        sign_in(context, live_server.url, person)
        page = context.new_page()
        if visit is None:
            page.goto(live_server.url + reverse("audits:offline-visits"))
        else:
            open_visit(page, live_server.url, visit)
        return page

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def template(db: None) -> Template:
    """The audit of a care home that comes with the product, in use."""
    source = files.parse((files.SHIPPED / "care-home.toml").read_text())
    draft = templates.load_template(source, by=None, now=timezone.now())
    return templates.publish(draft.pk, by=None, now=timezone.now())


@pytest.fixture
def visit(
    service: Callable[..., Service], template: Template, person: Callable[..., User]
) -> Visit:
    """An audit of today that the officer has begun."""
    return an_audit(service(), template, person("Officer"))
