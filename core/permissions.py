"""Permission, asked before anything is looked up: who lacks it gets 403 whether or not the thing
exists.

Every view says what it asks: `@require_permission("providers.view_service")`, `@signed_in`, or
`@everyone`. A test walks the URL conf and fails on a view that says nothing.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve

from core.models import User


class Request(HttpRequest):
    """What a view gets from a person who has signed in: every view but those for everyone."""

    user: User


View = Callable[..., HttpResponseBase]


def require_permission(*permissions: str) -> Callable[[View], View]:
    """Serve the view only to those who hold every one of `permissions`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # Before the view looks anything up: a 404 would tell whoever lacks the right what
            # exists.
            if not request.user.has_perms(permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        checked.permissions = permissions  # type: ignore[attr-defined]  # read by the test of every URL
        return checked

    return decorate


def signed_in(view: View) -> View:
    """Serve the view to everyone who has signed in."""
    view.permissions = ()  # type: ignore[attr-defined]  # read by the test of every URL
    return view


def everyone(view: View) -> View:
    """Serve the view without sign-in."""
    view.permissions = None  # type: ignore[attr-defined]  # read by the test of every URL
    return login_not_required(view)


def may_open(user: User, url: str) -> bool:
    """Whether the person holds what the view behind one of our own addresses asks: a link is
    offered only to whom it serves.
    """
    permissions = getattr(resolve(urlsplit(url).path).func, "permissions", ())
    # None stands for a page that everyone may open, an empty tuple for one that only asks for a
    # sign-in.
    return permissions is None or user.has_perms(permissions)
