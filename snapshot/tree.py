"""HTML as a tree of elements, by Python's own parser: enough for pages whose tags are closed as
they were opened.
"""

from collections.abc import Iterator
from html.parser import HTMLParser

VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    )
)
INLINE = frozenset(
    (
        "a",
        "abbr",
        "b",
        "cite",
        "code",
        "em",
        "i",
        "label",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
    )
)
UNSEEN = frozenset(("script", "style", "svg", "template"))


class Element:
    """A tag with its attributes; an attribute without a value has an empty text."""

    def __init__(
        self, tag: str, attributes: dict[str, str], parent: "Element | None" = None
    ) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.children: list[Element | str] = []

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def has_class(self, name: str) -> bool:
        return name in self.get("class").split()

    def walk(self) -> Iterator["Element"]:
        """Every element below this one, in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def all(self, *tags: str) -> list["Element"]:
        return [element for element in self.walk() if element.tag in tags]

    def first(self, *tags: str) -> "Element | None":
        return next((element for element in self.walk() if element.tag in tags), None)

    def above(self, *tags: str) -> "Element | None":
        """The nearest element around this one that has one of the tags."""
        around = self.parent
        while around is not None and around.tag not in tags:
            around = around.parent
        return around

    @property
    def text(self) -> str:
        """What is read, its white space made single."""
        return " ".join("".join(self._pieces()).split())

    def _pieces(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in UNSEEN:
                edge = "" if child.tag in INLINE else " "
                yield edge
                yield from child._pieces()
                yield edge


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.open = Element("", {})

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attributes}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_endtag(self, tag: str) -> None:
        closed: Element | None = self.open
        while closed is not None and closed.tag != tag:
            closed = closed.parent
        if closed is not None and closed.parent is not None:
            self.open = closed.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def parsed(html: str) -> Element:
    """The page as a tree, below an element without a tag."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root
