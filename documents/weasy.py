"""WeasyPrint, with our fonts and our letters, and no way out of the page."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import weasyprint
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from documents import page
from documents.errors import PdfError
from documents.finishing import finish
from documents.fonts import FALLBACK, TEXT, FontsMissing, OwnFonts

Progress = Callable[[int, str], None]

# What WeasyPrint announces, as (start of its message, per cent done, what a person reads).
STEPS = (
    ("Step 1", 10, "Reading the paper"),
    ("Step 2", 15, "Reading the style"),
    ("Step 3", 20, "Applying the style"),
    ("Step 4", 35, "Setting the text"),
    ("Step 5", 50, "Laying out pages"),
    ("Step 6", 75, "Drawing pages"),
    ("Step 7", 90, "Writing the file"),
)


class Asset(Protocol):
    """A file that a page may use."""

    @property
    def content_type(self) -> str: ...

    @property
    def content(self) -> bytes: ...


class FixedAssets(URLFetcher):
    """Serves the given assets and refuses everything else: no files, no network, no data URLs."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._assets = assets

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        asset = self._assets.get(url)
        if asset is None:
            # Not an Exception: WeasyPrint would swallow one and go on without the file.
            raise FatalURLFetchingError(f"A paper may not fetch {url}")
        return URLFetcherResponse(url, asset.content, {"Content-Type": asset.content_type})


def render(html: str, *, assets: Mapping[str, Asset], on_progress: Progress | None) -> bytes:
    """What `documents.pdf.make` says. Raises `PdfError` for every reason that it names."""
    with _Listener(on_progress) as heard:
        try:
            parsed = weasyprint.HTML(string=html, url_fetcher=FixedAssets(assets))
            page.make_printable(parsed.etree_element)
            document = parsed.render(font_config=OwnFonts(), pdf_variant="pdf/a-3a")
            content: bytes = document.write_pdf(finisher=finish, pdf_variant="pdf/a-3a")
        except (FatalURLFetchingError, FontsMissing) as error:
            raise PdfError(str(error)) from error
        _require_metadata(document)
        _require_fonts(document, parsed.etree_element)
    # WeasyPrint says what it could not do in its log, and goes on without it.
    if heard.errors:
        raise PdfError("The paper could not be set: " + "; ".join(heard.errors))
    return content


def _require_metadata(document: Any) -> None:
    metadata = document.metadata
    for name in ("title", "lang", "created", "modified"):
        if not getattr(metadata, name):
            raise PdfError(f"The paper has no {name}.")


def _require_fonts(document: Any, html: Any) -> None:
    # Another font would give other bytes, and PDF/A forbids a glyph that is not there.
    for font in document.fonts.values():
        if font.family not in (TEXT, FALLBACK):
            raise PdfError(f"Some of the text needs the font {font.family}.")
        if font.missing:
            raise PdfError(
                " ".join(page.cannot_print(html, chr(code)) for code in sorted(font.missing))
            )


class _Listener(logging.Handler):
    """Hears WeasyPrint's log in this thread: its steps become progress, its errors are kept."""

    def __init__(self, on_progress: Progress | None) -> None:
        super().__init__(logging.INFO)
        self.errors: list[str] = []
        self._on_progress = on_progress
        self._thread = threading.get_ident()
        self._logger = logging.getLogger("weasyprint")
        self._steps = logging.getLogger("weasyprint.progress")

    def __enter__(self) -> "_Listener":
        self._before = self._steps.level, self._steps.propagate
        self._steps.setLevel(logging.INFO)
        self._steps.propagate = False  # a step is for the person who waits, not for the log
        self._steps.addHandler(self)
        self._logger.addHandler(self)
        return self

    def __exit__(self, *exc: object) -> None:
        self._logger.removeHandler(self)
        self._steps.removeHandler(self)
        self._steps.setLevel(self._before[0])
        self._steps.propagate = self._before[1]

    def emit(self, record: logging.LogRecord) -> None:
        # The log is of the whole process: another thread's paper may be at work.
        if record.thread != self._thread:
            return
        message = record.getMessage()
        if record.levelno >= logging.ERROR:
            self.errors.append(message)
        elif self._on_progress and record.name == "weasyprint.progress":
            for start, percent, label in STEPS:
                if message.startswith(start):
                    page = message.rpartition("Page ")[2] if "Page " in message else ""
                    self._on_progress(percent, f"{label}: page {page}" if page else label)
                    return
