"""Guessing is slow, and whoever has signed in before does not feel it."""

import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as product
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from administration.actions import people as actions
from core.guessing import browsers, counting, rules
from core.jobs import queue
from core.jobs.models import Job
from core.models import Counted, Event, User, WrongPasswords
from tests.refusals import not_allowed

RIGHT, WRONG = "a long enough password", "a wrong password"
HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"
FREE = rules.FREE[Counted.STRANGERS]


class Clock:
    """Django's clock, at whatever a test sets it to."""

    def __init__(self):
        self.now = timezone.now()

    def goes_on(self, **by):
        self.now += timedelta(**by)


@pytest.fixture
def clock(monkeypatch):
    held = Clock()
    monkeypatch.setattr(timezone, "now", lambda: held.now)
    return held


def attempt(username="officer", password=WRONG, address=HERE, client=None):
    """One attempt to sign in; in a browser that is new here, but for a client that is given."""
    client = client or Client()
    return client.post(
        reverse("sign-in"), {"username": username, "password": password}, REMOTE_ADDR=address
    )


def guess(times, **more):
    return [attempt(**more).status_code for _ in range(times)]


def known_browser(username="officer", address=ELSEWHERE):
    """A browser in which that person has signed in, and out again."""
    client = Client()
    assert attempt(username, RIGHT, address, client).status_code == 302
    client.post(reverse("sign-out"))
    return client


def kinds():
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_a_few_wrong_passwords_cost_nothing_and_more_a_wait_for_the_right_one_too(person, clock):
    person("Officer")
    assert guess(FREE) == [200] * FREE
    answer = attempt(password=RIGHT)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "Too many wrong passwords were entered for this account. Try again in 1 minute" in (
        answer.text
    )
    assert 'value="officer"' in answer.text
    assert "person.signed_in" not in kinds()
    clock.goes_on(seconds=61)
    assert attempt(password=RIGHT).status_code == 302


def test_each_wrong_password_costs_twice_the_wait_of_the_one_before_up_to_a_quarter_hour(
    person, clock
):
    person("Officer")
    guess(FREE)
    for minutes in (1, 2, 4, 8, 15, 15):
        assert attempt()["Retry-After"] == str(minutes * 60)
        clock.goes_on(minutes=minutes)
        assert attempt().status_code == 200


def test_what_is_asked_in_a_pause_does_not_lengthen_it(person, clock):
    person("Officer")
    guess(FREE)
    clock.goes_on(seconds=59)
    assert attempt()["Retry-After"] == "1"
    clock.goes_on(seconds=1)
    assert attempt(password=RIGHT).status_code == 302


def test_the_right_password_and_a_day_without_a_wrong_one_each_begin_the_count_anew(person, clock):
    person("Officer")
    guess(FREE - 1)
    assert attempt(password=RIGHT).status_code == 302
    assert guess(FREE - 1) == [200] * (FREE - 1)
    clock.goes_on(days=1, seconds=1)
    assert guess(FREE) == [200] * FREE


def test_no_stranger_locks_out_whoever_has_signed_in_before(person, clock):
    """The evening on which a home must be suspended, with somebody guessing from everywhere."""
    person("Manager")
    owner = known_browser("manager", HERE)
    for number in range(30):
        attempt("manager", address=f"203.0.113.{number}")
        attempt("manager", address=HERE)
    assert attempt("manager", RIGHT, HERE).status_code == 429
    assert attempt("manager", WRONG, HERE, owner).status_code == 200
    assert attempt("manager", RIGHT, HERE, owner).status_code == 302


def test_a_browser_that_signed_in_before_has_a_count_of_its_own(person, clock):
    person("Officer")
    stolen = known_browser()
    free = rules.FREE[Counted.BROWSER]
    assert guess(free + 1, client=stolen) == [200] * free + [429]
    assert "Too many wrong passwords were entered in this browser" in attempt(client=stolen).text
    # Nobody else waits for what is guessed there.
    assert attempt(password=RIGHT).status_code == 302


def test_a_browser_is_known_for_the_accounts_that_signed_in_there_alone(person, clock):
    person("Officer"), person("Manager")
    browser = known_browser("officer")
    guess(FREE, username="manager")
    assert attempt("manager", RIGHT, client=browser).status_code == 429
    clock.goes_on(minutes=2)
    assert attempt("manager", RIGHT, client=browser).status_code == 302
    browser.post(reverse("sign-out"))
    for name in ("officer", "manager"):
        guess(FREE + 1, username=name)
        assert attempt(name, RIGHT, client=browser).status_code == 302
        browser.post(reverse("sign-out"))


def test_the_cookie_that_knows_a_browser_is_sealed_and_goes_to_the_sign_in_page_alone(person):
    officer = person("Officer")
    client = Client()
    cookie = attempt(password=RIGHT, client=client).cookies[browsers.COOKIE]
    assert cookie["httponly"] is True
    assert cookie["path"] == "/sign-in/"
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 400 * 24 * 60 * 60
    assert cookie["expires"]
    client.post(reverse("sign-out"))
    assert client.cookies[browsers.COOKIE].value == cookie.value
    first = cookie.value
    again = attempt(password=RIGHT, client=client).cookies[browsers.COOKIE].value
    assert first != again, "a name of its own for each sign-in"
    assert officer.username not in first


@settings_of_hypothesis(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(value=st.one_of(st.text(max_size=80), st.sampled_from(["1:x", "1:x:y", ":", "9" * 5000])))
def test_a_cookie_that_is_not_ours_knows_no_browser(rf, value):
    request = rf.post(reverse("sign-in"))
    request.COOKIES[browsers.COOKIE] = value
    assert browsers.known_as(request, User(pk=1)) == ""


def test_a_cookie_that_was_altered_knows_no_browser(person, clock):
    person("Officer")
    client = known_browser()
    cookie = client.cookies[browsers.COOKIE]
    client.cookies[browsers.COOKIE] = cookie.value[:-1] + ("A" if cookie.value[-1] != "A" else "B")
    guess(FREE)
    assert attempt(password=RIGHT, client=client).status_code == 429


def test_trying_many_names_from_one_address_is_slowed_there_alone(person, clock):
    person("Officer")
    known = known_browser("officer", HERE)
    free = rules.FREE[Counted.ADDRESS]
    assert {attempt(f"name{number}").status_code for number in range(free)} == {200}
    answer = attempt(password=RIGHT)
    assert answer.status_code == 429
    assert "Too many wrong passwords came from your network" in answer.text
    assert attempt(password=RIGHT, client=known).status_code == 302
    assert attempt(password=RIGHT, address=ELSEWHERE).status_code == 302


def test_an_office_behind_one_address_may_mistype_and_sign_in(person, clock):
    """A council moves to new machines: all mistype, all sign in, nobody waits."""
    names = [f"officer{number}" for number in range(12)]
    for name in names:
        person("Officer", name)
        guess(3, username=name)
        assert attempt(name, RIGHT).status_code == 302


def test_nobody_clears_an_address_for_guesses_at_others_by_signing_in_to_their_own(person, clock):
    person("Officer", "insider")
    free = rules.FREE[Counted.ADDRESS]
    for number in range(free - 1):
        attempt(f"name{number}")
        assert attempt("insider", RIGHT).status_code == 302
    attempt("one more")
    assert attempt("another").status_code == 429


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.5", "::ffff:203.0.113.5", True),
        ("203.0.113.5", "203.0.113.6", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("unknown", "", True),
    ],
)
def test_what_counts_as_one_address(one, other, same):
    assert (counting.network_of(one) == counting.network_of(other)) is same


@given(st.text(max_size=60))
def test_whatever_stands_for_an_address_is_some_place(text):
    assert counting.network_of(text)


def test_a_name_without_an_account_is_slowed_as_one_with(person, clock):
    person("Officer")

    def pages(name):
        answers = []
        for number in range(FREE + 3):
            answer = attempt(name, address=f"203.0.113.{number}")
            answers.append((answer.status_code, _plain(answer.text).replace(name, "NAME")))
        return answers

    assert pages("officer") == pages("nobody!")


def _plain(text):
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', "", text)


def test_what_is_typed_stands_nowhere(person, clock, caplog):
    """People type their password into the box for the user name."""
    person("Officer")
    for _ in range(FREE + 2):
        attempt("my-secret-passphrase", "another-secret-word")
        attempt("officer", "another-secret-word")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(e::text, ' ') FROM core_event e UNION ALL"
            " SELECT string_agg(w::text, ' ') FROM core_wrongpasswords w UNION ALL"
            " SELECT string_agg(j::text, ' ') FROM core_job j"
        )
        kept = " ".join(str(value) for (value,) in cursor.fetchall()) + caplog.text
    assert "person.password_failed" in kept
    assert "secret" not in kept
    assert HERE not in kept.replace(caplog.text, ""), "an address is a person's data: logs alone"
    assert HERE in caplog.text


def test_failed_and_refused_attempts_stand_on_the_record(person, clock):
    officer = person("Officer")
    guess(FREE)
    for _ in range(25):
        attempt()
    about = Event.objects.filter(about_label="core.user", about_id=str(officer.pk))
    failed = about.filter(kind="person.password_failed").order_by("pk")
    assert [event.after["failures"] for event in failed] == [1, 2, 3, 4, 5]
    assert failed.last().after["until"] == (clock.now + timedelta(minutes=1)).isoformat()
    # The record is for good: a machine that goes on asking does not fill it.
    refused = about.filter(kind="person.password_refused").order_by("pk")
    assert [event.after["times"] for event in refused] == [1, 10]
    assert {event.by for event in about} == {None}


def test_attempts_with_a_name_that_is_none_stand_on_the_record_without_it(db, clock):
    attempt("nobody")
    event = Event.objects.get()
    assert (event.kind, event.about_label) == (
        "sign_in.password_failed",
        "core.wrongpasswords",
    )


def test_the_password_of_a_closed_account_is_counted_and_recorded(person, clock):
    User.objects.filter(pk=person("Officer").pk).update(is_active=False)
    guess(FREE, password=RIGHT)
    assert attempt(password=RIGHT).status_code == 429
    assert (
        Event.objects.filter(kind="person.password_failed", after__why="account-closed").count()
        == FREE
    )
    assert not Job.objects.exists(), "nobody is told of an account that is closed"


def test_of_guesses_that_come_at_once_no_more_are_looked_at(person, transactional_db):
    person("Officer")
    ready, codes = threading.Barrier(12), []

    def try_one():
        try:
            ready.wait(60)
            codes.append(attempt().status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200] * FREE + [429] * (12 - FREE)
    assert WrongPasswords.objects.get(counted=Counted.STRANGERS).failures == FREE


def test_counting_holds_no_lock_while_an_administrator_opens_the_door(person, transactional_db):
    officer, admin = person("Officer"), person("Administrator")
    faults = []

    def run(act):
        try:
            for _ in range(6):
                act()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    def open_door():
        actions.unlock(officer.pk, by=admin, now=timezone.now())

    threads = [threading.Thread(target=run, args=[act]) for act in (attempt, open_door) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_the_owner_is_told_when_it_looks_like_guessing_and_once_a_day(person, clock):
    officer = person("Officer")
    guess(FREE - 1)
    assert not Job.objects.exists()
    for _ in range(4):
        attempt()
        clock.goes_on(minutes=16)
    queue.work()
    [sent] = mail.outbox
    assert sent.to == [officer.email]
    assert "Wrong passwords were entered for your account" in sent.body
    clock.goes_on(hours=22)
    attempt()
    assert Job.objects.count() == 1
    clock.goes_on(hours=2)
    attempt()
    assert Job.objects.count() == 2


def test_an_owner_without_an_address_is_told_by_whoever_looks_after_people(client_as, person):
    officer = person("Officer")
    User.objects.filter(pk=officer.pk).update(email="")
    guess(FREE)
    queue.work()
    assert mail.outbox == []
    page = client_as("Administrator").get(reverse("view-person", args=[officer.pk])).text
    assert "The email was not sent: tell them yourself" in page


def test_the_owner_reads_of_guesses_on_the_next_page_until_they_say_so(client_as, person, clock):
    owner = client_as("Officer")
    here = reverse("change-password")
    assert "About your account" not in owner.get(here).text
    guess(FREE)
    page = owner.get(here).text
    assert "Wrong passwords were entered for your account 5 times" in page
    assert "About your account" in owner.get(here).text
    clock.goes_on(minutes=2)
    attempt()
    read = reverse("read-account-news")
    # They read of five; the sixth has come since.
    owner.post(read, {"wrong_passwords": "5", "next": here})
    assert "6 times" in owner.get(here).text
    assert owner.post(read, {"wrong_passwords": "6", "next": here})["Location"] == here
    assert "About your account" not in owner.get(here).text
    for odd in ("", "x", "9" * 5000, "-1"):
        assert owner.post(read, {"wrong_passwords": odd}).status_code == 302


def test_an_administrator_lets_a_person_in_and_the_person_is_told(client_as, person, clock):
    officer, admin = person("Officer"), client_as("Administrator")
    guess(FREE)
    for number in range(rules.FREE[Counted.ADDRESS]):
        attempt(f"name{number}")
    queue.work()
    mail.outbox.clear()
    assert "Wrong passwords" in admin.get(reverse("list-people")).text
    seen = admin.get(reverse("view-person", args=[officer.pk])).text
    assert "A browser in which Officer has not signed in before must wait until" in seen
    page = reverse("unlock-person", args=[officer.pk])
    assert "call them back on a number that you know" in admin.get(page).text
    assert attempt(password=RIGHT).status_code == 429
    assert "Officer can sign in without waiting" in admin.post(page, follow=True).text
    event = Event.objects.get(kind="person.unlocked")
    assert (event.by.username, event.about_id) == ("administrator", str(officer.pk))

    queue.work()
    [sent] = mail.outbox
    assert "ended the wait" in sent.body
    owner = Client()
    assert attempt(password=RIGHT, client=owner).status_code == 302
    shown = owner.get(reverse("change-password")).text
    assert "An administrator let you sign in without waiting" in shown
    # The address, which other names have cost its good name, is none of theirs for an hour.
    assert attempt("somebody", RIGHT).status_code == 429
    clock.goes_on(hours=1)
    for number in range(9):
        attempt(f"name{number}")
    assert attempt(password=RIGHT).status_code == 429


def test_a_person_who_was_let_in_may_be_guessed_at_no_faster(person, clock):
    officer = person("Officer")
    guess(FREE + 1)
    actions.unlock(officer.pk, by=person("Administrator"), now=clock.now)
    assert guess(FREE + 1) == [200] * FREE + [429]


def test_a_closed_account_is_not_unlocked(person):
    officer, admin = person("Officer"), person("Administrator")
    User.objects.filter(pk=officer.pk).update(is_active=False)
    with not_allowed("account-closed"):
        actions.unlock(officer.pk, by=admin, now=timezone.now())


def test_the_servers_command_lets_the_last_administrator_in(person, clock):
    person("Administrator")
    guess(FREE, username="administrator")
    assert attempt("administrator", RIGHT).status_code == 429
    call_command("unlock", "administrator", verbosity=0)
    assert attempt("administrator", RIGHT).status_code == 302
    assert Event.objects.get(kind="person.unlocked").by is None


def test_a_new_password_from_the_administrator_opens_the_door_at_once(person, clock):
    officer = person("Officer")
    guess(FREE)
    actions.set_password(
        officer.pk,
        by=person("Administrator"),
        given=actions.PasswordInput("quite another password"),
        now=clock.now,
    )
    assert attempt(password="quite another password").status_code == 302


NEW = "seventeen herons over a marsh"


def change_password(client, old, new=NEW):
    return client.post(
        reverse("change-password"),
        {"old_password": old, "new_password1": new, "new_password2": new},
    )


def codes_of(answer, field):
    return [error.code for error in answer.context["form"].errors.as_data().get(field, [])]


def test_whoever_finds_a_screen_unlocked_cannot_guess_the_password_there(client_as, person, clock):
    client, officer = client_as("Officer"), person("Officer")
    free = rules.FREE[Counted.INSIDE]
    for _ in range(free):
        assert codes_of(change_password(client, WRONG), "old_password") == ["password_incorrect"]
    answer = change_password(client, RIGHT)
    assert codes_of(answer, "old_password") == ["too-many-wrong"]
    assert "Try again in 1 minute" in answer.text
    assert officer.check_password(RIGHT)
    failed = Event.objects.filter(kind="person.password_failed", after__where="change-password")
    assert failed.count() == free
    assert {event.by for event in failed} == {officer}
    assert Event.objects.get(kind="person.password_refused").by == officer
    assert Job.objects.filter(kind="administration.tell-owner").count() == 1
    # Its owner is not slowed down where they sign in.
    assert attempt(password=RIGHT).status_code == 302
    clock.goes_on(seconds=61)
    assert change_password(client, RIGHT).status_code == 302


def test_a_clock_that_was_wrong_shuts_nobody_out(person, clock):
    person("Officer")
    right = clock.now
    clock.now = right + timedelta(days=365)
    guess(FREE)
    assert attempt().status_code == 429
    clock.now = right
    assert attempt(password=RIGHT).status_code == 302
    assert counting.tidy(now=right) == 0


def test_a_clock_that_is_set_back_a_little_lengthens_no_pause_beyond_the_longest(person, clock):
    person("Officer")
    guess(FREE)
    clock.goes_on(minutes=-5)
    wait = int(attempt(password=RIGHT)["Retry-After"])
    assert 0 < wait <= rules.LONGEST_PAUSE.total_seconds()


def test_a_browser_that_was_known_by_a_clock_ahead_stays_known(person, clock):
    person("Officer")
    clock.goes_on(days=4000)
    browser = known_browser()
    clock.goes_on(days=-4000)
    guess(FREE)
    assert attempt(password=RIGHT, client=browser).status_code == 302


def test_what_is_forgotten_is_deleted(person, clock):
    person("Officer")
    attempt()
    assert counting.tidy(now=clock.now + timedelta(hours=23)) == 0
    assert counting.tidy(now=clock.now + timedelta(hours=25)) == 2
    attempt()
    assert counting.tidy(now=clock.now - timedelta(days=30)) == 2


@given(counted=st.sampled_from(Counted), failures=st.integers(0, 2**31))
def test_pauses_grow_and_have_an_end(counted, failures):
    pause, following = (rules.pause_after(counted, failures + more) for more in (0, 1))
    assert timedelta(0) <= pause <= following <= rules.LONGEST_PAUSE
    assert (pause > timedelta(0)) is (failures >= rules.FREE[counted])


@given(st.lists(st.integers(0, 3600), max_size=200))
def test_however_a_guesser_times_it_a_day_gives_a_hundred_guesses_and_few_more(gaps):
    """Each guess at the earliest moment that a pause and the guesser's own gap allow."""
    row = WrongPasswords(counted=Counted.STRANGERS, last_at=timezone.now())
    start = now = row.last_at
    guesses = 0
    for gap in gaps + [0] * 150:
        now += timedelta(seconds=gap)
        now += rules.wait_left(row, now)
        if now - start >= timedelta(days=1):
            break
        row.failures, row.last_at = rules.failures_counted(row, now) + 1, now
        row.paused_until = now + rules.pause_after(Counted.STRANGERS, row.failures)
        guesses += 1
    assert guesses <= FREE + 4 + 24 * 4


def test_no_other_place_looks_at_a_password():
    """Whatever checks one goes through `core.guessing`, or guessing is quick there."""
    allowed = {"core/backends.py", "core/guessing/counting.py"}
    root = Path(product.BASE_DIR)
    found = {
        str(file.relative_to(root))
        for file in root.glob("*/**/*.py")
        if not file.relative_to(root).parts[0].startswith((".", "tests", "var"))
        and re.search(r"\b(a?check_password|a?authenticate)\(", file.read_text())
    }
    assert found == allowed
