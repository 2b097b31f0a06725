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
    "a photograph (JPEG, PNG or WebP), a PDF, a Word or Excel file, an OpenDocument file or plain"
    " text"
)


@dataclass(frozen=True)
class Contents:
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
        raise NotAllowed("empty-file", "The file is empty.", "file")
    if len(data) > MOST_BYTES:
        raise NotAllowed(
            "file-too-large",
            f"The file has {len(data) / 1024 / 1024:.0f} MB; it may have 10 MB at most.",
            "file",
        )
    if (image := _image(data)) is not None:
        return Contents(AttachmentKind.PHOTOGRAPH, _named(name, ".jpg"), "image/jpeg", image)
    suffix, content_type = _document(data)
    return Contents(AttachmentKind.DOCUMENT, _named(name, suffix), content_type, data)


def _image(data: bytes) -> bytes | None:
    """The picture drawn anew: no place, no camera, no thumbnail, nothing that was hidden in the
    file. None if it is not a picture.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=IMAGE_FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise NotAllowed(
                        "photograph-too-large",
                        "The photograph is too large. Take it with fewer pixels.",
                        "file",
                    )
                turned = ImageOps.exif_transpose(image).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise NotAllowed(
            "photograph-too-large",
            "The photograph is too large. Take it with fewer pixels.",
            "file",
        ) from bomb
    except UnidentifiedImageError:
        return None
    except (OSError, SyntaxError, ValueError) as broken:
        raise NotAllowed(
            "photograph-damaged", "The photograph is damaged and cannot be read.", "file"
        ) from broken
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
    raise NotAllowed("kind-not-taken", f"This file cannot be taken. Add {TAKEN}.", "file")


def _office(data: bytes) -> tuple[str, str] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if any(name.endswith("vbaProject.bin") for name in names):
                raise NotAllowed(
                    "holds-macros",
                    "This file holds macros. Save it without them and add it again.",
                    "file",
                )
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
