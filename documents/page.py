"""A page to be printed, as the tree that WeasyPrint reads."""

import unicodedata
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from documents import glyphs

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def make_printable(html: Any) -> None:
    """Put what can be printed in the place of every letter that cannot, and say below the text what
    a box stands for.
    """
    boxes = 0
    for element in html.iter():
        for name, value in element.attrib.items():
            element.set(name, glyphs.printable(value))
        before = (element.text or "") + (element.tail or "")
        element.text = element.text and glyphs.printable(element.text)
        element.tail = element.tail and glyphs.printable(element.tail)
        after = (element.text or "") + (element.tail or "")
        boxes += after.count(glyphs.BOX) - before.count(glyphs.BOX)
    body = html.find("body")
    if boxes and body is not None:
        SubElement(body, "p", {"class": "boxes"}).text = glyphs.BOX_EXPLAINED


def cannot_print(html: Any, letter: str) -> str:
    """That a letter cannot be printed, and where it stands.

    Names the record and the field of `data-record` and `data-field`, which say no more than whoever
    reads the message may know; where no element has these, the headings above it.
    """
    name = unicodedata.name(letter, "no name").lower()
    places = list(dict.fromkeys(_places(html, letter)))
    where = f" in {'; '.join(places)}" if places else ""
    return f"We cannot print “{letter}” (U+{ord(letter):04X}, {name}){where}."


def _places(html: Any, letter: str) -> Iterator[str]:
    above: dict[str, str] = {}

    def walk(element: Element, marks: tuple[str, ...]) -> Iterator[str]:
        own = tuple(filter(None, (element.get("data-record"), element.get("data-field"))))
        marks = (*marks, *own)
        tag = str(element.tag)
        if tag in HEADINGS:
            for lower in HEADINGS[HEADINGS.index(tag) :]:
                above.pop(lower, None)
            above[tag] = " ".join("".join(element.itertext()).split())
        here = ", ".join(marks or (f"“{heading}”" for heading in above.values()))
        if here and _has(element.text, letter):
            yield here
        for kid in element:
            yield from walk(kid, marks)
            if here and _has(kid.tail, letter):
                yield here

    yield from walk(html, ())


def _has(text: str | None, letter: str) -> bool:
    # A style may print another case than was typed.
    return bool(text) and letter in f"{text}{str(text).upper()}{str(text).lower()}"
