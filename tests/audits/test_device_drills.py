"""What a laptop with visits on it does when something goes wrong: it says what it holds and what it
could not save, loses no letter, and one fault stops nothing else.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Route, expect

from audits.actions import templates, visits
from audits.actions.templates import PublishInput
from audits.actions.visits import CancelInput, CompleteInput, PlanInput
from audits.models import (
    Answer,
    Attachment,
    LateEvidence,
    LooseNote,
    Question,
    Template,
    Visit,
)
from core.models import User
from providers.models import Service
from tests.audits.devices import (
    EVERYTHING,
    an_audit,
    card,
    first_of,
    kept,
    look,
    open_visit,
    photograph,
    ready,
    send,
    sign_in,
    unsent,
    write,
)
from tests.audits.factories import change_steps

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Long enough that what is lost of it shows, and no letter is the same as its neighbour's.
TEXT = " ".join(f"{number}. Person A was seen at {number % 24:02}:00." for number in range(1, 41))
BAR, WORDS = "#kept", "#kept-words"
REFUSE = """() => {
  const put = IDBObjectStore.prototype.put;
  window.allowed = () => { IDBObjectStore.prototype.put = put; };
  IDBObjectStore.prototype.put = function () {
    throw new DOMException("The disk is full.", "QuotaExceededError");
  };
}"""


def look_twice(page: Page, name: str) -> None:
    look(page, name)
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, f"{name}-phone")
    page.set_viewport_size({"width": 1280, "height": 800})


def evidence(page: Page, question: Question) -> Any:
    return card(page, question).get_by_label("Evidence: what you saw")


def not_saved(page: Page, question: Question) -> None:
    expect(page.locator(WORDS)).to_contain_text("NOT SAVED: 1 item. This device is full.")
    expect(page.locator(WORDS)).not_to_contain_text("Last saved")
    expect(page.locator(WORDS)).not_to_contain_text("sent")
    expect(card(page, question)).to_contain_text("NOT SAVED. This device is full.")
    expect(page.locator(BAR)).to_have_attribute("data-unsent", "1")


def test_disk_that_is_full_is_said_at_the_field_and_in_the_bar_and_no_letter_is_lost(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    page, question = laptop(person("Officer"), visit), first_of(visit)
    page.evaluate(REFUSE)
    write(page, question, TEXT)
    not_saved(page, question)
    look_twice(page, "device-full")
    # Nobody leaves the visit over it, nor signs out in another tab.
    page.get_by_role("link", name="Visits on this device").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(visit.service.name)
    other = page.context.new_page()
    other.goto(live_server.url + reverse("audits:list-visits"))
    other.get_by_role("button", name="Sign out").click()
    expect(other.locator("#kept-banner")).to_contain_text("You are still signed in")
    page.evaluate("allowed()")
    unsent(page, 0)
    expect(card(page, question)).not_to_contain_text("NOT SAVED")
    assert Answer.objects.get().evidence == TEXT


def test_photograph_that_the_disk_refuses_stays_in_its_dialog_and_the_bar_says_so(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User]
) -> None:
    page = laptop(person("Officer"), visit)
    page.evaluate(REFUSE)
    card(page, first_of(visit)).get_by_role("button", name="Add a photograph or document").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Photograph or document").set_input_files(
        {"name": "IMG_2041.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    dialog.get_by_label("What does it show?").fill("The lounge")
    dialog.get_by_role("button", name="Add the file").click()
    expect(dialog).to_contain_text("NOT SAVED. This device is full.")
    expect(page.locator(WORDS)).to_contain_text("NOT SAVED: 1 item.")
    look_twice(page, "device-full-photograph")
    page.evaluate("allowed()")
    dialog.get_by_role("button", name="Add the file").click()
    unsent(page, 0)
    assert Attachment.objects.get().caption == "The lounge"


@pytest.mark.deep
def test_quota_that_is_cut_while_somebody_types_loses_no_letter(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    page, question = laptop(person("Officer"), visit), first_of(visit)
    page.context.set_offline(True)
    write(page, question, TEXT)
    kept(page, 1)
    tools = page.context.new_cdp_session(page)
    cut = {"origin": live_server.url, "quotaSize": 1}
    tools.send("Storage.overrideQuotaForOrigin", cut)
    # The browser goes for half a minute by what it last knew of the space: somebody types on.
    typed = TEXT
    while page.locator(BAR).get_attribute("data-not-saved") != "1":
        typed += " And on."
        write(page, question, typed)
        page.wait_for_timeout(1000)
        assert len(typed) < len(TEXT) + 8 * 120, "never refused"
    expect(card(page, question)).to_contain_text("NOT SAVED. This device is full.")
    tools.send("Storage.overrideQuotaForOrigin", {"origin": live_server.url})
    expect(page.locator(BAR)).to_have_attribute("data-not-saved", "0")
    page.context.set_offline(False)
    unsent(page, 0)
    assert Answer.objects.get().evidence == typed


@pytest.mark.deep
def test_storage_that_the_browser_takes_away_under_the_page_is_written_again(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    page, question = laptop(person("Officer"), visit), first_of(visit)
    page.context.set_offline(True)
    write(page, question, TEXT)
    kept(page, 1)
    tools = page.context.new_cdp_session(page)
    taken = {"origin": live_server.url, "storageTypes": "indexeddb"}
    tools.send("Storage.clearDataForOrigin", taken)
    kept(page, 1)
    page.reload()
    ready(page, visit)
    expect(evidence(page, question)).to_have_value(TEXT)
    page.context.set_offline(False)
    unsent(page, 0)
    assert Answer.objects.get().evidence == TEXT


def next_version(template: Template, by: User) -> Template:
    draft = templates.start_version(template.pk, by=by, now=timezone.now())
    given = PublishInput(changes="Clearer words.")
    return templates.publish(draft.pk, by=by, now=timezone.now(), given=given)


def test_answers_arrive_at_their_questions_when_the_template_changed_meanwhile(
    laptop: Callable[..., Page],
    service: Callable[..., Service],
    template: Template,
    person: Callable[..., User],
    live_server: Any,
) -> None:
    officer, senior = person("Officer"), person("Senior officer")
    visit = an_audit(service(), template, officer, begun=False)
    page = laptop(officer, visit)
    page.context.set_offline(True)
    page.get_by_role("button", name="Begin the visit today").click()
    question = first_of(visit)
    write(page, question, TEXT)
    unsent(page, 2)
    newer = next_version(template, senior)
    plan = {"kind": "annual", "planned_for": timezone.localdate(), "template_id": newer.pk}
    given = PlanInput(officer_id=officer.pk, **plan)
    visits.change_plan(visit.pk, by=senior, given=given)
    # The visit is fetched anew before anything is sent: its questions have other numbers.
    page.context.route("**/send/", lambda route: route.abort())
    page.context.set_offline(False)
    page.reload()
    ready(page, visit)
    page.get_by_role("link", name="Visits on this device").click()
    page.get_by_role("button", name="Download my visits").click()
    expect(page.get_by_text("1 visit downloaded.")).to_be_visible()
    open_visit(page, live_server.url, visit)
    asked = Question.objects.get(standard__section__template=newer, code=question.code)
    expect(evidence(page, asked)).to_have_value(TEXT)
    unsent(page, 2)
    page.context.unroute("**/send/")
    send(page)
    unsent(page, 0)
    answer = Answer.objects.get()
    assert (answer.question, answer.evidence) == (asked, TEXT)


def held(page: Page) -> Any:
    return page.locator(".cq-held")


def test_visit_that_a_colleague_completed_shows_what_is_held_and_keeps_it_as_late_evidence(
    laptop: Callable[..., Page],
    service: Callable[..., Service],
    person: Callable[..., User],
    live_server: Any,
) -> None:
    officer = person("Officer")
    visit = an_audit(service(), None, officer, kind="monitoring")
    page = laptop(officer, visit)
    page.context.set_offline(True)
    page.get_by_role("button", name="Take a note").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Note", exact=True).fill(TEXT)
    dialog.get_by_role("button", name="Save the note").click()
    kept(page, 1)
    done = CompleteInput("All was well.")
    visits.complete(visit.pk, by=person("Senior officer"), given=done, now=timezone.now())
    page.context.set_offline(False)
    send(page)
    expect(page.locator(WORDS)).to_contain_text("1 item needs your decision")
    page.reload()
    ready(page, visit)
    expect(held(page)).to_contain_text(TEXT)
    expect(held(page)).to_contain_text("This visit is completed")
    look_twice(page, "device-completed")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    held(page).get_by_role("button", name="Copy the text").click()
    expect(held(page).get_by_role("button", name="Copied")).to_be_visible()
    assert TEXT in page.evaluate("navigator.clipboard.readText()")
    held(page).get_by_role("button", name="Send as late evidence").click()
    unsent(page, 0)
    late = LateEvidence.objects.get()
    assert (late.kind, late.text, late.visit) == ("note", TEXT, visit)
    assert not LooseNote.objects.exists()
    page.goto(live_server.url + reverse("audits:view-visit", args=[visit.pk]))
    look_twice(page, "late-evidence")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_answer_to_a_cancelled_visit_is_read_and_deleted_from_the_list_of_what_is_held(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User]
) -> None:
    officer, question = person("Officer"), first_of(visit)
    page = laptop(officer, visit)
    page.context.set_offline(True)
    card(page, question).get_by_label("Good", exact=True).check()
    write(page, question, TEXT)
    kept(page, 1)
    Visit.objects.filter(pk=visit.pk).update(status="planned", visited_on=None)
    given = CancelInput("The home has an infection.")
    visits.cancel(visit.pk, by=officer, given=given, now=timezone.now())
    page.context.set_offline(False)
    send(page)
    expect(page.locator(WORDS)).to_contain_text("1 item needs your decision")
    page.reload()
    ready(page, visit)
    expect(held(page)).to_contain_text(question.text)
    expect(held(page)).to_contain_text("Answer: Good")
    expect(held(page)).to_contain_text(TEXT)
    held(page).get_by_role("button", name="Delete what I wrote").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete what you wrote").click()
    unsent(page, 0)
    assert "Person A was seen" not in page.evaluate(EVERYTHING)


def test_whoever_lost_the_right_reads_what_they_wrote_and_nothing_of_the_visit(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    officer = person("Officer")
    page = laptop(officer, visit)
    page.context.set_offline(True)
    write(page, first_of(visit), TEXT)
    kept(page, 1)
    officer.groups.clear()
    page.context.set_offline(False)
    page.goto(live_server.url + reverse("audits:offline-visits"))
    page.get_by_role("link", name="A visit that is not downloaded").click()
    expect(held(page)).to_contain_text(TEXT)
    expect(page.locator("#page")).not_to_contain_text("Alder House")
    look_twice(page, "device-right-lost")


def test_one_item_on_which_the_server_fails_stops_no_other_and_can_be_deleted_after_five_tries(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User]
) -> None:
    page = laptop(person("Officer"), visit)
    one, two, three = Question.objects.of_template(visit.template).filter(kind="rating")[:3]

    def fail(route: Route) -> None:
        if b"poison" in (route.request.post_data_buffer or b""):
            route.fulfill(status=500, body="A fault.")
        else:
            route.continue_()

    page.context.route("**/send/", fail)
    page.context.set_offline(True)
    for question, text in ((one, TEXT), (two, "poison"), (three, TEXT)):
        write(page, question, text)
    kept(page, 3)
    page.context.set_offline(False)
    unsent(page, 1)
    assert {each.evidence for each in Answer.objects.all()} == {TEXT}
    for tries in range(2, 6):
        send(page)
        expect(card(page, two)).to_contain_text(re.compile(f"failed on this [{tries}-9] times"))
    expect(page.locator(WORDS)).to_contain_text("1 item needs your decision")
    look_twice(page, "device-one-fails")
    expect(card(page, two).get_by_role("button", name="Send as late evidence")).to_be_visible()
    card(page, two).get_by_role("button", name="Delete what I wrote").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete what you wrote").click()
    unsent(page, 0)


def test_item_on_which_the_server_fails_is_tried_again_and_arrives(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User]
) -> None:
    page = laptop(person("Officer"), visit)
    page.context.route("**/send/", lambda route: route.fulfill(status=500, body="A fault."))
    write(page, first_of(visit), TEXT)
    kept(page, 1)
    send(page)
    expect(card(page, first_of(visit))).to_contain_text("The server failed on this")
    page.context.unroute("**/send/")
    page.reload()
    unsent(page, 0)
    assert Answer.objects.get().evidence == TEXT


# Types a text into a box letter by letter, without a pause for anything.
TYPE = """([id, text]) => new Promise((done) => {
  const box = document.querySelector(`#question-${id} textarea[id$="-seen"]`);
  box.focus();
  let at = 0;
  const timer = setInterval(() => {
    if (at === text.length) { clearInterval(timer); done(); return; }
    box.setRangeText(text[at], box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    at += 1;
  }, 40);
})"""


def test_two_tabs_that_type_at_once_in_one_box_multiply_no_letter(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    question = first_of(visit)
    one = laptop(person("Officer"), visit)
    two = one.context.new_page()
    open_visit(two, live_server.url, visit)
    one.context.set_offline(True)
    texts = ("The lounge was warm, and lunch on time.", "Ask about nights: who checks?")
    for tab, text in zip((one, two), texts, strict=True):
        tab.evaluate(
            f"([id, text]) => {{ window.typed = ({TYPE})([id, text]); }}", [question.pk, text]
        )
    for tab in (one, two):
        tab.evaluate("window.typed")
    kept(one, 1)
    one.context.set_offline(False)
    unsent(one, 0)
    unsent(two, 0)
    stored = Answer.objects.get().evidence
    assert sorted(stored.replace("\n", "")) == sorted("".join(texts))


def test_both_texts_are_kept_when_a_colleague_was_first(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User]
) -> None:
    page, question = laptop(person("Officer"), visit), first_of(visit)
    page.context.set_offline(True)
    card(page, question).get_by_label("Good", exact=True).check()
    write(page, question, TEXT)
    theirs = visits.Entry(question.pk, "good", evidence="The colleague saw it.")
    senior = person("Senior officer")
    visits.save_answers(visit.pk, by=senior, entries=[theirs], now=timezone.now())
    kept(page, 1)
    page.context.set_offline(False)
    box = card(page, question).get_by_role("group", name="Changed by a colleague")
    expect(box).to_be_visible()
    look_twice(page, "device-keep-both")
    box.get_by_role("button", name="Keep both texts").click()
    unsent(page, 0)
    answer = Answer.objects.get()
    assert answer.evidence == f"The colleague saw it.\n{TEXT}"
    expect(evidence(page, question)).to_have_value(f"The colleague saw it.\n{TEXT}")


def later(context: BrowserContext, hours: int) -> None:
    """From the next page on, the device's clock is that many hours ahead."""
    context.add_init_script(f"const real = Date.now; Date.now = () => real() + {hours} * 3600000;")


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


@pytest.mark.parametrize(
    ("hours", "title", "sentence"),
    [
        (71, "Alder House", ""),
        (73, "Your visits are closed", "They open without a network for 72 hours"),
        (-3, "This device’s clock is wrong", "which is before you were last online"),
    ],
)
def test_download_opens_for_the_hours_that_its_card_says(
    hours: int,
    title: str,
    sentence: str,
    laptop: Callable[..., Page],
    visit: Visit,
    person: Callable[..., User],
    live_server: Any,
) -> None:
    page = laptop(person("Officer"), visit)
    page.get_by_role("link", name="Visits on this device").click()
    until = timezone.localtime() + timedelta(hours=72)
    expect(page.locator(".cq-visit")).to_contain_text(
        f"Opens without a network until {until:%A} {until.day} {until:%B} at"
    )
    look_twice(page, "device-list")
    page.context.set_offline(True)
    later(page.context, hours)
    page = page.context.new_page()
    open_visit(page, live_server.url, visit)
    heading(page, title)
    expect(page.locator("#page")).to_contain_text(sentence)
    if sentence:
        expect(page.locator("#page")).to_contain_text("Nothing is lost")
        look_twice(page, f"device-closed-{hours}")


def test_visit_that_was_not_downloaded_says_that_and_nothing_else(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    page = laptop(person("Officer"), visit)
    page.context.set_offline(True)
    page.goto(f"{live_server.url}{reverse('audits:offline-visits')}#visit-999999")
    heading(page, "This visit is not on this device")
    expect(page.locator("#page")).to_contain_text("It has not been downloaded.")


def test_council_that_wants_a_passphrase_has_no_key_on_the_device_without_it(
    laptop: Callable[..., Page],
    visit: Visit,
    person: Callable[..., User],
    manager: User,
    live_server: Any,
) -> None:
    change_steps(manager, offline_passphrase=True)
    page = laptop(person("Officer"), visit)
    page.get_by_role("link", name="Visits on this device").click()
    expect(page.locator(".cq-visit")).to_contain_text("Choose a passphrase")
    box = page.get_by_label("Choose a passphrase for this device")
    box.fill("seven77")
    page.get_by_role("button", name="Save the passphrase").click()
    expect(page.get_by_text("Enter a passphrase of 8 characters or more")).to_be_visible()
    look_twice(page, "device-passphrase-chosen")
    box.fill("eight888")
    page.get_by_role("button", name="Save the passphrase").click()
    expect(page.locator(".cq-visit")).to_contain_text(
        "Opens without a network with your passphrase"
    )
    open_visit(page, live_server.url, visit)
    page.context.set_offline(True)
    write(page, first_of(visit), TEXT)
    kept(page, 1)
    stored = page.evaluate(EVERYTHING)
    assert "A KEY" not in stored
    assert "eight888" not in stored
    page.reload()
    ready(page, visit)
    look_twice(page, "device-passphrase")
    page.get_by_label("Passphrase").fill("eight889")
    page.get_by_role("button", name="Open my visits").click()
    expect(page.get_by_text("This is not your passphrase.")).to_be_visible()
    page.get_by_label("Passphrase").fill("eight888")
    page.get_by_role("button", name="Open my visits").click()
    expect(evidence(page, first_of(visit))).to_have_value(TEXT)
    # The bar follows the page: until it has, it still asks for the passphrase and counts nothing.
    unsent(page, 1)
    page.context.set_offline(False)
    unsent(page, 0)
    assert Answer.objects.get().evidence == TEXT


def test_visits_on_the_device_stand_in_the_order_of_their_days(
    laptop: Callable[..., Page],
    service: Callable[..., Service],
    template: Template,
    person: Callable[..., User],
) -> None:
    officer = person("Officer")
    for days, name in ((3, "Cedar House"), (1, "Beech House"), (2, "Alder House")):
        visit = an_audit(service(name), template, officer, begun=False)
        day = timezone.localdate() + timedelta(days=days)
        Visit.objects.filter(pk=visit.pk).update(planned_for=day)
    page = laptop(officer, None)
    page.get_by_role("button", name="Download my visits").click()
    expect(page.locator(".cq-visit h2")).to_have_text(["Beech House", "Alder House", "Cedar House"])


def test_search_and_map_of_the_questions_are_three_keys_away(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    page = laptop(person("Officer"), visit)
    page.reload()
    ready(page, visit)
    for key in ("Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    search = page.get_by_label("Search the questions")
    expect(search).to_be_focused()
    # The whole map is one stop; the arrows go through it.
    for key in ("Tab", "Tab", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".cq-chip").nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".cq-question").nth(2)).to_be_focused()
    # An answer by keyboard alone, and back from there.
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Alt+q")
    expect(search).to_be_focused()
    unsent(page, 0)
    assert Answer.objects.get().value
    page.set_viewport_size({"width": 390, "height": 844})
    page.keyboard.press("Alt+q")
    expect(page.get_by_role("dialog").get_by_label("Search the questions")).to_be_focused()


def leave_by_link(
    page: Page, url: str, visit: Visit, question: Question, text: str, wait: int
) -> None:
    """Type at a desk, and go by a link so many milliseconds after the last key."""
    page.goto(url + reverse("audits:record-answers", args=[visit.pk, 1]))
    page.locator(f"#id_q{question.pk}-evidence").fill(text)
    page.wait_for_timeout(wait)
    page.get_by_role("link", name="Back to the visit").click()
    heading(page, visit.service.name)
    assert Answer.objects.get(question=question).evidence == text


def test_text_typed_at_a_desk_just_before_a_link_is_saved(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    page = laptop(person("Officer"), None)
    leave_by_link(page, live_server.url, visit, first_of(visit), TEXT, 0)


@pytest.mark.deep
def test_text_typed_at_a_desk_before_a_link_is_saved_in_ten_tries_of_ten(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    page = laptop(person("Officer"), None)
    for number, wait in enumerate((0, 50, 100, 200, 400, 700, 1000, 1500, 1900, 2100)):
        text = f"{TEXT} {number}"
        leave_by_link(page, live_server.url, visit, first_of(visit), text, wait)


@pytest.mark.deep
def test_ten_devices_of_one_visit_keep_every_letter_when_both_texts_are_kept(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    question = first_of(visit)
    pages = [laptop(person("Officer", f"officer.{number}"), visit) for number in range(10)]
    for number, page in enumerate(pages):
        page.context.set_offline(True)
        write(page, question, f"From device {number}.")
        kept(page, 1)
    for page in pages:
        page.context.set_offline(False)
        send(page)
        both = card(page, question).get_by_role("button", name="Keep both texts")
        expect(both.or_(page.locator(f"{BAR}[data-unsent='0']"))).to_be_visible(timeout=30_000)
        if both.count():
            both.click()
        unsent(page, 0)
    lines = Answer.objects.get().evidence.split("\n")
    assert sorted(lines) == [f"From device {number}." for number in range(10)]


def test_another_person_takes_nothing_of_a_closed_device(
    laptop: Callable[..., Page], visit: Visit, person: Callable[..., User], live_server: Any
) -> None:
    """The key that stays when the hours are over goes with the next person who signs in."""
    page = laptop(person("Officer"), visit)
    page.context.set_offline(True)
    write(page, first_of(visit), TEXT)
    kept(page, 1)
    page.context.set_offline(False)
    page.context.route("**/send/", lambda route: route.abort())
    sign_in(page.context, live_server.url, person("Officer", "second.officer"))
    later(page.context, 73)
    page.goto(live_server.url + reverse("audits:offline-visits"))
    expect(page.locator("#whose")).to_have_text("Second Officer")
    expect(page.locator("#page")).to_contain_text("There are no visits on this device.")
    assert "Person A was seen" not in page.evaluate(EVERYTHING)
