"""Files as the programs that people use write them, and as no program should."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

CASES = Path(__file__).resolve().parent.parent / "data" / "files"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
SLIDESHOW = "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml"
WORD_WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" rb"-ANTIVIRUS-TEST-FILE!$H+H*"


def case(name: str) -> bytes:
    return (CASES / name).read_bytes()


def picture(image: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def photograph(size: tuple[int, int] = (40, 20), **more: Any) -> bytes:
    """As a camera makes it: with its owner, the place and a comment."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of Person Q"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (52.0, 57.0, 0.0)
    for tag, value in more.items():
        exif[int(tag[1:], 16)] = value
    image = Image.new("RGB", size, "teal")
    return picture(image, "JPEG", exif=exif, comment=b"made at 12 Elm Road")


def png(width: int, height: int, depth: int, colour: int, rows: bytes, key: bytes = b"") -> bytes:
    """A PNG by its parts: of kinds that no library of ours writes."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = [(b"IHDR", header), *([(b"tRNS", key)] if key else [])]
    chunks += [(b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def grey_of_16_bits(values: list[int], key: int | None = None) -> bytes:
    """One row of these values."""
    rows = b"\0" + struct.pack(f">{len(values)}H", *values)
    return png(len(values), 1, 16, 0, rows, b"" if key is None else struct.pack(">H", key))


def package(members: Mapping[str, str | bytes], *, stored_first: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, held) in enumerate(members.items()):
            method = zipfile.ZIP_STORED if stored_first and not number else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), held, method)
    return out.getvalue()


def office(main: str = WORD, part: str = "word/document.xml", *more: str, types: str = "") -> bytes:
    """A Word, Excel or PowerPoint file: what it is stands in its list of types."""
    said = types or (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{part}" ContentType="{main}"/></Types>'
    )
    members: dict[str, str | bytes] = {"[Content_Types].xml": said, part: "<x/>"}
    return package(members | dict.fromkeys(more, "<x/>"))


def open_document(kind: str, *more: str) -> bytes:
    """As LibreOffice writes it: the type comes first, not packed."""
    members: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": "<x/>",
        "META-INF/manifest.xml": "<x/>",
    }
    return package(members | dict.fromkeys(more, "<x/>"), stored_first=True)


FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR, ENTRY = 512, 128
STREAM, STORAGE, ROOT = 2, 1, 5


def compound(tree: Mapping[str, Any]) -> bytes:
    """A compound file (Word 97, Outlook): bytes are streams, mappings are storages."""
    sectors: list[bytes] = []
    after: list[int] = []
    entries: list[list[Any]] = [["Root Entry", ROOT, FREE, FREE, END, 0]]

    def chain(data: bytes) -> int:
        start = len(sectors)
        pieces = [data[at : at + SECTOR] for at in range(0, len(data), SECTOR)]
        sectors.extend(piece.ljust(SECTOR, b"\0") for piece in pieces)
        after.extend([*range(start + 1, start + len(pieces)), END])
        return start

    def add(inside: Mapping[str, Any]) -> int:
        first, last = FREE, -1
        for name, held in inside.items():
            number = len(entries)
            entries.append([name, STREAM, FREE, FREE, END, 0])
            if isinstance(held, bytes):
                # Short streams would lie in a stream of their own: none is short here.
                held = held.ljust(4096, b"\0")
                entries[number][4:] = [chain(held), len(held)]
            else:
                entries[number][1:5] = [STORAGE, FREE, add(held), 0]
            if last < 0:
                first = number
            else:
                entries[last][2] = number
            last = number
        return first

    entries[0][3] = add(tree)
    directory = b"".join(
        (encoded := name.encode("utf-16-le")).ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded) + 2, kind, 1, FREE, right, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
        for name, kind, right, child, start, size in entries
    )
    filled = -len(entries) % (SECTOR // ENTRY)
    directory_at = chain(
        directory + (b"\0" * 68 + struct.pack("<III", FREE, FREE, FREE) + b"\0" * 48) * filled
    )
    tables = 1
    while tables * SECTOR // 4 < len(sectors) + tables:
        tables += 1
    first = len(sectors)
    after += [TABLE] * tables
    after += [FREE] * (tables * SECTOR // 4 - len(after))
    packed = struct.pack(f"<{len(after)}I", *after)
    sectors += [packed[at : at + SECTOR] for at in range(0, len(packed), SECTOR)]
    named = [first + number for number in range(tables)] + [FREE] * (109 - tables)
    header = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + b"\0" * 16
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + b"\0" * 6
        + struct.pack("<IIIIIIIII", 0, tables, directory_at, 0, 4096, END, 0, END, 0)
        + struct.pack("<109I", *named)
    )
    return header + b"".join(sectors)


def message(**streams: Any) -> bytes:
    """A message as Outlook saves it."""
    return compound(
        {
            "__nameid_version1.0": {"__substg1.0_00020102": b"x"},
            "__substg1.0_0037001F": "Rota for next week".encode("utf-16-le"),
            **streams,
            "__properties_version1.0": b"x",
        }
    )


EMAIL = (
    b"Received: from mail.example.test\r\n by mx.example.test; Mon, 2 Nov 2026 09:00:00 +0000\r\n"
    b"From: manager@example.test\r\nTo: quality@exampleshire.test\r\nSubject: Our rota\r\n"
    b"Date: Mon, 2 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: text/html; charset="windows-1252"\r\n\r\n<html><p>The rota is attached\x85</p>'
)
WEB_ARCHIVE = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.test/\r\n"
    b"Subject: A page\r\nMIME-Version: 1.0\r\n\r\n<html></html>"
)
SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
HTML = b"\xef\xbb\xbf\n<!DOCTYPE html><html><body onload='alert(1)'>Hello</body></html>"


def taken() -> dict[str, tuple[str, bytes]]:
    """Files of every kind that is taken, by their names: its kind, and its bytes."""
    return {
        "photograph.jpg": ("jpeg", photograph()),
        "screenshot.png": ("png", picture(Image.new("RGB", (9, 9), "teal"))),
        "from-the-web.webp": ("webp", picture(Image.new("RGB", (9, 9), "teal"), "WEBP")),
        "IMG_0001.HEIC": ("heic", case("turned.heic")),
        "policy.pdf": ("pdf", b"%PDF-1.7\n..."),
        "scan after a mark.pdf": ("pdf", b"\xef\xbb\xbf\r\n%PDF-1.4\n\x00..."),
        "word.docx": ("docx", office()),
        "word-online.docx": ("docx", case("word-online-document2.docx")),
        "backslashes.docx": ("docx", office(WORD, "word\\document.xml")),
        "single-quotes.docx": (
            "docx",
            office(
                types=f"<Types><Override PartName='/word/document.xml' ContentType = '{WORD}'/>"
            ),
        ),
        "excel.xlsx": ("xlsx", office(EXCEL, "xl/workbook.xml")),
        "training.pptx": ("pptx", office(POWERPOINT, "ppt/presentation.xml")),
        "training.ppsx": ("ppsx", office(SLIDESHOW, "ppt/presentation.xml")),
        "libre.odt": ("odt", open_document("text")),
        "libre.ods": ("ods", open_document("spreadsheet", "Basic/Standard/script-lb.xml")),
        "libre.odp": ("odp", open_document("presentation")),
        "old.doc": ("doc", compound({"WordDocument": b"x", "1Table": b"x"})),
        "old.xls": ("xls", compound({"Workbook": b"x"})),
        "older.xls": ("xls", compound({"Book": b"x"})),
        "old.ppt": ("ppt", compound({"PowerPoint Document": b"x"})),
        "outlook.msg": ("msg", message()),
        "outlook with a Word file that has macros.msg": (
            "msg",
            message(
                **{
                    "__attach_version1.0_#00000000": {
                        "__substg1.0_37010102": compound({"WordDocument": b"x", "Macros": {}})
                    }
                }
            ),
        ),
        "large.doc": ("doc", compound({"WordDocument": b"x" * 1_000_000})),
        "mail.eml": ("eml", EMAIL),
        "mail without a suffix": ("eml", EMAIL),
        "from a mailbox.eml": ("eml", b"From manager@example.test Mon Nov  2 2026\r\n" + EMAIL),
        "notes.txt": ("text", "Rota für Montag: 08–16\r\n".encode()),
        "ansi.txt": ("text", "Mrs O’Brien’s café – £5\r\n".encode("windows-1252")),
        "notepad.txt": ("text", b"\xff\xfe" + "Llŷn: 3 × 2".encode("utf-16-le")),
        "from-a-mac.txt": ("text", b"\xfe\xff" + "Llŷn".encode("utf-16-be")),
        "dos.txt": ("text", b"The end.\r\n\x1a"),
        "MZ.txt": ("text", b"MZ Home Care, 3 staff"),
        "rota.csv": ("text", b"Day,Staff\r\nMonday,3\r\n"),
        "a mail copied.txt": ("text", b"From: A\r\nTo: B\r\nSubject: C\r\n\r\nHello"),
        "less than.txt": ("text", b"a < b, and <please> see below"),
    }


def refused() -> dict[str, tuple[str, bytes]]:
    """Files that are not taken, by their names: the refusal in the list, and their bytes."""
    wide_html = b"\xff\xfe" + "Hello <script>x</script>".encode("utf-16-le")
    return {
        "empty.pdf": ("empty", b""),
        "program.pdf": ("program", b"MZ\x90\x00\x03" + b"\x00" * 60),
        "program.txt": ("program", b"\x7fELF\x02\x01\x00"),
        "shortcut.lnk": ("program", bytes.fromhex("4c0000000114020000000000c0000000")),
        "run.bat": ("program", b"@echo off\r\ndel *.*\r\n"),
        "run.ps1": ("program", b"Remove-Item *"),
        "drawing.svg": ("markup", SVG),
        "drawing.txt": ("markup", SVG),
        "page.html": ("markup", HTML),
        "page.txt": ("markup", HTML),
        "page-later.txt": ("markup", b"Hello\n\n<SCRIPT >x</SCRIPT>"),
        "page-wide.txt": ("markup", wide_html),
        "plain.html": ("markup", b"Hello"),
        "page.mht": ("markup", WEB_ARCHIVE),
        "page.eml": ("markup", WEB_ARCHIVE),
        "letter.rtf": ("rich_text", rb"{\rtf1\ansi Hello}"),
        "macros.docm": ("macros", office(WORD_WITH_MACROS)),
        "macros.docx": ("macros", office(WORD, "word/document.xml", "word/vbaProject.bin")),
        "macros.xlsx": ("macros", office(EXCEL, "xl/workbook.xml", "xl\\VBAPROJECT.bin")),
        "macros.ods": ("macros", open_document("spreadsheet", "Basic/Standard/Module1.xml")),
        "macros.odt": ("macros", open_document("text", "Scripts/python/a.py")),
        "macros.doc": ("macros", compound({"Macros": {"VBA": {}}, "WordDocument": b"x"})),
        "macros.xls": ("macros", compound({"Workbook": b"x", "_VBA_PROJECT_CUR": {}})),
        "locked.docx": (
            "password",
            compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x" * 5000}),
        ),
        "setup.msi": ("unknown", compound({"!SummaryInformation": b"x"})),
        "photographs.zip": ("archive", package({"a.jpg": b"x"})),
        "book.odt": ("archive", package({"mimetype": "application/epub+zip"}, stored_first=True)),
        "photographs.7z": ("archive", bytes.fromhex("377abcaf271c0004")),
        "photographs.rar": ("archive", b"Rar!\x1a\x07\x01\x00"),
        "cut.docx": ("damaged", office()[:120]),
        "cut.odt": ("damaged", open_document("text")[:60]),
        "cut.doc": ("damaged", compound({"WordDocument": b"x"})[:600]),
        "scan.tif": ("picture", b"II*\x00\x08\x00\x00\x00"),
        "drawn.gif": ("picture", picture(Image.new("P", (9, 9)), "GIF")),
        "drawn.bmp": ("picture", picture(Image.new("RGB", (9, 9)), "BMP")),
        "film.mp4": ("film", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"),
        "film.mov": ("film", b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00"),
        "voice.mp3": ("sound", b"ID3\x03\x00\x00\x00"),
        "noise.bin": ("unknown", bytes(range(256))),
        "noise": ("unknown", b"\x81\x8d\x8f\x90\x9d"),
        "half a letter.txt": ("unknown", b"\xff\xfea"),
    }


def damaged_package() -> bytes:
    """An OpenDocument file whose type is damaged inside its packing: it once was a 500."""
    members: dict[str, str | bytes] = {"mimetype": "application/vnd.oasis.opendocument.text"}
    whole = bytearray(package(members))
    at = whole.index(b"mimetype") + len(b"mimetype")
    whole[at : at + 10] = b"\xff" * 10
    return bytes(whole)
