"""Which pages there are: the patterns of the URL conf, and for each the objects that links lead
to.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

KEPT = 60  # addresses of one pattern that it remembers
OBJECTS = 3  # objects of one pattern whose pages are written
VARIANTS = 8  # pages of one pattern that are written in all
# Parts of a query that choose what kind of answer is given; of the others only the name counts.
CHOOSES = frozenset(("format", "export"))


class Pattern(NamedTuple):
    name: str
    converters: tuple[tuple[str, str], ...]


class PageAddress(NamedTuple):
    name: str
    path: str
    query: str = ""

    @property
    def address(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What sets one variant of a page apart from another: which parts its query has."""
        parts = parse_qsl(self.query, keep_blank_values=True)
        return tuple(sorted({(name, value if name in CHOOSES else "") for name, value in parts}))


def patterns(
    of: list[URLPattern | URLResolver] | None = None, namespace: str = ""
) -> Iterator[Pattern]:
    """Every named pattern of the URL conf, with the names and kinds of its arguments."""
    for pattern in get_resolver().url_patterns if of is None else of:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from patterns(pattern.url_patterns, inner)
        else:
            kinds = pattern.pattern.converters.items()
            yield Pattern(
                f"{namespace}{pattern.name}",
                tuple(
                    (name, type(kind).__name__.removesuffix("Converter").lower())
                    for name, kind in kinds
                ),
            )


def place_of(address: str, page: str = "/") -> PageAddress | None:
    """Where an address found on `page` leads to, if that is a page of ours."""
    parts = urlsplit(urljoin(page, address))
    if parts.scheme not in ("", "http") or parts.netloc or not parts.path.startswith("/"):
        return None
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return None
    return PageAddress(name, parts.path, parts.query)


def crawl(links_of: Callable[[PageAddress], list[str]], followed: int) -> list[PageAddress]:
    """The places that links and forms lead to, breadth first from the front page, in the order in
    which they were found.

    Of each pattern that many addresses are opened.
    """
    start = PageAddress("home", "/")
    found, waiting = [start], deque([start])
    seen = {start}
    opened: dict[str, int] = {}
    kept: dict[str, int] = {}
    while waiting:
        place = waiting.popleft()
        if opened.get(place.name, 0) >= followed:
            continue
        leads = {place_of(link, place.address) for link in links_of(place)}
        # A page that leads nowhere, such as a file, stands for all of its pattern.
        opened[place.name] = opened.get(place.name, 0) + 1 if leads else followed
        for lead in _from_both_ends([lead for lead in leads if lead]):
            kept[lead.name] = kept.get(lead.name, 0) + (lead not in seen)
            if lead not in seen and kept[lead.name] <= KEPT:
                seen.add(lead)
                found.append(lead)
                waiting.append(lead)
    return found


def chosen(found: list[PageAddress]) -> dict[str, list[PageAddress]]:
    """Of each pattern the places to write: the first, others of other objects, and others whose
    query asks for something else.
    """
    by_name: dict[str, list[PageAddress]] = {}
    for place in found:
        by_name.setdefault(place.name, []).append(place)
    return {name: list(_different(places)) for name, places in sorted(by_name.items())}


def _different(places: list[PageAddress]) -> Iterator[PageAddress]:
    paths: set[str] = set()
    choices: set[tuple[tuple[str, str], ...]] = set()
    count = 0
    for place in places:
        other_object = place.path not in paths and len(paths) < OBJECTS
        if (other_object or place.choices not in choices) and count < VARIANTS:
            paths.add(place.path)
            choices.add(place.choices)
            count += 1
            yield place


def _from_both_ends(leads: list[PageAddress]) -> Iterator[PageAddress]:
    """Sorted, and of each pattern the first, the last, the second and so on: what is long over, and
    what goes on now.
    """
    for _, group in groupby(sorted(leads, key=_in_order), key=lambda place: place.name):
        rest = deque(group)
        while rest:
            yield rest.popleft()
            if rest:
                yield rest.pop()


def _in_order(place: PageAddress) -> tuple[str, list[str | int]]:
    """By name, then by address with numbers as numbers."""
    pieces = re.split(r"(\d+)", place.address)
    return place.name, [int(piece) if number % 2 else piece for number, piece in enumerate(pieces)]
