"""The one door for text: what a form, a device, a file, another council's system or a command
brings passes here before it is compared or stored.

Two texts that look alike are then the same letters (Unicode's composed form, NFC), nothing that
nobody can see stands in them, and their length is bounded. What is printed passes
`documents.glyphs` besides.
"""

import re
import unicodedata

# The longest text of a field that names no length of its own, in characters (code points).
LONGEST = 20_000
# Unicode's Stream-Safe Text Format allows so many marks on one letter; no language needs more, and
# putting a longer run in order would take time that grows with its square.
MOST_MARKS = 30

NEW_LINE = "\n"
UNREADABLE = "\N{REPLACEMENT CHARACTER}"

# Unicode's Default_Ignorable_Code_Point, which Python's tables do not carry, and the three marks
# of interlinear notes.
INVISIBLE = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
# Two of them shape what stands on either side, in the scripts below and in emoji: between letters
# of those they stay.
JOINERS = re.compile("[\u200c\u200d]+")
JOINABLE = re.compile("[\u0600-\u0fff\u1000-\u10ff\u1780-\u1cff\u2190-\u2bff\U0001f000-\U0001faff]")
LINE_ENDS = "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"

# Word's lists bring their bullets from two fonts of pictures, as letters that have no meaning
# elsewhere. Microsoft's Symbol and Wingdings; the two clash at none of these in Word's own list.
BULLETS = {
    0xF0B7: "\N{BULLET}",
    0xF06C: "\N{BLACK CIRCLE}",
    0xF06E: "\N{BLACK SQUARE}",
    0xF06F: "\N{WHITE SQUARE}",
    0xF076: "\N{BLACK DIAMOND MINUS WHITE X}",
    0xF0A7: "\N{BLACK SMALL SQUARE}",
    0xF0A8: "\N{WHITE MEDIUM SQUARE}",
    0xF0D8: "\N{THREE-D TOP-LIGHTED RIGHTWARDS ARROWHEAD}",
    0xF0E0: "\N{RIGHTWARDS ARROW}",
    0xF0FC: "\N{CHECK MARK}",
    0xF0FD: "\N{BALLOT BOX WITH X}",
    0xF0FE: "\N{BALLOT BOX WITH CHECK}",
}


def is_invisible(code: int) -> bool:
    """Whether a code point draws nothing and moves nothing: no reader could know that it is
    there.
    """
    return any(first <= code <= last for first, last in INVISIBLE)


class _Letters(dict[int, str]):
    """What each code point becomes, found out once."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _becomes(code)
        return found


def _becomes(code: int) -> str:
    letter = chr(code)
    if letter in "\n\t\u200c\u200d":
        return letter
    if letter in LINE_ENDS:
        return NEW_LINE
    if code in BULLETS:
        return BULLETS[code]
    if is_invisible(code):
        return ""
    match unicodedata.category(letter):
        case "Cc":
            return ""
        case "Zs":
            return " "
        case "Cs":
            return UNREADABLE  # half of a pair: no database and no file can hold it
        case "Cn" if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
            return UNREADABLE  # never a letter, and refused by XML
    return letter


_LETTERS = _Letters()


def clean(text: str) -> str:
    """The text as it may be compared and stored: composed (NFC), lines ended by a line feed, every
    kind of blank a plain one, controls and invisible letters gone. Cleaning it again changes
    nothing.
    """
    if text.isascii() and text.isprintable():
        return text  # all that most of a million cells need
    text = text.replace("\r\n", NEW_LINE).translate(_LETTERS)
    if text.isascii():
        return text
    return composed(JOINERS.sub(_joiner_between, text))


def composed(text: str) -> str:
    """Each letter with its marks as one, where Unicode has it: "â" however it was typed."""
    if any(map(unicodedata.combining, text)):
        text = "".join(_few_marks(text))
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """The same for what stands in one line: a name, an address, a cell. Line ends and tabs become
    blanks, and none stands at either end.
    """
    if not (text.isascii() and text.isprintable()):
        text = clean(text).replace(NEW_LINE, " ").replace("\t", " ")
    return text.strip()


def _joiner_between(found: re.Match[str]) -> str:
    whole, start, end = found.string, found.start(), found.end()
    within = start > 0 and JOINABLE.match(whole, start - 1) and JOINABLE.match(whole, end)
    return found[0][-1] if within else ""


def _few_marks(text: str) -> list[str]:
    kept, marks = [], 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return kept
