"""The whole way, from door to door, as `script/server` serves it: its own embedded services, web,
worker, public worker and beat.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from demo.people import PASSWORD
from tests.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("whole-way")]
ROOT = Path(__file__).resolve().parent.parent.parent
SHOTS = os.environ.get("SCREENSHOTS", "")
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "BROKER_PREFIX",
    "CQC_API_KEY",
    "CAREQUALITY_PROCESS",
)
TODAY = date.today()  # noqa: DTZ011 - the server's own day, since it is the server that is watched


class Served:
    """The product as one command serves it."""

    services = "30"

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "served.log"
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        """The environment of a terminal that knows nothing of the tests."""
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.endswith("DATABASE_URL") and key not in OURS
        }
        return kept | {
            "CAREQUALITY_MODE": "demonstration",
            "CAREQUALITY_VAR": str(self.folder / "var"),
            "STATIC_ROOT": str(self.folder / "static"),
            "DEMO_SERVICES": self.services,
            "PORT": str(self.port),
        }

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "devserver.serve"],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 900
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            try:
                if httpx.get(f"{self.url}/readyz", timeout=5).json()["checks"]["worker"] == "ok":
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.5)
        raise AssertionError(self.log.read_text()[-3000:])

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def left_running(self) -> list[str]:
        mark = f"CAREQUALITY_VAR={self.folder / 'var'}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes():
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
        return [command for command in found if command]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    product = Served(tmp_path_factory.mktemp("served"))
    try:
        product.start()
        yield product
    finally:
        # Also when it never answered: what it started would go on, and slow down every test after
        # it.
        product.stop()


def sign_in(page: Page, served: Served, username: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{served.url}/sign-in/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def look(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    assert violations(page) == []


def fill_date(page: Page, name: str, day: date) -> None:
    for part in ("day", "month", "year"):
        page.locator(f"[name={name}-{part}]").fill(str(getattr(day, part)))


def text_of(pdf: Path) -> str:
    return subprocess.run(
        ["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout


def test_officer_sees_services_with_their_ratings(served: Served, page: Page) -> None:
    sign_in(page, served, "officer")
    look(page, "today")
    page.get_by_role("link", name="Services", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Services")).to_be_visible()
    expect(page.locator("tbody .govuk-tag").first).to_be_visible()
    look(page, "services")
    page.locator("tbody th a").first.click()
    expect(page.get_by_role("heading", name="CQC ratings")).to_be_visible()
    look(page, "service")


def test_officer_logs_an_audit_visit(served: Served, page: Page) -> None:
    sign_in(page, served, "officer")
    page.goto(f"{served.url}/services/?service_type=residential_home")
    page.locator("tbody th a").first.click()
    page.get_by_role("link", name="Plan a visit").click()
    page.get_by_label("Annual audit").check()
    fill_date(page, "planned_for", TODAY)
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Plan the visit").click()
    expect(page.get_by_role("alert")).to_contain_text("The visit has been planned.")
    page.get_by_role("button", name="Begin the visit").click()
    page.get_by_role("button", name="Begin the visit").click()
    expect(page.locator("form fieldset").first).to_be_visible()
    answer_every_section(page)
    page.get_by_role("button", name=re.compile("^Complete the visit")).click()
    page.get_by_label(re.compile("Summary|in a few", re.IGNORECASE)).first.fill(
        "A kind and well-run home."
    )
    look(page, "complete-visit")
    page.get_by_role("button", name=re.compile("^Complete")).click()
    expect(page.get_by_text(re.compile("Excellent|Good")).first).to_be_visible()
    look(page, "completed-visit")


BOXES = {"day": "3", "month": "9", "year": str(TODAY.year - 1)}


def answer_every_section(page: Page) -> None:
    """The best answer to every question, section by section."""
    for _ in range(12):
        fieldsets = page.locator("main form fieldset:has(input[type=radio])")
        for index in range(fieldsets.count()):
            radio = fieldsets.nth(index).locator("input[type=radio]").first
            if radio.is_visible():
                radio.check()
        for box in page.locator(
            "main form textarea:visible, main form input[type=text]:visible"
        ).all():
            if box.input_value():
                continue
            part = (box.get_attribute("name") or "").rsplit("-", 1)[-1]
            numeric = box.get_attribute("inputmode") in ("numeric", "decimal")
            box.fill(BOXES.get(part, "4" if numeric else "Seen in four records."))
        onward = page.get_by_role("button", name="Save and go on to the next section")
        if not onward.count():
            with page.expect_navigation():
                page.get_by_role("button", name="Save and go back to the visit").click()
            return
        # Without waiting for the next section, the loop finds the old page answered and saves the
        # new one empty.
        with page.expect_navigation():
            onward.click()


def test_two_managers_suspend_a_contract(served: Served, page: Page) -> None:
    sign_in(page, served, "manager")
    page.goto(f"{served.url}/services/?service_type=home_care&suspended=false")
    page.locator("tbody th a").first.click()
    name = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Propose a suspension").click()
    page.locator("[name=kind][value=full]").check()
    page.locator("[name=summary]").fill("Calls are missed and nobody is told.")
    for field in ("reasons", "evidence", "provider_notified", "welfare"):
        page.locator(f"textarea[name={field}]").fill("Seen, and recorded the same day.")
    look(page, "propose")
    page.get_by_role("button", name=re.compile("^Propose")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    address = page.url
    expect(page.get_by_text("another manager must decide").first).to_be_visible()

    sign_in(page, served, "manager2")
    page.goto(address)
    page.get_by_role("link", name=re.compile("^Decide")).first.click()
    page.get_by_label("Suspend: the suspension comes into force").check()
    page.get_by_label("Reason for the decision").fill("The evidence is plain.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("In force").first).to_be_visible()
    look(page, "suspended")


def test_position_statement_in_two_files(served: Served, page: Page, tmp_path: Path) -> None:
    sign_in(page, served, "officer")
    page.goto(f"{served.url}/reports/start/")
    fill_date(page, "meeting_on", TODAY + timedelta(days=40))
    fill_date(page, "as_at", TODAY)
    fill_date(page, "since", TODAY - timedelta(days=90))
    page.get_by_role("button", name="Save").click()
    desk = page.url
    page.get_by_role("link", name="Good practice", exact=True).click()
    page.get_by_role("button", name="Write").click()
    page.get_by_label("Text").fill("Two homes began to share a garden.")
    page.get_by_role("button", name="Save the section").click()

    sign_in(page, served, "manager")
    page.goto(desk)
    page.get_by_role("button", name="Freeze the figures").click()
    expect(page.get_by_role("button", name="Unfreeze the figures")).to_be_visible(timeout=90_000)
    release_everything(page, desk)
    page.goto(desk)
    look(page, "desk-released")
    page.get_by_role("button", name="Make both files").click()
    expect(page.get_by_role("link", name=re.compile("Read the public paper"))).to_be_visible(
        timeout=120_000
    )

    sign_in(page, served, "director")
    page.goto(desk)
    page.get_by_role("button", name="Approve and seal").click()
    page.get_by_label("I have read both files").check()
    page.get_by_role("button", name="Approve and seal both files").click()
    expect(page.get_by_role("alert")).to_contain_text("Paper approved")
    look(page, "desk-approved")

    sign_in(page, served, "clerk")
    page.goto(desk)
    public, exempt = tmp_path / "public.pdf", tmp_path / "exempt.pdf"
    for label, file in (("Read the public paper", public), ("Read the Exempt Appendix", exempt)):
        address = page.get_by_role("link", name=re.compile(label)).get_attribute("href")
        response = page.context.request.get(f"{served.url}{address}")
        assert response.status == 200
        file.write_bytes(response.body())
    suspended = names_of_suspended(page, served)
    assert suspended
    said, exempt_text = " ".join(text_of(public).split()), " ".join(text_of(exempt).split())
    for heading in (
        "Purpose of the Report",
        "RECOMMENDATION/S",
        "Current overall ratings of active services",
    ):
        assert heading.casefold() in said.casefold()
    assert "Two homes began to share a garden." in said
    assert not [name for name in suspended if name in said]
    assert "not for publication" in exempt_text.casefold()
    assert [name for name in suspended if name in exempt_text]


def release_everything(page: Page, desk: str) -> None:
    page.goto(desk)
    links = page.locator("a[href*='/reports/sections/']").all()
    for address in [link.get_attribute("href") for link in links]:
        page.goto(re.sub(r"/reports/.*", "", desk) + str(address))
        button = page.get_by_role("button", name=re.compile("^Release"))
        if button.count():
            button.first.click()


def names_of_suspended(page: Page, served: Served) -> list[str]:
    sign_in(page, served, "manager")
    page.goto(f"{served.url}/suspensions/")
    return [name.split(",")[0].strip() for name in page.locator("tbody th a").all_inner_texts()]


def test_each_role_finds_its_own_way_in(served: Served, page: Page) -> None:
    for username in ("senior", "monitoring", "clerk", "social", "admin"):
        sign_in(page, served, username)
        assert "Today" in page.title()
        look(page, f"today-{username}")


@pytest.mark.deep
def test_ctrl_c_ends_everything_and_the_next_start_finds_the_data(
    served: Served, page: Page
) -> None:
    served.stop()
    assert served.process is not None
    assert served.process.returncode == 0
    assert served.left_running() == []
    served.start()
    assert "Loading" not in served.log.read_text().split("Ctrl-C stops")[-1]
    sign_in(page, served, "clerk")
    page.goto(f"{served.url}/reports/")
    expect(page.locator("tbody").get_by_text("Approved").first).to_be_visible()
