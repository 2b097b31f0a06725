from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from administration.actions import people as actions
from core.middleware import client_address
from core.models import Event


@pytest.mark.parametrize("password", ["wrong", ""])
def test_wrong_password_says_so_and_keeps_the_name(person, password):
    person("Officer")
    response = Client().post(reverse("sign-in"), {"username": "officer", "password": password})
    assert response.status_code == 200
    assert 'value="officer"' in response.content.decode()
    assert "There is a problem" in response.content.decode()
    assert not Event.objects.exists()


def test_sign_in_is_recorded(person):
    officer = person("Officer")
    Client().post(reverse("sign-in"), {"username": "officer", "password": "a long enough password"})
    assert Event.objects.get().by == officer


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


def attempt(username, password, address="192.0.2.1"):
    return Client(REMOTE_ADDR=address).post(
        reverse("sign-in"), {"username": username, "password": password}
    )


def test_ten_wrong_passwords_shut_the_door_to_the_right_one(person, settings):
    person("Officer")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = attempt("officer", "a wrong password")
    assert answer.status_code == 429
    answer = attempt("officer", "a long enough password")
    assert answer.status_code == 429
    assert "Too many wrong passwords" in answer.text
    assert not Event.objects.filter(kind="person.signed_in").exists()


def test_guessing_elsewhere_does_not_shut_out_the_owner_of_the_name(person, settings):
    person("Officer")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt("officer", "a wrong password")
    assert attempt("officer", "a long enough password", "192.0.2.2").status_code == 302


def test_a_new_password_from_the_administrator_opens_the_door_at_once(person, settings):
    officer = person("Officer")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt("officer", "a wrong password")
    actions.set_password(
        officer.pk,
        by=person("Administrator"),
        given=actions.PasswordInput("quite another password"),
    )
    assert attempt("officer", "quite another password").status_code == 302


@pytest.mark.parametrize(("trusted", "expected"), [(True, "198.51.100.9"), (False, "192.0.2.1")])
def test_an_address_is_believed_only_from_a_proxy_that_is_trusted(rf, settings, trusted, expected):
    settings.TRUST_PROXY = trusted
    forwarded = {"X-Forwarded-For": "10.9.9.9, 198.51.100.9"}
    assert client_address(rf.get("/", headers=forwarded, REMOTE_ADDR="192.0.2.1")) == expected
