"""What can be printed, and what stands for the rest.

DejaVu Sans, pinned in the folder `dejavu`, draws Latin, Greek, Cyrillic, Armenian, Georgian,
Hebrew, Arabic, arrows, mathematics and most symbols. A letter that it lacks is printed as its plain
form where it has one, a sign as its name in brackets, and anything else as a box, so that no text
that may be entered keeps a file from being made. The record keeps what was entered.
"""

import io
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from fontTools import agl
from fontTools.ttLib import TTFont

from documents import text as door

FILE = Path(__file__).parent / "dejavu" / "DejaVuSans.ttf"
BOX = "\N{WHITE VERTICAL RECTANGLE}"
BOX_EXPLAINED = f"{BOX} stands for a letter or sign that this file cannot show."
# The shades of skin: they change the emoji before them, and say nothing alone.
SHADES = range(0x1F3FB, 0x1F400)
# A template's own: where a word may be divided, and where it must not.
KEPT = "\n\t\r\N{SOFT HYPHEN}\N{NO-BREAK SPACE}\N{ZERO WIDTH NON-JOINER}"
# PDF/A-3a asks for a text beside every letter of private use, since it means nothing elsewhere.
PRIVATE_USE = "Co"
NEVER_DRAWN = (PRIVATE_USE, "Cn", "Cc", "Cf", "Cs", "Zl", "Zp")


@cache
def _drawn() -> frozenset[int]:
    """The code points that the fallback font has a glyph for, and a meaning."""
    with TTFont(FILE, lazy=True) as font:
        return frozenset(
            code
            for code in font.getBestCmap()
            if unicodedata.category(chr(code)) not in NEVER_DRAWN and not door.is_invisible(code)
        )


def is_drawn(text: str) -> bool:
    """Whether the fonts have a glyph for every letter of it."""
    return all(letter in KEPT or ord(letter) in _drawn() for letter in text)


def printable(text: str) -> str:
    """The text as it is printed: every letter one that the fonts have."""
    if text.isascii() and text.isprintable():
        return text
    return door.composed(text).translate(_PRINTED)


class _Printed(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = found = _stand_in(chr(code))
        return found


_PRINTED = _Printed()


def _stand_in(letter: str) -> str:
    code = ord(letter)
    if is_drawn(letter):
        return letter
    if letter in door.LINE_ENDS:
        return " "
    if code in door.BULLETS:
        return door.BULLETS[code]
    category = unicodedata.category(letter)
    if door.is_invisible(code) or category == "Cc" or code in SHADES:
        return ""
    for form in _plainer(letter):
        if form.strip() and is_drawn(form):
            return form
    if category[0] in "SP" and (name := unicodedata.name(letter, "")):
        return f"[{name.lower()}]"
    return BOX


def _plainer(letter: str) -> list[str]:
    """Other ways to write the letter, the nearest first: composed, taken apart, in the other
    case.
    """
    return [
        unicodedata.normalize("NFKC", letter),
        unicodedata.normalize("NFKD", letter),
        letter.lower(),
    ]


# From a glyph back to its letters: what a screen reader says, and what the disclosure scan reads.

# Marks of DejaVu Sans over capitals, whose names say no letter.
MARKS_OVER_CAPITALS = {
    "Acute": "\u0301",
    "Breve": "\u0306",
    "Caron": "\u030c",
    "Circumflex": "\u0302",
    "Dieresis": "\u0308",
    "Dotaccent": "\u0307",
    "Doublegrave": "\u030f",
    "Grave": "\u0300",
    "Hungarumlaut": "\u030b",
    "Ringabove": "\u030a",
    "Tilde": "\u0303",
    "dlLtcaron": "\u030c",
}
# Letters of a form that depends on their neighbours, and ligatures, each a code point of its own.
FORMS = (range(0xFB00, 0xFB07), range(0xFB50, 0xFE00), range(0xFE70, 0xFEFF))


@dataclass(frozen=True)
class Face:
    """A font file's own account of its glyphs."""

    encoded: dict[int, str]  # glyph -> the letters that lead to it
    names: list[str]

    @staticmethod
    @lru_cache(8)
    def of(content: bytes) -> "Face":
        """The face of a font file."""
        with TTFont(io.BytesIO(content), lazy=True) as font:
            names = font.getGlyphOrder()
            numbers = {name: number for number, name in enumerate(names)}
            encoded: dict[int, str] = {}
            for code, name in sorted(font.getBestCmap().items()):
                if unicodedata.category(chr(code)) != PRIVATE_USE:
                    encoded[numbers[name]] = encoded.get(numbers[name], "") + chr(code)
            return Face(encoded, names)

    def text_of(self, glyph: int, seen: str) -> str:
        """The letters of a glyph. `seen` are those of the cluster in which it first stood: of
        several glyphs WeasyPrint gives all of these to the last, and none to the others.
        """
        own = self.encoded.get(glyph, "")
        if own:
            for letter in own:
                if _plain(letter) == _plain(seen) and not door.is_invisible(ord(letter)):
                    return seen
            return _formless(own[0])
        name = self.names[glyph] if glyph < len(self.names) else ""
        named = MARKS_OVER_CAPITALS.get(name) or agl.toUnicode(name)
        if named and not any(unicodedata.category(letter) == PRIVATE_USE for letter in named):
            return "".join(map(_formless, named))
        marks = [each for each in unicodedata.normalize("NFD", seen) if unicodedata.combining(each)]
        return "".join(marks) or seen or door.UNREADABLE


def _plain(letters: str) -> str:
    return unicodedata.normalize("NFKC", letters)


def _formless(letter: str) -> str:
    return _plain(letter) if any(ord(letter) in each for each in FORMS) else letter
