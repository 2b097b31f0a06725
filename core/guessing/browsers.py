"""Browsers that have signed in before: a signed cookie names the accounts, and each browser has its
own count of wrong passwords, so that nobody else's guesses slow it down.

It is a name and not a key: whoever holds it still needs the password. Signing out leaves it. The
idea is OWASP's *device cookies* (Slow Down Online Guessing Attacks with Device Cookies).
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from core.models import User

COOKIE = "carequality_browser"
KEPT_FOR = timedelta(days=400)  # as long as browsers keep any cookie; each sign-in begins it anew
MOST_ACCOUNTS = 12  # of people who share a browser; those who signed in last


def known_as(request: HttpRequest, person: User) -> str:
    """This browser's name with that account; empty when it has never signed in with it."""
    return _names(request).get(str(person.pk), "")


def remember(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Give the browser a new name for an account that has just signed in."""
    # New at each sign-in: what a copy of an older cookie guesses does not slow its owner down.
    names = {str(person.pk): secrets.token_urlsafe(16)}
    for pk, name in _names(request).items():
        names.setdefault(pk, name)
    kept = list(names.items())[:MOST_ACCOUNTS]
    response.set_signed_cookie(
        COOKIE,
        " ".join(f"{pk}:{name}" for pk, name in kept),
        max_age=int(KEPT_FOR.total_seconds()),
        path=reverse(settings.LOGIN_URL),  # sent to the sign-in page and nowhere else
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _names(request: HttpRequest) -> dict[str, str]:
    # No greatest age is asked: it would go by our clock, which may have been wrong.
    value = request.get_signed_cookie(COOKIE, default="") or ""
    pairs = (entry.partition(":") for entry in value.split(" ") if entry)
    return {pk: name for pk, _, name in pairs}
