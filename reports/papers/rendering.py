"""A paper's content to HTML, and to PDF. The frozen content is all its context."""

from datetime import date
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from core.dates import day_in_words
from documents import pdf
from reports.papers.content import RATING_COLUMNS, RATING_LETTERS, ExemptAppendix, PublicPaper
from reports.papers.markup import BlockKind

STYLE = "paper:paper.css"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports.papers"),
        # What officers type is text, never markup of ours.
        autoescape=True,
        # A name that the content lacks fails the file: an empty space would be published.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    # Constants of ours alone: no request, no settings, no database within a template's reach.
    environment.globals = {
        "BlockKind": BlockKind,
        "RATING_COLUMNS": RATING_COLUMNS,
        "RATING_LETTERS": RATING_LETTERS,
    }
    environment.filters["day"] = day
    environment.filters["listed"] = listed
    return environment


def day(value: date) -> str:
    """A date as people read it: 9 December 2019."""
    return f"{day_in_words(value)}"


def listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def public_html(paper: PublicPaper) -> str:
    return _environment().get_template("public.html").render(paper=paper)


def exempt_html(paper: ExemptAppendix) -> str:
    return _environment().get_template("exempt.html").render(paper=paper)


@cache
def _assets() -> dict[str, pdf.Asset]:
    return {
        STYLE: pdf.Asset("text/css", files("reports.papers").joinpath("paper.css").read_bytes())
    }


def public_pdf(paper: PublicPaper, *, on_progress: pdf.Progress | None = None) -> bytes:
    """The public file. Raises `pdf.PdfError`."""
    return pdf.make(public_html(paper), assets=_assets(), on_progress=on_progress)


def exempt_pdf(paper: ExemptAppendix, *, on_progress: pdf.Progress | None = None) -> bytes:
    """The Exempt Appendix. Raises `pdf.PdfError`."""
    return pdf.make(exempt_html(paper), assets=_assets(), on_progress=on_progress)
