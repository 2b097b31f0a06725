"""The disclosure scan: does a public PDF carry a name that is held exempt, anywhere in it?

Three readers look at the file, since each is blind somewhere: poppler's text, pypdf's text (which
keeps what lies off the page) and a walk of every string, name and stream that pikepdf reaches, and
of the raw bytes. It fails closed: a part that cannot be read refuses the file. It does not see a
paraphrase, a typing slip or an abbreviation: a second person does.
"""

import gzip
import html
import io
import logging
import re
import subprocess
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

import pikepdf
import pypdf

from reports.wanted import Hit, ScanError, Wanted

MAX_NESTING = 3
SECONDS_TO_READ = 120
# Our papers' margins (`papers/paper.css`), in points from the page's edge: a name that runs over a
# page end is whole only without the running headers and footers.
RUNNING_HEAD, RUNNING_FOOT = 60, 66


# Stands between texts that are looked at together: a letter of no name, so that none is found
# across two.
APART = "\n\N{LATIN LETTER ALVEOLAR CLICK}\n"


def scan(
    content: bytes, names: Iterable[str], *, typed: Mapping[str, str] | None = None
) -> list[Hit]:
    """Every exempt name found in the PDF, and in `typed` (where -> text that the file was made
    from).

    Each name once per place. Raises `ScanError` when any reader fails, or when the file holds what
    none of them can read (a picture, an encrypted part).
    """
    wanted = Wanted(names)
    hits: set[Hit] = set()
    for where, text in (typed or {}).items():
        hits.update(wanted.find(text, where))
    for pages in (_poppler(content), _pypdf(content)):
        hits.update(wanted.find_in_pages(pages))
    hits.update(wanted.find_in_pages(_poppler(content, body_only=content)))
    parts: dict[str, set[str]] = {}
    for where, text in _walk(content, 0):
        parts.setdefault(where, set()).add(text)
    for where, texts in parts.items():
        hits.update(wanted.find(APART.join(sorted(texts)), where))
    return _once_per_place(hits)


def _once_per_place(hits: set[Hit]) -> list[Hit]:
    first: dict[tuple[str, str], Hit] = {}
    for hit in sorted(hits):
        first.setdefault((hit.name, hit.where), hit)
    return list(first.values())


# The readers


def _poppler(content: bytes, *, body_only: bytes | None = None) -> list[str]:
    command = ["pdftotext", "-raw", "-enc", "UTF-8"]
    if body_only is not None:
        width, height = _page_size(content)
        body = height - RUNNING_HEAD - RUNNING_FOOT
        command += ["-x", "0", "-y", str(RUNNING_HEAD), "-W", str(width), "-H", str(body)]
    try:
        done = subprocess.run(  # noqa: S603 (fixed arguments; the file comes by standard input)
            [*command, "-", "-"],
            input=content,
            capture_output=True,
            timeout=SECONDS_TO_READ,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScanError(f"The file's text could not be read: {error}") from error
    if done.returncode or done.stderr.strip():
        raise ScanError("The file's text could not be read without errors.")
    return done.stdout.decode("utf-8").removesuffix("\f").split("\f")


def _page_size(content: bytes) -> tuple[int, int]:
    try:
        with pikepdf.open(io.BytesIO(content)) as opened:
            box = opened.pages[0].mediabox
            return round(float(box[2]) - float(box[0])), round(float(box[3]) - float(box[1]))
    except Exception as error:
        raise ScanError(f"The file's pages could not be read: {error}") from error


def _pypdf(content: bytes) -> list[str]:
    complaints = _Complaints()
    logger = logging.getLogger("pypdf")
    logger.addHandler(complaints)
    try:
        pages = [
            page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content), strict=True).pages
        ]
    except Exception as error:
        raise ScanError(f"The file's text could not be read: {error}") from error
    finally:
        logger.removeHandler(complaints)
    if complaints.heard:
        raise ScanError(f"The file's text could not be read without errors: {complaints.heard[0]}")
    return pages


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


# What a part of the file is called, by the key that leads to it.
PLACES = {
    "/Alt": "alternative text",
    "/ActualText": "alternative text",
    "/E": "alternative text",
    "/T": "structure or form field",
    "/Contents": "annotation",
    "/URI": "link",
    "/JS": "script",
    "/Dest": "link",
    "/D": "link",
}


def _walk(content: bytes, depth: int) -> Iterator[tuple[str, str]]:
    """Every text in the file's objects, with where it is; then the raw bytes, for what no object
    owns.
    """
    if depth > MAX_NESTING:
        raise ScanError("The file holds files inside files too deep to read.")
    try:
        with pikepdf.open(io.BytesIO(content)) as opened:
            if opened.is_encrypted:
                raise ScanError("The file is encrypted.")
            for key, text in opened.docinfo.items():
                yield from _readings("metadata", str(key))
                yield from _readings(
                    "metadata", bytes(text) if isinstance(text, pikepdf.String) else str(text)
                )
            for found in opened.objects:
                yield from _object(found, _place(found), depth)
            yield from _object(opened.trailer, "metadata", depth)
    except ScanError:
        raise
    except Exception as error:
        raise ScanError(f"The file's objects could not be read: {error}") from error
    yield from _raw(content, depth)


def _place(found: pikepdf.Object) -> str:
    if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        return "inside the file"
    kind, subtype = found.get("/Type"), found.get("/Subtype")
    if kind == "/Metadata":
        return "metadata"
    if kind in ("/EmbeddedFile", "/Filespec"):
        return "attachment"
    if kind == "/Annot" or "/Rect" in found:
        return "annotation"
    if kind == "/OCG":
        return "layer"
    if "/Title" in found and ("/Parent" in found or "/Dest" in found or "/A" in found):
        return "bookmark"
    if kind == "/StructElem":
        return "structure"
    if subtype == "/Image":
        return "picture"
    return "inside the file"


def _object(found: object, where: str, depth: int) -> Iterator[tuple[str, str]]:
    # Indirect objects have their own turn in `pdf.objects`, so a reference is not followed.
    if isinstance(found, pikepdf.Stream):
        yield from _stream(found, where, depth)
    if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        for key, value in found.items():
            yield from _readings(where, key)
            if not (isinstance(value, pikepdf.Object) and value.is_indirect):
                yield from _object(value, PLACES.get(key, where), depth)
    elif isinstance(found, pikepdf.Array):
        for value in found:
            if not (isinstance(value, pikepdf.Object) and value.is_indirect):
                yield from _object(value, where, depth)
    elif isinstance(found, pikepdf.String):
        yield from _readings(where, str(found))
        yield from _readings(where, bytes(found))
    elif isinstance(found, pikepdf.Name | str):
        yield from _readings(where, str(found))


def _stream(stream: pikepdf.Stream, where: str, depth: int) -> Iterator[tuple[str, str]]:
    if stream.get("/Subtype") == "/Image":
        raise ScanError("The file holds a picture, and the scan cannot read pictures.")
    yield from _bytes(stream.read_bytes(), where, depth)


def _bytes(data: bytes, where: str, depth: int) -> Iterator[tuple[str, str]]:
    """A stream's content, opened as far as it opens."""
    yield from _readings(where, data)
    if data.startswith(b"%PDF"):
        for inner, text in [*_texts(data), *_walk(data, depth + 1)]:
            yield f"{where} ({inner})", text
    elif data.startswith(b"PK\x03\x04"):
        if depth >= MAX_NESTING:
            raise ScanError("The file holds files inside files too deep to read.")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from _readings(where, member)
                yield from _bytes(archive.read(member), where, depth + 1)
    elif data.startswith(b"\x1f\x8b"):
        if depth >= MAX_NESTING:
            raise ScanError("The file holds files inside files too deep to read.")
        yield from _bytes(gzip.decompress(data), where, depth + 1)


def _texts(content: bytes) -> Iterator[tuple[str, str]]:
    for pages in (_poppler(content), _pypdf(content)):
        for number, text in enumerate(pages, 1):
            yield f"page {number}", text


STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)


def _raw(content: bytes, depth: int) -> Iterator[tuple[str, str]]:
    # Objects that an update replaced are still in the file, though no reader shows them.
    yield from _readings("inside the file", STREAM.sub(b" ", content))
    for data in STREAM.findall(content):
        try:
            yield from _readings("inside the file", zlib.decompressobj().decompress(data))
        except zlib.error:
            yield from _readings("inside the file", data)


IN_A_NAME = re.compile(r"#([0-9A-Fa-f]{2})")  # how a PDF name escapes a space


def _readings(where: str, data: bytes | str) -> Iterator[tuple[str, str]]:
    """The ways in which a string may be meant: its encodings, and with URL and XML escapes
    undone.
    """
    texts = {data} if isinstance(data, str) else _decoded(data)
    for text in texts:
        yield where, text
        for undone in (html.unescape(unquote(text)), unquote(IN_A_NAME.sub(r"%\1", text))):
            if undone != text:
                yield where, undone


RUN_OF_TEXT = re.compile(r"[\x20-\x7e\u00a0-\u024f\u2010-\u2027]{5,}")


def _decoded(data: bytes) -> set[str]:
    texts = {data.decode("latin-1"), data.decode("utf-8", errors="ignore")}
    if b"\0" in data:
        # At both alignments, since the text may begin anywhere in a longer run of bytes.
        for encoding in ("utf-16-be", "utf-16-le"):
            texts.update(data[skip:].decode(encoding, errors="ignore") for skip in (0, 1))
    controls = sum(
        data.count(code) for code in (b"\1", b"\2", b"\3", b"\4", b"\5", b"\6", b"\x10", b"\x11")
    )
    if controls * 100 > len(data) or b"\0" in data:
        # A font or a colour profile: among random bytes a short name would stand by chance.
        return {APART.join(RUN_OF_TEXT.findall(text)) for text in texts}
    return texts
