"""In which letters a text file is written: UTF-8, UTF-16 or what Windows writes in England."""

import codecs
from pathlib import Path

from documents.spreadsheets.errors import NOT_A_TABLE, UnreadableError

PIECE = 1 << 18
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WINDOWS = "cp1252"
# The signs below 32 that a text may hold: tabulator, line ends, new page, the old end of a file.
_IN_TEXTS = {9, 10, 11, 12, 13, 26}
_CONTROLS = bytes(code for code in range(32) if code not in _IN_TEXTS)


def encoding_of(path: Path) -> str:
    """The encoding of a text file. A byte that is odd in it is read as U+FFFD (`errors="replace"`).

    Raises `UnreadableError` for what is no text.
    """
    with path.open("rb") as handle:
        start = handle.read(PIECE)
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return encoding
    if wide := _wide_without_a_mark(start):
        return wide
    controls = len(start) - len(start.translate(None, _CONTROLS))
    if controls > max(2, len(start) // 100):
        raise UnreadableError(NOT_A_TABLE)
    good, odd = _letters_of_utf8(path)
    # In what Windows writes, letters beyond ASCII hardly ever happen to be UTF-8; in UTF-8 with an
    # odd byte, all others are.
    return "utf-8" if good >= odd else WINDOWS


def _wide_without_a_mark(start: bytes) -> str:
    """UTF-16 that does not say so: nearly every other byte of an English text is then zero."""
    half = max(1, len(start) // 2)
    if start[1::2].count(0) > 0.7 * half and start[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if start[::2].count(0) > 0.7 * half and start[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return ""


def _letters_of_utf8(path: Path) -> tuple[int, int]:
    """How many letters beyond ASCII a file has if it is UTF-8, and how many bytes that are none."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = odd = 0
    with path.open("rb") as handle:
        while True:
            piece = handle.read(PIECE)
            text = decoder.decode(piece, final=not piece)
            if not text.isascii():
                replaced = text.count("\ufffd")
                good += len(text) - len(text.encode("ascii", "ignore")) - replaced
                odd += replaced
            if not piece:
                return good, odd
