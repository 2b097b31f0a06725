"""The pages of ratings in a real browser: accessible, within the strict policy, on a laptop and on
a telephone.
"""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.models import Comparator, District, RegionAuthority
from demo.cqc_server.payloads import Memory
from demo.cqc_server.server import CqcServer
from figures.registration import FIGURES
from providers.models import Contract, Provider, Service
from ratings.actions import links, sync, targets
from ratings.actions.links import LinkInput
from ratings.actions.targets import TargetInput
from ratings.cqc.client import Client as CqcClient
from ratings.cqc.client import Limits
from ratings.models import RunKind, SyncRun
from ratings.vocabulary import KeyQuestion
from tests.axe import violations
from tests.ratings.factories import a_place, rate
from tests.ratings.payloads import a_location

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
COMPARISONS = [figure.name for figure in FIGURES if figure.area_key == "ratings"]


@pytest.fixture
def said(page: Page):
    found = []
    page.on(
        "console", lambda message: found.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def signed_in(page: Page, live_server, person):
    def sign_in(group):
        client = Client()
        client.force_login(person(group))
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
        )
        return live_server.url

    return sign_in


@pytest.fixture
def region(council, person):
    """A region of three with a history, a service of ours under contract, and a target."""
    for name in ("Exampleshire", "Otherwich", "Thirdham"):
        RegionAuthority.objects.create(name=name, since=date(1974, 4, 1))
    Comparator.objects.create(name="Otherwich")
    recent = timezone.localdate() - timedelta(days=40)
    home = None
    for authority, kind, history in [
        ("Exampleshire", "nursing_home", "R 2019-01-01, R 2021-01-01, I 2024-06-01"),
        ("Exampleshire", "nursing_home", f"G 2018-01-01, O {recent}"),
        ("Exampleshire", "home_care", "G 2020-01-01"),
        ("Exampleshire", "residential_home", ""),
        ("Otherwich", "nursing_home", "G 2020-01-01"),
        ("Thirdham", "residential_home", "R 2020-01-01"),
    ]:
        place = a_place(kind, authority=authority, history=history)
        home = home or place
        for question in KeyQuestion.values[1:]:
            rate(place, history[:12], key_question=question)
    service = Service.objects.create(
        provider=Provider.objects.create(name="Marsh Care"),
        name="Elm House",
        service_type="nursing_home",
        client_group="ageing_well",
        district=District.objects.first(),
    )
    officer = person("Officer")
    links.confirm_link(
        home.pk, by=officer, given=LinkInput(service.pk, date(2015, 1, 1)), now=timezone.now()
    )
    Contract.objects.create(
        service=service, reference="C1", framework="Care homes", starts_on=date(2016, 4, 1)
    )
    target = TargetInput(
        name="At most 20% Requires improvement",
        measure="requires_improvement",
        direction="at_most",
        level=20,
        since=date(2020, 1, 1),
    )
    targets.save_target(None, by=person("Manager"), given=target)
    return home


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "telephone"])
def test_pages_of_ratings_are_accessible(page, said, signed_in, size, region):
    home = signed_in("Manager")
    page.set_viewport_size(size)
    for path in (
        "/ratings/",
        "/ratings/locations/",
        f"/ratings/locations/{region.pk}/",
        f"/ratings/locations/{region.pk}/link/",
        "/ratings/links/",
        "/ratings/runs/",
        "/ratings/runs/now/",
        "/figures/area/ratings/",
        *(f"/figures/{name}/" for name in COMPARISONS),
        "/ratings/targets/",
        "/ratings/targets/set/",
        "/ratings/alerts/",
    ):
        page.goto(home + path)
        assert violations(page) == [], path
        wide = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert not wide, f"{path} runs off the side"
    assert said == []


def test_from_the_index_to_the_location_behind_a_number(page, said, signed_in, region):
    home = signed_in("Officer")
    page.goto(f"{home}/figures/area/ratings/")
    page.get_by_role("link", name="Regional comparison").click()
    expect(page.get_by_text("Inadequate nursing homes: 50% (1 of 2), the highest")).to_be_visible()
    page.get_by_text("Change the day or authority").click()
    page.get_by_label("Year").first.fill("2020")
    page.get_by_role("button", name="Show").click()
    expect(
        page.get_by_text("Requires improvement nursing homes: 50% (1 of 2), the highest")
    ).to_be_visible()
    page.get_by_title("1 of 2").first.click()
    expect(page.get_by_role("heading", name="1 of 2 (50%)")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name=str(region)).click()
    expect(page.get_by_role("heading", level=1, name=str(region))).to_be_visible()
    assert said == []


def test_choosing_alerts(page, said, signed_in, region):
    home = signed_in("Officer")
    page.goto(f"{home}/ratings/alerts/")
    page.get_by_label("Fewer beds").uncheck()
    page.get_by_label("The services in my portfolio").check()
    page.get_by_label("Email me in the morning too").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your alerts have been saved.")).to_be_visible()
    expect(page.get_by_label("Fewer beds")).not_to_be_checked()
    expect(page.get_by_label("Rating lowered")).to_be_checked()
    expect(page.get_by_label("Email me in the morning too")).to_be_checked()
    assert violations(page) == []
    assert said == []


def test_a_reading_that_is_watched_ends_on_the_page(page, said, signed_in, council):
    home = signed_in("Manager")
    page.goto(f"{home}/ratings/runs/now/")
    page.get_by_role("button", name="Update now").click()
    run = SyncRun.objects.get()
    page.goto(f"{home}/ratings/runs/{run.pk}/")
    expect(page.locator("#progress")).to_contain_text("No locations listed yet")
    expect(page.locator("#progress")).to_contain_text("Not asked yet")
    visited = a_location("1-1", unpublishedReports=[{"firstVisitDate": "2026-07-01"}])
    source = Memory([a_location("1-1")])
    with (
        CqcServer(source, key="k") as server,
        CqcClient(
            key="k", user_agent="tests", base_url=server.url, limits=Limits(per_minute=0)
        ) as client,
    ):
        sync.work_runs(client)
        expect(page.locator("#progress")).to_contain_text("1 of 1 locations read", timeout=10_000)
        expect(page.get_by_text("after ")).to_contain_text("second")
        expect(page.locator("[hx-get]")).to_have_count(0)
        source.put(visited, at=timezone.now() - timedelta(minutes=1))
        run = sync.ask_for_run(RunKind.CHANGES, now=timezone.now())
        sync.work_runs(client)
    page.goto(f"{home}/ratings/runs/{run.pk}/")
    expect(page.get_by_text("CQC has visited and not yet published")).to_be_visible()
    assert violations(page) == []
    assert said == []
