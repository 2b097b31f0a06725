"""HTML to a tagged PDF that claims PDF/A-3a and PDF/UA-1, the same bytes each time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Progress = Callable[[int, str], None]


class PdfError(Exception):
    """The paper could not be made into a PDF that may be published. The message is for the
    officer.
    """


@dataclass(frozen=True)
class Asset:
    """A file that a paper may use, held in memory."""

    content_type: str
    content: bytes


def make(html: str, *, assets: Mapping[str, Asset], on_progress: Progress | None = None) -> bytes:
    """The PDF of `html`, byte for byte the same for the same input.

    The page must carry a language, a title, and its dates in `dcterms.created` and
    `dcterms.modified`. Raises `PdfError` when it asks for anything outside `assets`, when
    WeasyPrint logs an error, or when a character is not in the fonts that every machine of ours
    has.
    """
    # Not at the top: WeasyPrint takes 50 MB, and most of the processes that know of this module
    # print nothing.
    from documents import weasy

    try:
        return weasy.render(html, assets=assets, on_progress=on_progress)
    except weasy.RenderError as error:
        raise PdfError(str(error)) from error
