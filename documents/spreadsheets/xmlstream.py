"""XML out of an archive, in pieces, through expat: no tree is ever built, and what expat itself
keeps is bounded.
"""

import zipfile
from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

from documents.spreadsheets.archives import Archive
from documents.spreadsheets.errors import (
    DAMAGED,
    ODD_STRUCTURE,
    OWN_ENTITIES,
    UnreadableError,
)

LONGEST_TAG = 1 << 20  # bytes of one tag, comment or instruction, which expat holds whole
MOST_NAMES = 10_000  # different names of elements and attributes, which expat never forgets
DEEPEST = 1_000  # elements within each other, of which expat keeps each


class XmlReader:
    """What a subclass finds in a document. Its handlers `_start` and `_end` count `depth`.

    The parser joins text, names elements as `namespace name`, gives attributes as one list, and
    refuses documents that define entities.
    """

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.depth = 0
        self.parser = expat.ParserCreate(namespace_separator=" ", intern=self.names)
        self.parser.buffer_text = True
        self.parser.ordered_attributes = True
        self.parser.StartDoctypeDeclHandler = _refuse
        # It does nothing: with it, the prefixes too come into `names`.
        self.parser.StartNamespaceDeclHandler = _ignore
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: list[str]) -> None:
        self.depth += 1

    def _end(self, name: str) -> None:
        self.depth -= 1

    def check(self) -> None:
        """Let go of what has become too much; called after each piece."""


def feed(archive: Archive, member: zipfile.ZipInfo, reader: XmlReader) -> Iterator[int]:
    """Feed a member to the reader piece by piece; gives the number of bytes of each.

    Raises `UnreadableError`.
    """
    fed = 0
    try:
        for piece in archive.pieces(member):
            reader.parser.Parse(piece, False)
            fed += len(piece)
            if (
                fed - reader.parser.CurrentByteIndex > LONGEST_TAG
                or len(reader.names) > MOST_NAMES
                or reader.depth > DEEPEST
            ):
                raise UnreadableError(ODD_STRUCTURE)
            reader.check()
            yield len(piece)
        reader.parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError, OverflowError) as error:
        raise UnreadableError(DAMAGED) from error


def read(archive: Archive, member: zipfile.ZipInfo, reader: XmlReader) -> None:
    """Feed a whole member to the reader.

    Raises `UnreadableError`.
    """
    for _ in feed(archive, member, reader):
        pass


def attribute(attributes: list[str], name: str, default: str = "") -> str:
    """The value of the attribute of that name, as the parser gives them."""
    for at in range(0, len(attributes), 2):
        if attributes[at] == name:
            return attributes[at + 1]
    return default


def local(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition(" ")[2]


def _refuse(*_: object) -> NoReturn:
    raise UnreadableError(OWN_ENTITIES)


def _ignore(*_: object) -> None:
    pass
