"""Navigation by permission, and what every page says of the council."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from carequality.models import CouncilProfile


def context(request: HttpRequest) -> dict[str, Any]:
    """For templates: `navigation` (items with label, url, active), `council` and `demonstration`."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": [], "council": None, "demonstration": settings.DEMONSTRATION}
    items = []
    for label, name, permission in settings.NAVIGATION:
        if permission and not user.has_perm(permission):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        items.append({"label": label, "url": url, "active": request.path.startswith(url)})
    return {
        "navigation": items,
        "council": CouncilProfile.current(),
        "demonstration": settings.DEMONSTRATION,
    }
