"""axe looks at every page that the URL policy knows of, each with rows of the small demonstration.

No server: the browser's requests are answered by Django's own client, which sees the database of
the walk and undoes what it wrote.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from tests.axe import violations
from tests.core.conftest import Council, undone
from tests.core.test_url_policy import table

pytestmark = pytest.mark.browser
OURS = "http://carequality.test"
# What is no page of its own, or is none for whoever holds every right: files, answers to scripts,
# what only a POST reaches, and what leads elsewhere. A name that is neither here nor found is a
# page that no link leads to.
NO_PAGE = {
    "home": "leads to Today",
    "sign-in": "leads whoever is signed in to Today (tests/administration has its own)",
    "sign-out": "signs the walker out",
    "settle-job": "the demonstration keeps its promises (tests/core/test_promises.py)",
    "healthz": "JSON",
    "readyz": "JSON",
}
SAMPLE = (
    "oversight:today",
    "oversight:list-late-work",
    "oversight:view-work",
    "oversight:hand-over",
    "oversight:view-service",
    "suspensions:view-suspension",
    "audits:view-programme",
    "deactivate-person",
)


@pytest.fixture
def page_of_client(browser: Browser, council_of_forms: Council) -> Iterator[Page]:
    """A page whose requests the walker's client answers."""
    client: Client = council_of_forms.clients[0]
    client.raise_request_exception = False

    def answer(route: Route) -> None:
        url = urlsplit(route.request.url)
        if f"{url.scheme}://{url.netloc}" != OURS:
            route.abort()
            return
        response = client.get(f"{url.path}?{url.query}" if url.query else url.path)
        body = b"".join(response) if response.streaming else response.content
        headers = {name: str(value) for name, value in response.headers.items()}
        route.fulfill(status=response.status_code, headers=headers, body=body)

    # A service worker would answer in place of the client.
    context = browser.new_context(base_url=OURS, service_workers="block")
    context.set_default_timeout(90_000)
    context.route("**/*", answer)
    with undone():
        yield context.new_page()
        context.close()
    client.raise_request_exception = True


def pages(council: Council) -> dict[str, str]:
    """By the name of each URL, the first address of it that is a page."""
    client = council.clients[0]
    found = {}
    for name in table():
        for address in council.crawled.addresses.get(name, [])[:3]:
            with undone():
                response = client.get(address)
            if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                found[name] = address
                break
    return found


def faults(page: Page, found: dict[str, str]) -> list[str]:
    wrong = []
    for name, address in sorted(found.items()):
        page.goto(address)
        if folder := os.environ.get("SCREENSHOTS"):
            _photograph(page, Path(folder) / name.replace(":", "-"))
        wrong += [f"{name} ({address}): {breach}" for breach in violations(page)]
    return wrong


def _photograph(page: Page, file: Path) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{file}-{width}.png", full_page=True)


@pytest.mark.deep
def test_no_page_of_the_url_policy_breaks_a_rule(page_of_client, council_of_forms):
    found = pages(council_of_forms)
    # Of some the short crawl opens none: at least nearly all are looked at.
    assert len(found) > 150, len(found)
    wrong = faults(page_of_client, found)
    assert not wrong, "\n".join(wrong)


def test_a_sample_of_pages_breaks_no_rule(page_of_client, council_of_forms):
    found = {name: url for name, url in pages(council_of_forms).items() if name in SAMPLE}
    assert found.keys() == set(SAMPLE)
    wrong = faults(page_of_client, found)
    assert not wrong, "\n".join(wrong)
