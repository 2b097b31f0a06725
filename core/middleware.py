"""What every request passes: an id that ties page, log and event together, and no cached copies of
pages behind sign-in.
"""

import logging
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from core.addresses import network_address
from core.request_id import current_request_id, serving

# Who signed in last on this browser; see KeepTypedMiddleware.
LAST_PERSON_COOKIE = "carequality_person"

GetResponse = Callable[[HttpRequest], HttpResponse]


def client_address(request: HttpRequest) -> str:
    """Where a request comes from; empty where that is not known. Behind a proxy that is trusted,
    what that proxy itself wrote: the last of the addresses, if it is one.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.TRUST_PROXY else ""
    return network_address(forwarded.rpartition(",")[2]) or network_address(
        request.META.get("REMOTE_ADDR", "")
    )


class RequestIdMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with serving(str(uuid.uuid4())):
            response = self.get_response(request)
            response["X-Request-ID"] = current_request_id()
            return response


class PlainRequestMiddleware:
    """What no text holds is taken out of a request's query and cookies; an address that holds it
    leads nowhere; a form that is not UTF-8 is answered with 400.

    PostgreSQL takes no NUL, and many a record is looked up by a piece of the address or of a
    cookie. Stands before whatever reads the query, the cookies or the form.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Raises `BadRequest`."""
        if (request.encoding or "utf-8").lower() not in ("utf-8", "utf8"):
            request.encoding = "utf-8"  # Django would read the query by the other too
            if request.method == "POST":
                raise BadRequest("A form must be UTF-8.")
        query = request.META.get("QUERY_STRING", "")
        request.META["QUERY_STRING"] = query.replace("%00", "").replace("\0", "")
        if not all(value.isprintable() for value in request.COOKIES.values()):
            request.COOKIES = {
                name: value for name, value in request.COOKIES.items() if value.isprintable()
            }
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, named: dict[str, Any]
    ) -> None:
        """Raises `Http404` for a part of the address by which no record is called."""
        if any(isinstance(part, str) and not part.isprintable() for part in named.values()):
            raise Http404("No record is called so.")


class KeepTypedMiddleware:
    """A form that is sent after the session has ended is not lost: it waits in the new session, for
    the same person alone.

    Who that was is told by a signed cookie, which signing out removes. Files and very long forms
    are not kept.
    """

    longest = 500_000  # bytes

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    # Here and not in `__call__`: only now is the view known, and with it whether it asks for
    # sign-in.
    def process_view(self, request: HttpRequest, view: Any, *arguments: Any) -> HttpResponse | None:
        ended = not request.user.is_authenticated and getattr(view, "login_required", True)
        if not ended or request.method != "POST" or "HX-Request" in request.headers:
            return None
        person = request.get_signed_cookie(LAST_PERSON_COOKIE, default=None)
        is_form = request.content_type == "application/x-www-form-urlencoded"
        if person is None or not is_form or len(request.body) > self.longest:
            return None
        # Without the token against forged requests: signing in changes it, so the old one would be
        # refused.
        fields = [
            [name, values] for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"
        ]
        request.session["typed"] = {
            "person": person,
            "path": request.get_full_path(),
            "fields": fields,
        }
        return redirect(f"{reverse(settings.LOGIN_URL)}?next={reverse('send-typed')}")


class TemporaryPasswordMiddleware:
    """Whoever signs in with a password that an administrator set must choose another before
    anything else.
    """

    allowed = ("change-password", "sign-out", "read-account-news")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        temporary = request.user.is_authenticated and request.user.password_is_temporary
        if not temporary or (
            request.resolver_match and request.resolver_match.view_name in self.allowed
        ):
            return None
        return redirect("change-password")


class NoStoreMiddleware:
    """Pages behind sign-in are not kept by the browser: the next person at a shared laptop must not
    find them.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["HX-Request"])
        return response


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id() or "-"
        return True
