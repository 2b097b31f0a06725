"""What a file really is, by what it holds and not by what it is called; photographs come out
without anything but the picture.
"""

import io
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from PIL import Image, ImageOps, UnidentifiedImageError

from audits.models import AttachmentKind
from core.workflow import NotAllowed

MOST_BYTES = 10 * 1024 * 1024
MOST_IN_WORDS = "10 MB"
TOO_LARGE = f"The file must be {MOST_IN_WORDS} or smaller"
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2000
IMAGE_FORMATS = ("JPEG", "PNG", "WEBP")
OFFICE = {
    "word/document.xml": (
        ".docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xl/workbook.xml": (
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}
TAKEN = (
    "a photograph (JPEG, PNG or WebP), a PDF, a Word or Excel file, an OpenDocument file or a plain"
    " text file"
)
# Said where the picture is measured before it is read, and where reading it finds it out.
TOO_MANY_PIXELS = "The photograph is too large. Take it again at a lower resolution."


@dataclass(frozen=True)
class Contents:
    """A file as it is kept: its kind and type by what it holds, its name made safe."""

    kind: AttachmentKind
    name: str
    content_type: str
    data: bytes


def read(data: bytes, name: str) -> Contents:
    """The file as it may be kept.

    Raises `NotAllowed`: `empty-file`, `file-too-large`, `photograph-too-large`,
    `photograph-damaged`, `holds-macros` or `kind-not-taken`.
    """
    if not data:
        raise NotAllowed("empty-file", "The file is empty. Choose another file.", "file")
    if len(data) > MOST_BYTES:
        raise NotAllowed("file-too-large", f"{TOO_LARGE}.", "file")
    if (image := _image(data)) is not None:
        return Contents(AttachmentKind.PHOTOGRAPH, _named(name, ".jpg"), "image/jpeg", image)
    suffix, content_type = _document(data)
    return Contents(AttachmentKind.DOCUMENT, _named(name, suffix), content_type, data)


def _image(data: bytes) -> bytes | None:
    """The picture drawn anew: no place, no camera, no thumbnail, nothing that was hidden in the
    file. None if it is not a picture.
    """
    try:
        # Measured before it is drawn: a small file may unfold to more pixels than the memory holds.
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=IMAGE_FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise NotAllowed("photograph-too-large", TOO_MANY_PIXELS, "file")
                turned = ImageOps.exif_transpose(image).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise NotAllowed("photograph-too-large", TOO_MANY_PIXELS, "file") from bomb
    except UnidentifiedImageError:
        # It may be a document; that is judged next.
        return None
    except (OSError, SyntaxError, ValueError) as broken:
        raise NotAllowed(
            "photograph-damaged",
            "The photograph is damaged and we cannot read it. Take it again.",
            "file",
        ) from broken
    # Drawn from its pixels alone: what a camera adds (place, owner, thumbnail) has no way over.
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.frombytes("RGB", turned.size, turned.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _document(data: bytes) -> tuple[str, str]:
    if data[:5] == b"%PDF-":
        return ".pdf", "application/pdf"
    if data[:4] == b"PK\x03\x04" and (found := _office(data)):
        return found
    if _is_plain_text(data):
        return ".txt", "text/plain; charset=utf-8"
    raise NotAllowed("kind-not-taken", f"We cannot take this kind of file. Add {TAKEN}.", "file")


def _office(data: bytes) -> tuple[str, str] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            # A document is opened by colleagues: nothing in it may run.
            if any(name.endswith("vbaProject.bin") for name in names):
                raise NotAllowed(
                    "holds-macros",
                    "This file contains macros. Save it without macros, then add it again.",
                    "file",
                )
            # Only a short one is read: a member may unfold to any size.
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                content_type = archive.read("mimetype").decode("ascii", "replace").strip()
                if suffix := OPEN_DOCUMENT.get(content_type):
                    return suffix, content_type
    except (zipfile.BadZipFile, RuntimeError, ValueError):
        return None
    return next((found for part, found in OFFICE.items() if part in names), None)


def _is_plain_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(character >= " " or character in "\r\n\t\f" for character in text)


def _named(name: str, suffix: str) -> str:
    """A safe name that ends as what the file is."""
    stem = PurePath(name.replace("\\", "/")).stem
    kept = "".join(c if c.isalnum() or c in " -_.()" else "_" for c in stem).strip(" .")[:100]
    return f"{kept or 'file'}{suffix}"
