import sys
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import reverse

from administration.views.signing_in import say_who_is_signed_in
from core.next_page import FIELD, next_page
from core.permissions import everyone


@everyone
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The plain page; but from the sign-in page back to it, since all that was typed there is a
    password: it had been open since before somebody signed in or out, or for too long.
    """
    if request.path == reverse(settings.LOGIN_URL):
        onward = next_page(request)
        if request.user.is_authenticated:
            say_who_is_signed_in(request)
            return redirect(onward or "home")
        messages.warning(
            request,
            "The page had been open for too long, or your browser refuses cookies from this"
            " address. Enter your password again.",
        )
        asked = {FIELD: onward} if onward else {}
        return redirect(f"{request.path}?{urlencode(asked)}" if asked else request.path)
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or an honest 503 when it is the database that is away. Needs nothing that could be away
    itself.
    """
    fault = sys.exc_info()[1]
    away = isinstance(fault, OperationalError | InterfaceError)
    name, status = ("503.html", 503) if away else ("500.html", 500)
    # Without a request: context processors would ask for the user, and so for the database that is
    # away.
    response = HttpResponse(loader.get_template(name).render({}), status=status)
    if away:
        response["Retry-After"] = "30"
    return response
