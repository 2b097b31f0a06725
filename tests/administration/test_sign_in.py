import re
from datetime import timedelta
from urllib.parse import urlencode, urljoin

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from core.middleware import client_address
from core.models import Event, User
from core.next_page import is_page


@pytest.mark.parametrize("password", ["wrong", ""])
def test_wrong_password_says_so_and_keeps_the_name(person, password):
    person("Officer")
    response = Client().post(reverse("sign-in"), {"username": "officer", "password": password})
    assert response.status_code == 200
    assert 'value="officer"' in response.content.decode()
    assert "There is a problem" in response.content.decode()
    assert not Event.objects.filter(kind="person.signed_in").exists()


def test_sign_in_is_recorded(person):
    officer = person("Officer")
    client = Client()
    for _ in range(2):
        typed_at_sign_in(client)
        client.post(reverse("sign-out"))
    events = Event.objects.filter(kind="person.signed_in", about_id=str(officer.pk))
    assert {event.by for event in events} == {officer}
    # Whether in a browser that had signed in before.
    assert [event.after["known"] for event in events.order_by("pk")] == [False, True]


def test_page_behind_sign_in_leads_there_and_back(db):
    response = Client().get("/password/")
    assert response.url == "/sign-in/?next=/password/"


def test_sign_out_is_a_post(client_as):
    client = client_as("Officer")
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out")).url == reverse("sign-in")


def test_short_password_is_refused(client_as):
    response = client_as("Officer").post(
        reverse("change-password"),
        {
            "old_password": "a long enough password",
            "new_password1": "short",
            "new_password2": "short",
        },
    )
    assert "too short" in response.content.decode()
    assert not Event.objects.filter(kind="person.password_changed").exists()


def test_policy_of_content_allows_no_inline_script(client_as):
    policy = client_as("Officer").get(reverse("change-password"))["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_pages_are_not_kept_by_the_browser(client_as):
    assert "no-store" in client_as("Officer").get(reverse("change-password"))["Cache-Control"]


FORM = "application/x-www-form-urlencoded"


def sign_in_by_page(client, username, **more):
    return client.post(
        reverse("sign-in") + "?next=" + reverse("send-typed"),
        {"username": username, "password": "a long enough password", **more},
    )


def test_form_sent_after_the_session_ended_is_offered_again_to_the_same_person(person, council):
    administrator = person("Administrator")
    client = Client()
    sign_in_by_page(client, administrator.username)
    Session.objects.all().delete()
    sent = {"name": "Westmarsh and a long text that took a while", "order": "4"}
    response = client.post("/council/district/add/?from=here", urlencode(sent), FORM)
    assert response["Location"] == f"{reverse('sign-in')}?next={reverse('send-typed')}"
    assert sign_in_by_page(client, administrator.username)["Location"] == reverse("send-typed")
    page = client.get(reverse("send-typed")).text
    assert "We kept what you typed" in page
    assert sent["name"] in page
    passed_on = client.post(reverse("send-typed"), sent)
    assert (passed_on.status_code, passed_on["Location"]) == (
        307,
        "/council/district/add/?from=here",
    )
    assert client.get(reverse("send-typed")).status_code == 302


def test_what_was_typed_is_not_offered_to_another_person(person, council):
    client = Client()
    sign_in_by_page(client, person("Officer").username)
    Session.objects.all().delete()
    client.post("/council/district/add/", urlencode({"name": "Only mine"}), FORM)
    assert "typed" in client.session
    sign_in_by_page(client, person("Manager").username)
    assert client.get(reverse("send-typed")).status_code == 302
    assert "typed" not in client.session


def test_after_signing_out_nothing_typed_is_kept(person, council):
    client = Client()
    sign_in_by_page(client, person("Officer").username)
    client.post(reverse("sign-out"))
    client.post("/council/district/add/", urlencode({"name": "Sent after signing out"}), FORM)
    assert "typed" not in client.session


@pytest.mark.parametrize(("trusted", "expected"), [(True, "198.51.100.9"), (False, "192.0.2.1")])
def test_an_address_is_believed_only_from_a_proxy_that_is_trusted(rf, settings, trusted, expected):
    settings.TRUST_PROXY = trusted
    forwarded = {"X-Forwarded-For": "10.9.9.9, 198.51.100.9"}
    assert client_address(rf.get("/", headers=forwarded, REMOTE_ADDR="192.0.2.1")) == expected


def typed_at_sign_in(client, username="officer", password="a long enough password", **query):
    return client.post(
        f"{reverse('sign-in')}?{urlencode(query)}", {"username": username, "password": password}
    )


@pytest.mark.parametrize(
    "forwarded",
    ["203.0.113.5:51234", "[2001:db8::1]:443", "unknown", "203.0.113.5", "", ",", "\x7f"],
)
def test_whatever_a_proxy_writes_as_the_address_people_can_sign_in(person, settings, forwarded):
    settings.TRUST_PROXY = True
    person("Officer")
    client = Client(headers={"X-Forwarded-For": forwarded})
    assert typed_at_sign_in(client, password="wrong").status_code == 200
    assert typed_at_sign_in(client).status_code == 302


@pytest.mark.parametrize("name", ["x" * 256, "x" * 100_000, "a\x00b", "  ", "ﬀ", "🐑" * 151])
def test_a_user_name_that_none_can_have_is_refused_as_any_other(db, name):
    answer = typed_at_sign_in(Client(), username=name)
    assert answer.status_code == 200
    assert "There is a problem" in answer.text


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "///elsewhere.example/",
        "/\\elsewhere.example/",
        "http:elsewhere.example",
        "javascript:alert(1)",
        " /services/",
        "services/",
        "/no/such/page/",
        "/sign-in/",
        "/sign-in/?next=/sign-in/",
        "/sign-out/",
        "/static/carequality.css",
        "/services/?" + "x" * 3000,
        "http://testserver/services/",
        "/[",
        "//[",
    ],
)
def test_next_leads_only_to_a_page_of_ours(person, wanted):
    person("Officer")
    client = Client()
    assert typed_at_sign_in(client, next=wanted)["Location"] == reverse("home")
    # Signed in already: neither a circle nor a way out.
    assert client.get(reverse("sign-in"), {"next": wanted})["Location"] == reverse("home")


@pytest.mark.parametrize(
    "wanted", ["/services/", "/services/?q=elm&page=2", "/audits/offline/visits/#12", "/people/"]
)
def test_next_leads_to_the_page_that_was_asked_for(person, wanted):
    person("Officer")
    client = Client()
    assert typed_at_sign_in(client, next=wanted)["Location"] == wanted
    assert client.get(reverse("sign-in"), {"next": wanted})["Location"] == wanted


@settings_of_hypothesis(max_examples=300)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                [
                    "/",
                    "\\",
                    "//",
                    ":",
                    "http",
                    "@",
                    "?",
                    "#",
                    ".",
                    "services",
                    "\t",
                    "%2f",
                    "[",
                    "x",
                ]
            ),
            max_size=8,
        ).map("".join),
    )
)
def test_next_never_names_another_host(wanted):
    if is_page(wanted):
        assert wanted.startswith("/")
        assert urljoin("https://council.test/sign-in/", wanted).startswith("https://council.test/")
        assert not re.match(r"[\x00-\x20]|.[/\\]", wanted)


def test_after_a_step_that_was_not_taken_the_page_it_came_from_is_next(db):
    """A step's own address has no page to show."""
    step = reverse("remove-council-row", args=["districts", 1])
    page = reverse("change-council-row", args=["districts", 1])
    client = Client()
    led = client.post(step, headers={"Referer": f"http://testserver{page}?from=list"})
    assert led["Location"] == f"/sign-in/?next={page}%3Ffrom%3Dlist"
    assert client.post(step)["Location"] == "/sign-in/"
    elsewhere = client.post(step, headers={"Referer": f"http://elsewhere.example{page}"})
    assert elsewhere["Location"] == "/sign-in/"


def test_nobody_signs_in_over_another_without_noticing(client_as, person):
    client = client_as("Officer")
    manager = person("Manager")
    answer = client.post(
        reverse("sign-in"),
        {"username": manager.username, "password": "a long enough password"},
        follow=True,
    )
    assert answer.context["user"] == person("Officer")
    assert "You are signed in as Officer. To sign in as someone else, sign out" in answer.text


def test_a_sign_in_page_that_was_open_for_too_long_is_shown_again(db):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("sign-in") + "?next=/services/", {"username": "officer"})
    assert answer["Location"] == "/sign-in/?next=%2Fservices%2F"
    assert "Enter your password again" in client.get(answer["Location"]).text


def test_a_sign_in_page_from_before_somebody_signed_in_says_who_that_is(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("Officer"))
    answer = client.post(reverse("sign-in"), {"username": "manager"}, follow=True)
    assert "You are signed in as Officer" in answer.text


def test_a_form_elsewhere_with_an_old_token_still_says_that_it_was_not_sent(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("Officer"))
    answer = client.post(reverse("change-password"), {})
    assert (answer.status_code, "Your form was not sent" in answer.text) == (403, True)


def is_signed_in(client):
    return client.get(reverse("change-password")).status_code == 200


def test_a_new_password_ends_every_other_session_and_keeps_its_own(client_as):
    here, elsewhere = client_as("Officer"), client_as("Officer")
    new = "seventeen herons over a marsh"
    here.post(
        reverse("change-password"),
        {
            "old_password": "a long enough password",
            "new_password1": new,
            "new_password2": new,
        },
    )
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_a_session_does_not_come_to_life_again_with_a_reopened_account(client_as, person):
    old, officer, admin = client_as("Officer"), person("Officer"), client_as("Administrator")
    admin.post(reverse("deactivate-person", args=[officer.pk]), {})
    assert not is_signed_in(old)
    admin.post(reverse("reactivate-person", args=[officer.pk]), {})
    assert not is_signed_in(old)
    again = Client()
    assert typed_at_sign_in(again).status_code == 302
    assert is_signed_in(again)


def test_whoever_knows_the_password_of_a_closed_account_is_told_that_it_is_closed(person):
    officer = person("Officer")
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert "This account is closed" in typed_at_sign_in(Client()).text
    assert "This account is closed" not in typed_at_sign_in(Client(), password="wrong").text


def test_a_session_that_a_wrong_clock_made_ends_when_the_clock_is_right(client_as):
    client = client_as("Officer")
    Session.objects.update(expire_date=timezone.now() + timedelta(days=300))
    assert not is_signed_in(client)


def test_a_session_lasts_its_time(client_as):
    client = client_as("Officer")
    Session.objects.update(expire_date=timezone.now() + timedelta(hours=8, minutes=1))
    assert is_signed_in(client)
