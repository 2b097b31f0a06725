"""A spreadsheet's zip archive, opened so that nothing in it can take more memory than it is
worth.
"""

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from documents.spreadsheets.errors import (
    DAMAGED,
    ODD_COMPRESSION,
    ODD_STRUCTURE,
    PASSWORD,
    TOO_LARGE,
    UnreadableError,
)

PIECE = 1 << 18
LARGEST_UNPACKED = 4 * 1024**3  # bytes; three times the ratings of all England
# Of the archive's own list, which is read whole: several thousand members.
LARGEST_LIST = 1 << 20
_END, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_COMPRESSED_AS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    ValueError,
    OSError,
    OverflowError,
)


class Archive:
    """The members of a zip archive by their names, without regard to case, and with either slash.

    Raises `UnreadableError`.
    """

    def __init__(self, path: Path) -> None:
        if _size_of_list(path) > LARGEST_LIST:
            raise UnreadableError(ODD_STRUCTURE)
        try:
            self._zip = zipfile.ZipFile(path)
        except NotImplementedError as error:
            raise UnreadableError(ODD_COMPRESSION) from error
        except BROKEN as error:
            raise UnreadableError(DAMAGED) from error
        self._members = {_folded(one.filename): one for one in self._zip.infolist()}

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def find(self, name: str) -> zipfile.ZipInfo | None:
        """The member of that name, if there is one."""
        return self._members.get(_folded(name))

    def names(self) -> Iterator[str]:
        """The members' names, folded."""
        return iter(self._members)

    def pieces(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """The bytes of a member, unpacked piece by piece.

        Raises `UnreadableError`.
        """
        if member.flag_bits & 1:
            raise UnreadableError(PASSWORD)
        # Others may ask for gigabytes of memory before the first byte.
        if member.compress_type not in _COMPRESSED_AS:
            raise UnreadableError(ODD_COMPRESSION)
        if member.file_size > LARGEST_UNPACKED:
            raise UnreadableError(TOO_LARGE)
        try:
            with self._zip.open(member) as stream:
                while piece := stream.read(PIECE):
                    yield piece
        except (NotImplementedError, RuntimeError) as error:
            raise UnreadableError(ODD_COMPRESSION) from error
        except BROKEN as error:
            raise UnreadableError(DAMAGED) from error


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _size_of_list(path: Path) -> int:
    """How large the archive says that its list of members is; 0 if it says nothing that makes
    sense, which the opening then finds.
    """
    with path.open("rb") as handle:
        size = handle.seek(0, os.SEEK_END)
        handle.seek(max(0, size - (1 << 16) - 22 - 20))
        tail = handle.read()
        at = tail.rfind(_END)
        if at < 0:
            return 0
        if tail[at - 20 : at - 16] == _LOCATOR_64:
            handle.seek(min(size, int.from_bytes(tail[at - 12 : at - 4], "little")))
            record = handle.read(56)
            if record.startswith(_END_64):
                return int.from_bytes(record[40:48], "little")
        return int.from_bytes(tail[at + 12 : at + 16], "little")
