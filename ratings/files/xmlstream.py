"""XML out of a zip archive, in pieces, through expat: no tree is ever built."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

from ratings.files.errors import DAMAGED, OWN_ENTITIES, UnreadableError
from ratings.files.sheets import CHUNK, LARGEST_XML


def parser() -> expat.XMLParserType:
    """A parser that joins text, names elements as `namespace name`, and refuses documents that
    define entities.
    """
    made = expat.ParserCreate(namespace_separator=" ")
    made.buffer_text = True
    made.ordered_attributes = True
    made.StartDoctypeDeclHandler = _refuse
    return made


def _refuse(*_: object) -> NoReturn:
    raise UnreadableError(OWN_ENTITIES)


def feed(archive: zipfile.ZipFile, member: str, parser: expat.XMLParserType) -> Iterator[int]:
    """Feed a member to the parser piece by piece; gives the number of bytes of each.

    Raises `UnreadableError`.
    """
    try:
        if archive.getinfo(member).file_size > LARGEST_XML:
            raise UnreadableError("The file is larger than any that CQC publishes.")
        with archive.open(member) as stream:
            while chunk := stream.read(CHUNK):
                parser.Parse(chunk, False)
                yield len(chunk)
        parser.Parse(b"", True)
    except (
        expat.ExpatError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        ValueError,
        OSError,
    ) as error:
        raise UnreadableError(DAMAGED) from error
    except (NotImplementedError, RuntimeError) as error:
        raise UnreadableError(
            "The file is encrypted or compressed in a way that we cannot read."
        ) from error
