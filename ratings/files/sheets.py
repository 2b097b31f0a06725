"""A spreadsheet as a stream of lines, whatever its format; it is never held in memory."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from types import TracebackType
from typing import NamedTuple, Self

# What a spreadsheet can hold, and more than CQC has ever used: what goes beyond is an attack or an
# accident.
MOST_ROWS = 1_048_576
MOST_COLUMNS = 1_024
LARGEST_XML = 8 * 1024**3  # bytes; the ratings of all England are one eighth of it
CHUNK = 1 << 18


class Line(NamedTuple):
    """One line that is not empty: the sheet's name, the line's number as a spreadsheet counts it,
    its cells.
    """

    sheet: str
    number: int
    cells: list[str]


class Sheets(ABC):
    """An open spreadsheet. Iterate once; `progress` says how far that has come."""

    @abstractmethod
    def __iter__(self) -> Iterator[Line]: ...

    @property
    @abstractmethod
    def progress(self) -> float:
        """The share that has been read, from 0 to 1."""

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()
