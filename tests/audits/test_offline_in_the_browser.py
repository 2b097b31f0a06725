"""A visit without a network in a real browser: nothing is lost and nothing arrives twice, whatever
is cut, killed or repeated.
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserType, Page, Route, expect

from audits.actions import visits
from audits.models import Answer, Attachment, LooseNote, Question, Receipt, Template, Visit
from concerns.models import Concern
from core.models import User
from providers.models import Service
from tests.audits.devices import (
    EVERYTHING,
    an_audit,
    card,
    first_of,
    kept,
    kill,
    look,
    open_visit,
    photograph,
    ready,
    send,
    sign_in,
    unsent,
    write,
)
from tests.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_visit_without_a_network_arrives_whole(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    page = laptop(person("Officer"), visit)
    assert violations(page) == []
    page.context.set_offline(True)
    question = first_of(visit)
    card(page, question).get_by_label("Good", exact=True).check()
    write(page, question, "Person A was up and dressed.")
    page.get_by_role("button", name="Take a note").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Note", exact=True).fill("Ask about the night staff.")
    look(page, "offline-note")
    dialog.get_by_role("button", name="Save the note").click()
    expect(page.locator(".cq-note")).to_have_count(1)
    # One that is begun and left empty is no note, and keeps nobody from signing out.
    page.get_by_role("button", name="Take a note").click()
    dialog.get_by_label("Note", exact=True).fill("x")
    unsent(page, 3)
    dialog.get_by_label("Note", exact=True).fill("")
    dialog.get_by_role("button", name="Save the note").click()
    expect(page.locator(".cq-note")).to_have_count(1)
    kept(page, 2)
    expect(page.locator("#kept-words")).to_contain_text("You are offline")
    # The page itself is closed and opened again without a network.
    page.close()
    page = page.context.new_page()
    open_visit(page, live_server.url, visit)
    unsent(page, 2)
    expect(card(page, question).get_by_label("Evidence: what you saw")).to_have_value(
        "Person A was up and dressed."
    )
    assert violations(page) == []
    assert not Answer.objects.exists()
    page.context.set_offline(False)
    unsent(page, 0)
    answer = Answer.objects.get()
    assert (answer.question, answer.value, answer.version) == (question, "good", 1)
    assert answer.evidence == "Person A was up and dressed."
    assert LooseNote.objects.get().text == "Ask about the night staff."


def test_the_day_is_downloaded_begun_and_searched_without_a_network(
    laptop: Callable[..., Page],
    service: Callable[..., Service],
    template: Template,
    person: Callable[..., User],
) -> None:
    officer = person("Officer")
    visit = an_audit(service(), template, officer, begun=False)
    page = laptop(officer, None)
    page.get_by_role("button", name="Download my visits").click()
    expect(page.get_by_text("1 visit downloaded.")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    look(page, "offline-list")
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("link", name="Alder House").click()
    ready(page, visit)
    look(page, "offline-not-begun")
    page.get_by_role("button", name="Begin the visit today").click()
    question = Question.objects.of_template(template).last()
    page.get_by_label("Search the questions").fill(question.text)
    expect(card(page, question)).to_be_visible()
    expect(card(page, first_of(visit))).to_be_hidden()
    page.get_by_label("Search the questions").fill("")
    page.locator(".cq-chip", has_text=question.text).click()
    expect(card(page, question)).to_be_focused()
    look(page, "offline-working-page")
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "offline-working-page-phone")
    page.get_by_role("button", name="Questions", exact=True).click()
    look(page, "offline-map-phone")
    page.get_by_role("dialog").locator(".cq-chip").nth(20).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".cq-question").nth(20)).to_be_focused()
    expect(page.get_by_role("button", name="Immediate risk")).to_be_in_viewport()
    unsent(page, 1)
    page.context.set_offline(False)
    unsent(page, 0)
    visit.refresh_from_db()
    assert visit.status == "in_progress"


def test_killed_browser_loses_nothing_that_was_saved(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
    live_server: Any,
    visit: Visit,
    person: Callable[..., User],
) -> None:
    context = browser_type.launch_persistent_context(str(tmp_path), **browser_type_launch_args)
    sign_in(context, live_server.url, person("Officer"))
    page = context.new_page()
    open_visit(page, live_server.url, visit)
    context.set_offline(True)
    question = first_of(visit)
    # Typed without a pause, it is saved all the same.
    box = card(page, question).get_by_label("Note", exact=True)
    box.evaluate(
        "box => { window.typing = setInterval(() => { box.value += 'a'; box.dispatchEvent(new"
        " Event('input')); }, 100); }"
    )
    # Not "last saved": on a slow machine the next letter comes before the bar can say so.
    expect(page.locator("#kept-words")).to_contain_text("1 item saved on this device")
    page.evaluate("clearInterval(window.typing)")
    write(page, question, "Written just before the battery died.")
    kept(page, 1)
    kill(tmp_path)
    context = browser_type.launch_persistent_context(str(tmp_path), **browser_type_launch_args)
    context.set_offline(True)
    page = context.new_page()
    open_visit(page, live_server.url, visit)
    expect(card(page, question).get_by_label("Evidence: what you saw")).to_have_value(
        "Written just before the battery died."
    )
    unsent(page, 1)
    sign_in(context, live_server.url, person("Officer"))
    context.set_offline(False)
    unsent(page, 0)
    assert Answer.objects.get().evidence == "Written just before the battery died."
    context.close()


def test_killed_service_worker_comes_back_without_a_network(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    page = laptop(person("Officer"), visit)
    page.context.set_offline(True)
    write(page, first_of(visit), "Seen at ten.")
    kept(page, 1)
    devtools = page.context.new_cdp_session(page)
    devtools.send("ServiceWorker.enable")
    devtools.send("ServiceWorker.stopAllWorkers")
    page.reload()
    ready(page, visit)
    unsent(page, 1)
    page.context.set_offline(False)
    unsent(page, 0)
    assert Answer.objects.get().evidence == "Seen at ten."


def test_any_page_without_a_network_leads_to_the_visits_on_this_device(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    page = laptop(person("Officer"), visit)
    page.context.set_offline(True)
    page.goto(live_server.url + reverse("audits:list-visits"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Visits on this device")
    expect(page.get_by_role("link", name="Alder House")).to_be_visible()


def test_expired_session_keeps_everything_and_asks_to_sign_in(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User]
) -> None:
    officer = person("Officer")
    page = laptop(officer, visit)
    Session.objects.all().delete()
    write(page, first_of(visit), "Written after the session had ended.")
    kept(page, 1)
    send(page)
    expect(page.locator("#kept-words")).to_contain_text("You are no longer signed in")
    look(page, "offline-signed-out")
    assert not Answer.objects.exists()
    page.get_by_role("link", name="Sign in to send your work").click()
    page.get_by_label("Username").fill(officer.username)
    page.get_by_label("Password", exact=True).fill("a long enough password")
    page.get_by_role("button", name="Sign in").click()
    # Back at the visit, where the person was.
    expect(page.get_by_role("heading", level=1)).to_have_text(visit.service.name)
    unsent(page, 0)
    assert Answer.objects.get().evidence == "Written after the session had ended."


def test_lost_response_makes_nothing_twice(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User]
) -> None:
    page = laptop(person("Officer"), visit)
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.context.route("**/send/", lose)
    question = first_of(visit)
    write(page, question, "Clean and warm.")
    kept(page, 1)
    send(page)
    unsent(page, 1)
    assert lost
    assert set(lost) == {200}
    assert Answer.objects.get().version == 1
    # It goes on being written while nobody knows that the first has arrived.
    write(page, question, "Clean and warm. Lunch was on time.")
    unsent(page, 1)
    page.context.unroute("**/send/")
    page.evaluate("Promise.all(Array.from({length: 10}, () => carequality.flush()))")
    unsent(page, 0)
    answer = Answer.objects.get()
    assert (answer.evidence, answer.version) == ("Clean and warm. Lunch was on time.", 2)
    assert Receipt.objects.count() == 2


def test_two_tabs_race_and_both_texts_stay(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    one = laptop(person("Officer"), visit)
    two = one.context.new_page()
    open_visit(two, live_server.url, visit)
    one.context.set_offline(True)
    first, second = Question.objects.of_template(visit.template).filter(kind="rating")[:2]
    write(one, first, "From the first tab.")
    kept(one, 1)
    # The other tab follows what is written in this one.
    expect(card(two, first).get_by_label("Evidence: what you saw")).to_have_value(
        "From the first tab."
    )
    card(two, first).get_by_label("Note", exact=True).fill("And from the second.")
    write(two, second, "Only in the second tab.")
    unsent(one, 2)
    one.context.set_offline(False)
    for tab in (one, two):
        tab.evaluate("void Promise.all([carequality.flush(), carequality.flush()])")
    unsent(one, 0)
    unsent(two, 0)
    answer = Answer.objects.get(question=first)
    assert (answer.evidence, answer.note) == ("From the first tab.", "And from the second.")
    assert Answer.objects.get(question=second).evidence == "Only in the second tab."
    assert not one.locator(".cq-conflict").count()


def test_colleagues_change_is_shown_and_never_overwritten(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User]
) -> None:
    page = laptop(person("Officer"), visit)
    page.context.set_offline(True)
    first, second = Question.objects.of_template(visit.template).filter(kind="rating")[:2]
    for question in (first, second):
        card(page, question).get_by_label("Good", exact=True).check()
    theirs = [visits.Entry(q.pk, "poor", evidence="The colleague saw it.") for q in (first, second)]
    visits.save_answers(visit.pk, by=person("Senior officer"), entries=theirs, now=timezone.now())
    kept(page, 2)
    page.context.set_offline(False)
    box = card(page, first).get_by_role("group", name="Changed by a colleague")
    expect(box).to_contain_text("Senior Officer changed this")
    expect(box).to_contain_text("The colleague saw it.")
    expect(card(page, second).get_by_role("group", name="Changed by a colleague")).to_be_visible()
    unsent(page, 2)
    look(page, "offline-conflict")
    assert set(Answer.objects.values_list("value", flat=True)) == {"poor"}
    box.get_by_role("button", name="Use my version").click()
    unsent(page, 1)
    card(page, second).get_by_role("button", name="Use their version").click()
    unsent(page, 0)
    assert Answer.objects.get(question=first).value == "good"
    assert Answer.objects.get(question=second).value == "poor"
    expect(card(page, second).get_by_label("Poor", exact=True)).to_be_checked()


def test_what_is_no_longer_taken_is_shown_and_goes_only_when_its_writer_says_so(
    laptop: Callable[..., Page],
    service: Callable[..., Service],
    template: Template,
    person: Callable[..., User],
) -> None:
    officer = person("Officer")
    visit = an_audit(service(), template, officer, begun=False)
    page = laptop(officer, visit)
    page.context.set_offline(True)
    page.get_by_role("button", name="Begin the visit today").click()
    question = first_of(visit)
    write(page, question, "Nobody will read this.")
    unsent(page, 2)
    visits.cancel(
        visit.pk,
        by=officer,
        given=visits.CancelInput("The home has an infection."),
        now=timezone.now(),
    )
    page.context.set_offline(False)
    send(page)
    expect(page.get_by_text("We could not begin the visit")).to_contain_text("already cancelled")
    expect(page.locator("#kept-words")).to_contain_text("2 items need your decision")
    page.get_by_role("button", name="Show what needs your decision").click()
    page.get_by_role("button", name="Delete the start of the visit").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete the start").click()
    unsent(page, 1)
    page.get_by_role("button", name="Show what needs your decision").click()
    expect(card(page, question)).to_be_focused()
    look(page, "offline-refused")
    card(page, question).get_by_role("button", name="Delete what I wrote").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep what you wrote").click()
    expect(card(page, question).get_by_label("Evidence: what you saw")).to_have_value(
        "Nobody will read this."
    )
    card(page, question).get_by_role("button", name="Delete what I wrote").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete what you wrote").click()
    unsent(page, 0)
    assert "Nobody will read this." not in page.evaluate(EVERYTHING)
    assert not Answer.objects.exists()


def test_signing_out_over_unsent_work_is_stopped(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    page = laptop(person("Officer"), visit)
    page.context.route("**/send/", lambda route: route.abort())
    write(page, first_of(visit), "Not yet sent.")
    kept(page, 1)
    page.goto(live_server.url + reverse("audits:list-visits"))
    expect(page.locator("#kept-banner")).to_contain_text(
        "1 item from your visits is saved on this device"
    )
    look(page, "offline-banner")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#kept-banner")).to_contain_text("You are still signed in")
    assert Session.objects.exists()
    page.context.unroute("**/send/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert Answer.objects.get().evidence == "Not yet sent."


def test_another_person_on_the_same_laptop_sees_nothing(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    officer, other = person("Officer"), person("Officer", "second.officer")
    page = laptop(officer, visit)
    page.context.route("**/send/", lambda route: route.abort())
    write(page, first_of(visit), "Only for the first officer.")
    kept(page, 1)
    sign_in(page.context, live_server.url, other)
    page.goto(live_server.url + reverse("audits:offline-visits"))
    expect(page.locator("#whose")).to_have_text("Second Officer")
    expect(page.get_by_text("There are no visits on this device.")).to_be_visible()
    unsent(page, 0)
    stored = page.evaluate(EVERYTHING)
    assert "first officer" not in stored
    assert "Alder House" not in stored
    page.context.unroute("**/send/")
    send(page)
    unsent(page, 0)
    assert not Answer.objects.exists()
    sign_in(page.context, live_server.url, officer)
    open_visit(page, live_server.url, visit)
    unsent(page, 0)
    answer = Answer.objects.get()
    assert (answer.evidence, answer.saved_by) == ("Only for the first officer.", officer)


def test_signed_out_laptop_holds_no_key(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    page = laptop(person("Officer"), visit)
    assert "A KEY" in page.evaluate(EVERYTHING)
    page.goto(live_server.url + reverse("audits:list-visits"))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto(live_server.url + reverse("audits:offline-visits"))
    expect(page.get_by_text("Sign in to see your visits on this device.")).to_be_visible()
    stored = page.evaluate(EVERYTHING)
    assert "A KEY" not in stored
    assert "Alder House" not in stored


def test_photograph_and_risk_wait_for_the_network_and_arrive_once(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    page = laptop(person("Officer"), visit)
    page.context.set_offline(True)
    question = first_of(visit)
    card(page, question).get_by_role("button", name="Add a photograph or document").click()
    dialog = page.get_by_role("dialog")
    look(page, "offline-photograph")
    dialog.get_by_label("Photograph or document").set_input_files(
        {"name": "IMG_2041.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    dialog.get_by_label("What does it show?").fill("The lounge")
    dialog.get_by_role("button", name="Add the file").click()
    kept(page, 1)
    page.get_by_role("button", name="Immediate risk").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("999")
    look(page, "offline-risk")
    dialog.get_by_label("What is the danger?").fill("The fire door is chained.")
    # Typed and not yet recorded, it is kept: the browser may go at any moment.
    unsent(page, 2)
    page.reload()
    ready(page, visit)
    page.get_by_role("button", name="Immediate risk").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("What is the danger?")).to_have_value("The fire door is chained.")
    dialog.get_by_role("button", name="Record the risk").click()
    expect(page.get_by_text("saved on this device, not sent. Call now.")).to_be_visible()
    look(page, "offline-risk-kept")
    sent: list[bytes] = []

    def remember(route: Route) -> None:
        sent.append(route.request.post_data_buffer or b"")
        route.continue_()

    page.context.route("**/send/", remember)
    page.context.set_offline(False)
    unsent(page, 0)
    attachment = Attachment.objects.get()
    assert (attachment.question, attachment.caption) == (question, "The lounge")
    assert b"Camera of Person Q" not in b"".join(sent)
    with Image.open(io.BytesIO(bytes(attachment.file.contents.get(role="kept").data))) as image:
        assert image.size == (60, 40)
        assert not image.getexif()
    assert Concern.objects.get().summary.endswith("The fire door is chained.")
    assert "The lounge" not in page.evaluate(EVERYTHING)
    expect(page.get_by_role("link", name="The lounge")).to_be_visible()


@pytest.mark.deep
def test_ten_devices_at_once_lose_nothing_and_store_nothing_twice(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User]
) -> None:
    shared, *own = Question.objects.of_template(visit.template).filter(kind="rating")[:11]
    pages = [laptop(person("Officer", f"officer.{number}"), visit) for number in range(10)]
    for number, page in enumerate(pages):
        page.context.set_offline(True)
        write(page, own[number % len(own)], f"Own of device {number}.")
        write(page, shared, f"Shared, from device {number}.")
        kept(page, 2)
    for page in pages:
        page.context.set_offline(False)
    stopped = 0
    for page in pages:
        send(page)
        expect(page.locator("#kept")).to_have_attribute("data-phase", "idle")
        stopped += page.locator("#kept").get_attribute("data-unsent") == "1"
    # One of them was first; every other keeps its text and shows whose stands.
    assert stopped == 9
    assert Answer.objects.get(question=shared).version == 1
    for number, page in enumerate(pages):
        expect(card(page, shared).get_by_label("Evidence: what you saw")).to_have_value(
            f"Shared, from device {number}."
        )
    assert Answer.objects.exclude(question=shared).count() == len(own)
    assert Receipt.objects.count() == Answer.objects.count()


# The database of a device as version 1 made it, holding what this one holds, with the word that
# version had for a conflict.
AS_VERSION_1 = """
async () => {
  const name = "carequality-visits", stores = ["who", "visits", "items"];
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const now = await done(indexedDB.open(name));
  const rows = {};
  for (const store of stores) {
    const held = now.transaction(store).objectStore(store);
    rows[store] = { keys: await done(held.getAllKeys()), values: await done(held.getAll()) };
  }
  now.close();
  await done(indexedDB.deleteDatabase(name));
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("who");
    opening.result.createObjectStore("visits", { keyPath: ["person", "visit"] });
    opening.result.createObjectStore("items", { keyPath: ["person", "visit", "item"] });
  };
  const older = await done(opening);
  const write = older.transaction(stores, "readwrite");
  rows.who.values.forEach((value, at) => write.objectStore("who").put(value, rows.who.keys[at]));
  rows.visits.values.forEach((value) => write.objectStore("visits").put(value));
  const wasCalled = "over" + "taken";
  let changed = 0;
  rows.items.values.forEach((value) => {
    changed += value.state === "conflict";
    const state = value.state === "conflict" ? wasCalled : value.state;
    write.objectStore("items").put({ ...value, state });
  });
  await new Promise((resolve) => (write.oncomplete = resolve));
  older.close();
  return changed;
}
"""


def test_device_of_the_first_version_keeps_opening(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    page = laptop(person("Officer"), visit)
    page.context.set_offline(True)
    question = first_of(visit)
    card(page, question).get_by_label("Good", exact=True).check()
    entry = visits.Entry(question.pk, "poor", evidence="The colleague saw it.")
    visits.save_answers(visit.pk, by=person("Senior officer"), entries=[entry], now=timezone.now())
    kept(page, 1)
    page.context.set_offline(False)
    expect(card(page, question).get_by_role("group", name="Changed by a colleague")).to_be_visible()
    # A page that opens no database, so that none is open while it is put back.
    page.goto(live_server.url + "/healthz")
    assert page.evaluate(AS_VERSION_1) == 1
    open_visit(page, live_server.url, visit)
    box = card(page, question).get_by_role("group", name="Changed by a colleague")
    expect(box).to_contain_text("The colleague saw it.")
    box.get_by_role("button", name="Use my version").click()
    unsent(page, 0)
    assert Answer.objects.get(question=question).value == "good"
