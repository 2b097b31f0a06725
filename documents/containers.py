"""What lies inside a file that is a container of others: a package of Office or OpenDocument (a ZIP
archive), or a compound file as Word 97 and Outlook write it.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import olefile

# What a package says of itself is short; whatever is longer was made to fill the memory.
MOST_BYTES_OF_TYPES = 1_000_000
CONTENT_TYPE = re.compile(r"""ContentType\s*=\s*["']([^"']{1,300})["']""", re.IGNORECASE)


class DamagedError(Exception):
    """The container cannot be read."""


class Package:
    """A ZIP archive by the names of its members, as any program wrote them: in another case, or
    with the separators of Windows.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {
            member.filename.replace("\\", "/").lstrip("/").lower(): member
            for member in archive.infolist()
        }

    @property
    def names(self) -> Iterator[str]:
        """The members' names, in small letters and with slashes."""
        return iter(self._members)

    def text_of(self, name: str) -> str:
        """The beginning of a member; empty if there is none of that name.

        Raises `DamagedError`.
        """
        member = self._members.get(name)
        if member is None:
            return ""
        with _damage(), self._archive.open(member) as opened:
            return opened.read(MOST_BYTES_OF_TYPES).decode("utf-8", "replace")

    def content_types(self, name: str) -> set[str]:
        """The types that the package gives its parts, in small letters. They say what it is; where
        its main part lies is any program's own choice.

        Raises `DamagedError`.
        """
        return {found.lower() for found in CONTENT_TYPE.findall(self.text_of(name))}


@contextmanager
def opened_package(data: bytes) -> Iterator[Package]:
    """The package that these bytes are. Raises `DamagedError`."""
    with _damage():
        archive = zipfile.ZipFile(io.BytesIO(data))
    with archive:
        yield Package(archive)


def entries_of_compound(data: bytes) -> set[str]:
    """The names at the root of a compound file. What lies deeper belongs to something enclosed.

    Raises `DamagedError`.
    """
    with _damage(), olefile.OleFileIO(io.BytesIO(data)) as compound:
        return {path[0] for path in compound.listdir(streams=True, storages=True) if len(path) == 1}


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except Exception as fault:
        # Of every kind: on bytes that somebody damaged or made, both readers raise whatever the
        # function raises that met them (zlib.error, struct.error, OverflowError, IndexError, …).
        raise DamagedError(str(fault)) from fault
