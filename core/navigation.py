"""Navigation by permission, and what every page says of the council."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from core.models import CouncilProfile, User
from core.registration import Registry


@dataclass(frozen=True)
class Destination:
    """A place of the navigation: its label, its URL's name, and the permission that its page asks
    (empty: none).

    `also`: URL namespaces, or names of URLs that have none, whose pages lie under this place though
    their path does not.
    """

    label: str
    url_name: str
    permission: str
    also: tuple[str, ...] = ()

    def is_current(self, request: HttpRequest, url: str) -> bool:
        """Whether the page asked for lies under this place; `url` is the place's own."""
        if request.path.startswith(url):
            return True
        match = request.resolver_match
        if match is None:
            return False
        if match.namespace == "figures":
            return match.kwargs.get("area") == self.url_name.partition(":")[0]
        return (match.namespace or match.url_name) in self.also


DESTINATIONS: Registry[Destination] = Registry("places of the navigation")


def register_navigation(
    label: str, url_name: str, permission: str = "", *, order: int, also: tuple[str, ...] = ()
) -> None:
    """Add a place to the navigation; said in the module `navigation` of the app whose page it
    is.
    """
    DESTINATIONS.add(label, Destination(label, url_name, permission, also), order=order)


@dataclass(frozen=True)
class Tab:
    """One of the pages that stand side by side: as a destination, with what its URL needs."""

    name: str
    label: str
    url_name: str
    permission: str = ""
    args: tuple[str, ...] = ()


# By the name of a group of pages that stand side by side.
TABS: dict[str, Registry[Tab]] = {}


def register_tab(group: str, tab: Tab, *, order: int) -> None:
    """Add a page to a group of tabs; said in the module `navigation` of the app whose page it
    is.
    """
    TABS.setdefault(group, Registry(f"tabs of {group}")).add(tab.name, tab, order=order)


def tabs_of(group: str, user: User) -> list[Tab]:
    """The tabs of a group that the person may open, in their order."""
    return [tab for tab in TABS[group] if not tab.permission or user.has_perm(tab.permission)]


def council_of(request: HttpRequest) -> CouncilProfile | None:
    """The council's profile, read once for a page."""
    if not hasattr(request, "_council"):
        # Django's class does not declare it.
        request._council = CouncilProfile.current()  # type: ignore[attr-defined]
    council: CouncilProfile | None = request._council  # type: ignore[attr-defined]  # set above, not declared
    return council


def context(request: HttpRequest) -> dict[str, Any]:
    """For templates: `navigation` (items with label, url, active and current, for
    `aria-current`), `council` and `demonstration`.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": [], "council": None, "demonstration": settings.DEMONSTRATION}
    items = []
    for place in DESTINATIONS:
        if place.permission and not user.has_perm(place.permission):
            continue
        url = reverse(place.url_name)
        # Assistive software says of the page itself, and of the place that a page lies under, which
        # it is.
        current = "page" if url == request.path else "true"
        active = place.is_current(request, url)
        items.append({"label": place.label, "url": url, "active": active, "current": current})
    return {
        "navigation": items,
        "council": council_of(request),
        "demonstration": settings.DEMONSTRATION,
    }
