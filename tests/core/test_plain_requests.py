"""What browsers, proxies and programs send around a form: never a fault, and never believed as it
is written.
"""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.test.client import FakePayload, RequestFactory
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from carequality.wsgi import application
from core.addresses import network_address
from core.middleware import client_address

DATA = Path(__file__).parent.parent / "data" / "requests"
CASES = re.findall(
    r"^X-Forwarded-For: (.*?) +-> .*?(\d+)\)?$",
    (DATA / "x-forwarded-for.txt").read_text(),
    re.MULTILINE,
)
OWN = "192.0.2.7"


@pytest.mark.parametrize(("forwarded", "status"), CASES)
def test_signing_in_behind_a_proxy(
    person: Callable[..., Any], settings: Any, forwarded: str, status: str
):
    settings.TRUST_PROXY = True
    person("Officer")
    sent = {"username": "officer", "password": "a long enough password"}
    answer = Client(headers={"X-Forwarded-For": forwarded}).post(reverse("sign-in"), sent)
    assert answer.status_code == int(status)


def test_the_cases_are_read():
    assert len(CASES) == 4


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("203.0.113.5:51234", "203.0.113.5"),
        (" 203.0.113.5:51234 ", "203.0.113.5"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ('"[2001:db8::1]:443"', "2001:db8::1"),
        # One address in two spellings would be two for whoever counts wrong passwords.
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("[::ffff:203.0.113.5]:80", "203.0.113.5"),
        ("unknown", ""),
        ("_hidden", ""),
        ("203.0.113.5.6", ""),
        ("203.0.113.999:1", ""),
        ("", ""),
    ],
)
def test_an_address_as_proxies_write_it(written: str, address: str):
    assert network_address(written) == address


@given(st.text() | st.from_regex(r"[0-9.:\[\]%a-f, ]{0,40}", fullmatch=True))
@example("\0")
@example("1" * 5_000)
@example("[" * 50)
@example(",,,")
def test_whatever_a_proxy_writes_gives_an_address_that_the_database_takes(forwarded: str):
    from django.conf import settings
    from django.core.validators import validate_ipv46_address
    from django.test import override_settings

    with override_settings(TRUST_PROXY=True):
        assert settings.TRUST_PROXY
        request = RequestFactory().get("/", REMOTE_ADDR=OWN, HTTP_X_FORWARDED_FOR=forwarded)
        validate_ipv46_address(client_address(request))


def test_an_address_that_is_none_falls_back_to_who_connected(rf: RequestFactory, settings: Any):
    settings.TRUST_PROXY = True
    asked = rf.get("/", REMOTE_ADDR=OWN, HTTP_X_FORWARDED_FOR="203.0.113.5, unknown")
    assert client_address(asked) == OWN


def test_a_server_on_a_socket_of_its_machine_knows_no_address(rf: RequestFactory):
    assert client_address(rf.get("/", REMOTE_ADDR="")) == ""


def read_case() -> str:
    match = re.search(r"username=(\S+)", (DATA / "long-user-name.txt").read_text())
    assert match
    return match[1]


@pytest.mark.parametrize(
    "username", [read_case(), "x" * 151, "x" * 20_000, "ﷺ" * 149, "é" * 255], ids=len
)
def test_a_user_name_longer_than_any_gets_the_ordinary_refusal(db: None, username: str):
    sent = {"username": username, "password": "anything-wrong"}
    answer = Client().post(reverse("sign-in"), sent)
    assert answer.status_code == 200
    assert "Enter a user name and password that match" in answer.text


def test_a_user_name_longer_than_any_text_is_refused_by_its_field(db: None):
    sent = {"username": "x" * 100_000, "password": "anything-wrong"}
    answer = Client().post(reverse("sign-in"), sent)
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"username"}


@pytest.mark.parametrize(
    "path", ["/ratings/locations/%00/", "/ratings/locations/1-1%00/", "/figures/%00/", "/%00/"]
)
def test_an_address_that_no_text_holds_is_not_found(client_as: Callable[..., Client], path: str):
    assert client_as("Officer").get(path).status_code == 404


@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "%00=1", "q=\0", "sort=%00&page=%00"])
def test_a_nul_in_a_query_is_left_out(client_as: Callable[..., Client], query: str):
    for url in (reverse("oversight:list-services"), reverse("ratings:list-locations")):
        assert client_as("Officer").get(url, QUERY_STRING=query).status_code == 200


@pytest.mark.parametrize(
    "cookie",
    [
        r'carequality_session="\000\000\000\000\000\000\000\000"',
        r'carequality_session="abcdefgh\000"; messages="\000"; csrftoken="\000"',
        "carequality_session=" + "x" * 4_000,
        "carequality_session; =; ;;; =x; carequality_person=a:b:c; messages=[[[",
        'carequality_session="\xff\xfe\\377"',
    ],
)
def test_rubbish_in_cookies_is_nobody(db: None, cookie: str):
    answer = Client(headers={"Cookie": cookie}).get("/password/")
    assert answer.url == "/sign-in/?next=/password/"


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "unicode_escape"])
def test_a_form_that_is_not_utf_8_is_a_bad_request(db: None, charset: str):
    client, url = Client(raise_request_exception=False), "/sign-in/?next=%2F"
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.get(url, CONTENT_TYPE=kind).status_code == 200
    answer = client.generic("POST", url, b"username=officer", kind)
    assert answer.status_code == 400
    assert "We could not read your request" in answer.text


def test_a_files_name_in_an_encoding_that_there_is_not_is_no_fault(person: Callable[..., Any]):
    disposition = "Content-Disposition: form-data; name=\"f\"; filename*=nonsense''%41"
    body = f"--x\r\n{disposition}\r\n\r\n1\r\n--x--\r\n".encode()
    answer = Client().generic("POST", "/sign-in/", body, "multipart/form-data; boundary=x")
    assert answer.status_code == 200


# What follows is read before any middleware: asked of the application itself.
def served(**environ: str) -> str:
    given = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/healthz",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": OWN,
        "wsgi.url_scheme": "http",
        "wsgi.input": FakePayload(b""),
        "wsgi.errors": BytesIO(),
        "wsgi.version": (1, 0),
        **environ,
    }
    said: list[str] = []
    list(application(given, lambda status, headers: said.append(status)))
    return said[0][:3]


# Python knows all of these; what they give is no text, or they read none.
ODD_CODECS = ["hex", "base64", "rot13", "zip", "idna", "undefined", "punycode", "utf-16"]


@pytest.mark.parametrize(
    "kind",
    [
        *(f"text/plain; charset={name}" for name in ODD_CODECS),
        "text/plain; charset=\0",
        "text/plain; charset*=utf-8''%00",
        "text/plain; charset*=nonsense''%41",
        "text/plain; charset=" + "x" * 10_000,
        ";;;===",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "x" * 300,
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_header_of_the_content_that_nobody_can_read_is_no_fault(db: None, method: str, kind: str):
    path = "/healthz" if method == "GET" else "/sign-in/"
    # 302: without its cookie the form is asked again.
    answer = served(REQUEST_METHOD=method, PATH_INFO=path, CONTENT_TYPE=kind)
    assert answer in ("200", "302", "400", "403")


@pytest.mark.parametrize(
    "host", ["", "a b", "x" * 300, "[::1", "evil.test", "\0", "localhost:99999"]
)
def test_a_host_that_is_not_ours_is_a_bad_request(db: None, host: str):
    assert served(HTTP_HOST=host, PATH_INFO="/sign-in/") in ("200", "400")
