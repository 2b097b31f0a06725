"""Who has not signed in is led to the sign-in page. Apart from `core.middleware`, which is imported
before any model may be.
"""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from core import next_page


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Everything needs a person who has signed in, but what says that it does not."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """Lead to the sign-in page, and back afterwards: to a page, never to a step. A step that
        was sent is not taken by asking for its address; the form that it came from is shown again.
        """
        if request.method in ("GET", "HEAD"):
            wanted = request.get_full_path()
        else:
            wanted = next_page.page_before(request)
        asked = {next_page.FIELD: wanted} if next_page.is_page(wanted) else {}
        where = reverse(settings.LOGIN_URL)
        return HttpResponseRedirect(f"{where}?{urlencode(asked, safe='/')}" if asked else where)
