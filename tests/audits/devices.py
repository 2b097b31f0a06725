"""A laptop with the working page on it, and what is done at it."""

import io
import os
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from audits.actions import visits
from audits.actions.visits import BeginInput
from audits.models import Question, Template, Visit
from core.models import User
from providers.models import Service
from tests.audits.factories import plan_of
from tests.axe import violations

SHOTS = os.environ.get("SCREENSHOTS", "")

EVERYTHING = """async () => {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open("carequality-visits");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const words = [];
  const read = (value) => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      words.push(new TextDecoder().decode(value));
    } else if (value instanceof CryptoKey) {
      words.push("A KEY");
    } else if (value && typeof value === "object") {
      Object.values(value).forEach(read);
    } else {
      words.push(String(value));
    }
  };
  for (const name of db.objectStoreNames) {
    const rows = await new Promise((resolve) => {
      const all = db.transaction(name).objectStore(name).getAll();
      all.onsuccess = (event) => resolve(event.target.result);
    });
    rows.forEach(read);
  }
  return words.join(" ");
}"""


def an_audit(
    service: Service,
    template: Template | None,
    by: User,
    *,
    begun: bool = True,
    kind: str = "annual",
) -> Visit:
    """A visit of today, begun or planned."""
    day = timezone.localdate()
    plan = {"template": template, "kind": kind, "planned_for": day, "officer": by}
    visit = visits.plan_visit(by=by, given=plan_of(service=service, **plan), now=timezone.now())
    return visits.begin(visit.pk, by=by, given=BeginInput(day), today=day) if begun else visit


def sign_in(context: BrowserContext, url: str, person: User) -> None:
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    context.clear_cookies()
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def open_visit(page: Page, url: str, visit: Visit) -> None:
    page.goto(f"{url}{reverse('audits:offline-visits')}#visit-{visit.pk}")
    ready(page, visit)


def ready(page: Page, visit: Visit) -> None:
    expect(page.locator("#page")).to_have_attribute("data-ready", str(visit.pk))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def first_of(visit: Visit, kind: str = "rating") -> Question:
    return Question.objects.of_template(visit.template).filter(kind=kind).first()


def card(page: Page, question: Question) -> Any:
    return page.locator(f"#question-{question.pk}")


def write(page: Page, question: Question, text: str) -> None:
    card(page, question).get_by_label("Evidence: what you saw").fill(text)


def unsent(page: Page, number: int) -> None:
    expect(page.locator("#kept")).to_have_attribute("data-saving", "no")
    expect(page.locator("#kept")).to_have_attribute("data-unsent", str(number))


def kept(page: Page, number: int) -> None:
    """Written to the disk, and not sent."""
    expect(page.locator("#kept-words")).to_contain_text("Last saved on this device")
    unsent(page, number)


def send(page: Page) -> None:
    page.evaluate("carequality.flush({retry: true})")


def look(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))
    # What lies half beneath the bar has no size of its own to judge; from the top nothing does.
    page.evaluate("scrollTo(0, 0)")
    found = violations(page)
    assert not found, found
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        "scrolls sideways"
    )


def kill(folder: Path) -> None:
    """Every process of the browser that keeps its profile there, at once."""
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            try:
                if str(folder).encode() in (process / "cmdline").read_bytes():
                    os.kill(int(process.name), signal.SIGKILL)
            except (OSError, ProcessLookupError):
                continue


def photograph() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Person Q"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()
