"""Asking for pages as somebody, and what the answer holds."""

import hashlib
import json
import re
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from snapshot.places import PageAddress
from snapshot.reading import addresses, frame, read
from snapshot.roles import NOBODY, ROLES

# Their bytes hold the time of making, or are compressed: that they come is all that is compared.
UNREAD = ("application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


class Asker:
    """Somebody who asks for pages by GET. What a page writes is taken back, so that no page changes
    what another says.
    """

    def __init__(self, role: str, session: str) -> None:
        self.role = role
        self.session = session
        self.client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
        self._frame: dict[str, Any] | None = None

    def ask(self, address: str) -> tuple[HttpResponseBase, bytes]:
        # A page may have ended the session: each is asked with the cookie of the sign-in alone.
        self.client.cookies = SimpleCookie()
        if self.session:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        with transaction.atomic():
            response = self.client.get(address)
            content = b"".join(response) if response.streaming else response.content
            transaction.set_rollback(True)
        return response, content

    def links_of(self, place: PageAddress) -> list[str]:
        """Where the page leads to: its links, forms and what it fetches; where it redirects to."""
        response, content = self.ask(place.address)
        found = [response["Location"]] if "Location" in response else []
        if _kind(response) == "text/html":
            found += addresses(content.decode())
        return found

    def page(self, place: PageAddress) -> dict[str, Any]:
        """The record of one page."""
        response, content = self.ask(place.address)
        page: dict[str, Any] = {"address": place.address, "status": response.status_code}
        if error := getattr(response, "exc_info", None):
            page["fault"] = f"{error[0].__name__}: {error[1]}"
        if "Location" in response:
            page["leads_to"] = response["Location"]
        elif _kind(response) == "text/html":
            text = content.decode()
            if self._frame is None and response.status_code == 200 and "<main" in text:
                self._frame = frame(text)
            page |= read(text)
        else:
            page |= _file(response, content)
        return page

    @property
    def frame(self) -> dict[str, Any]:
        """What stands around the first whole page that was asked for."""
        return self._frame or {}


def sign_in(role: str) -> str:
    """The key of a new session of that person; empty for who has not signed in.

    Raises `ValueError` for an unknown role.
    """
    if role not in ROLES:
        raise ValueError(f"no such role: {role}")
    if role == NOBODY:
        return ""
    from core.models import User

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username=role))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _kind(response: HttpResponseBase) -> str:
    return response.headers.get("Content-Type", "").split(";")[0]


def _file(response: HttpResponseBase, content: bytes) -> dict[str, Any]:
    kind = _kind(response)
    found: dict[str, Any] = {"type": kind}
    name = re.search(
        r"filename(?:\*=UTF-8''|=\"?)([^\";]+)", response.headers.get("Content-Disposition", "")
    )
    if name:
        found["file"] = unquote(name[1])
    if kind == "application/json":
        found["body"] = json.loads(content)
    elif kind.startswith("text/"):
        found["body"] = content.decode("utf-8-sig").splitlines()
    elif kind not in UNREAD and content:
        found["sha256"] = hashlib.sha256(content).hexdigest()
    return found
