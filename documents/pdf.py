"""HTML to a tagged PDF that claims PDF/A-3a and PDF/UA-1, the same bytes each time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from documents.errors import PdfError

__all__ = ["Asset", "PdfError", "Progress", "make"]

Progress = Callable[[int, str], None]


@dataclass(frozen=True)
class Asset:
    """A file that a paper may use, held in memory."""

    content_type: str
    content: bytes


def make(html: str, *, assets: Mapping[str, Asset], on_progress: Progress | None = None) -> bytes:
    """The PDF of `html`, byte for byte the same for the same input.

    The page must carry a language, a title, and its dates in `dcterms.created` and
    `dcterms.modified`. Any text may stand in it: what the fonts lack is printed as
    `documents.glyphs` says. Raises `PdfError` when it asks for anything outside `assets`, when
    WeasyPrint logs an error, or when its style asks for a letter that the fonts lack; that message
    names the letter, and the record and the field by `data-record` and `data-field`, or by the
    headings above it where no element around it has these.
    """
    # Not at the top: WeasyPrint takes 50 MB, and most of the processes that know of this module
    # print nothing.
    from documents import weasy

    return weasy.render(html, assets=assets, on_progress=on_progress)
