from datetime import date, datetime, time

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Page

from core.models import District
from providers.models import Provider, Service, ServiceUnit
from providers.vocabulary import ClientGroup, ServiceType
from suspensions.models import Suspension, SuspensionKind, SuspensionStatus

LAPTOP = {"width": 1366, "height": 768}
TODAY = date(2026, 3, 11)  # a Wednesday


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), timezone.get_default_timezone())


@pytest.fixture
def make_service(council):
    def make(
        name="Alder House",
        service_type=ServiceType.RESIDENTIAL_HOME,
        client_group=ClientGroup.AGEING_WELL,
        district="Northmarsh",
        **more,
    ) -> Service:
        provider, _ = Provider.objects.get_or_create(
            name="Alder Care", defaults={"contact_email": "manager@alder.test"}
        )
        return Service.objects.create(
            provider=provider,
            name=name,
            service_type=service_type,
            client_group=client_group,
            district=District.objects.get_or_create(name=district)[0],
            **more,
        )

    return make


@pytest.fixture
def service(make_service) -> Service:
    return make_service()


@pytest.fixture
def unit(service) -> ServiceUnit:
    return ServiceUnit.objects.create(service=service, name="Rose unit")


@pytest.fixture
def manager(person):
    return person("Manager", "proposer")


@pytest.fixture
def other_manager(person):
    return person("Manager", "decider")


@pytest.fixture
def officer(person):
    return person("Officer", "officer")


@pytest.fixture
def row(service, manager, other_manager):
    """A row as the database takes it, for tests of what it refuses; a person's way in is the
    actions.
    """

    def make(status=SuspensionStatus.IN_FORCE, from_on=TODAY, **more) -> Suspension:
        fields = {
            "service": service,
            "kind": SuspensionKind.FULL,
            "summary": "Medicines were not given safely.",
            "status": status,
            "proposed_by": manager,
            "proposed_at": at(from_on, 9),
        }
        if status not in (SuspensionStatus.PROPOSED, SuspensionStatus.WITHDRAWN):
            fields |= {
                "decided_by": other_manager,
                "decided_at": at(from_on),
                "decision_recorded_at": at(from_on),
                "in_force_from": from_on,
            }
        if status in (SuspensionStatus.LIFT_PROPOSED, SuspensionStatus.LIFTED):
            fields |= {"lift_proposed_by": manager, "lift_proposed_at": at(from_on, 11)}
        if status == SuspensionStatus.LIFTED:
            fields |= {
                "lift_decided_by": other_manager,
                "lift_decided_at": at(from_on, 12),
                "lift_recorded_at": at(from_on, 12),
            }
        return Suspension.objects.create(**(fields | more))

    return make


@pytest.fixture
def quiet(page: Page) -> list[str]:
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def address_of(name: str, *args: object) -> str:
    """The address of a page: of suspensions by its short name, of another app by the whole."""
    try:
        return reverse(f"suspensions:{name}", args=args)
    except NoReverseMatch:
        return reverse(name, args=args)


@pytest.fixture
def opened(page: Page, live_server):
    """Open a page of suspensions as that person, at that size."""

    def open_as(person, name, *args, size=LAPTOP) -> Page:
        client = Client()
        client.force_login(person)
        cookie = settings.SESSION_COOKIE_NAME
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": cookie, "value": client.cookies[cookie].value, "url": live_server.url}]
        )
        page.set_viewport_size(size)
        page.goto(live_server.url + address_of(name, *args))
        return page

    return open_as
