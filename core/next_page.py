"""Where somebody goes on after signing in, as the address says. Whoever makes a link writes that,
so that it is believed only when it names a page of ours.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

FIELD = "next"
LONGEST = 2000
# From these nobody goes on: they would lead back, or out again.
NOT_AFTER_SIGNING_IN = {settings.LOGIN_URL, "sign-out"}


def next_page(request: HttpRequest) -> str:
    """The page of ours that a request asks to go on to; empty when it asks for none, or for
    anything else.
    """
    wanted = request.POST.get(FIELD) or request.GET.get(FIELD, "")
    return wanted if is_page(wanted) else ""


def page_before(request: HttpRequest) -> str:
    """The page of ours that a form stood on, by the browser's word; empty when it does not say."""
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc != request.get_host():
        return ""
    path = f"{before.path}?{before.query}" if before.query else before.path
    return path if is_page(path) else ""


def is_page(url: str) -> bool:
    """Whether it is a path of ours that somebody may be sent to."""
    # Blanks and control characters, which one reader skips and another does not, are never ours.
    if not url.startswith("/") or len(url) > LONGEST or min(url) <= " ":
        return False
    # No host is allowed, our own neither: a path is all that a link of ours needs.
    if not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return False
    try:
        return resolve(urlsplit(url).path).view_name not in NOT_AFTER_SIGNING_IN
    except (Resolver404, ValueError):
        return False
