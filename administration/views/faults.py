import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from core.permissions import everyone


@everyone
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
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
