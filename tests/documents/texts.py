"""Texts as people, programs and attackers send them, to be drawn by Hypothesis."""

import unicodedata
from pathlib import Path

from hypothesis import strategies as st

CASES = Path(__file__).parent.parent / "data" / "text" / "text-that-stops-the-pdf.txt"
# What stops, hides or doubles a text somewhere: each kind once.
ODD = [
    "\N{CHECK MARK}",
    "\N{SUBSCRIPT TWO}",
    "\N{BALLOT BOX}",
    "\N{RIGHTWARDS ARROW}",
    "\uf0b7",  # a bullet of Word's Symbol font
    "\ue000",  # private use, of no meaning
    "a\N{COMBINING CIRCUMFLEX ACCENT}",
    "x\N{COMBINING CIRCUMFLEX ACCENT}",  # which Unicode has no single letter for
    "\N{LATIN SMALL LETTER E WITH DOT BELOW}\N{COMBINING GRAVE ACCENT}",  # Yoruba
    "Q\N{COMBINING DIAERESIS}",
    "\N{COMBINING ACUTE ACCENT}" * 40,
    "\N{GRINNING FACE}",
    "\N{WATCH}\ufe0f",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{STAFF OF AESCULAPIUS}\ufe0f",
    "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}",
    "\N{REGIONAL INDICATOR SYMBOL LETTER G}\N{REGIONAL INDICATOR SYMBOL LETTER B}",
    "養老院",
    "हिन्दी",
    "می\N{ZERO WIDTH NON-JOINER}خواهم",
    "בְּרֵאשִׁית",
    "საქართველო",
    "\N{MATHEMATICAL BOLD CAPITAL H}",
    "\N{FULLWIDTH LESS-THAN SIGN}b\N{FULLWIDTH GREATER-THAN SIGN}",
    "\N{ZERO WIDTH SPACE}",
    "\N{SOFT HYPHEN}",
    "\N{RIGHT-TO-LEFT OVERRIDE}",
    "\N{ZERO WIDTH NO-BREAK SPACE}",
    "\N{HANGUL FILLER}",
    "\U000e0041",  # a tag, as flags are written with
    "\N{NO-BREAK SPACE}",
    "\N{IDEOGRAPHIC SPACE}",
    "\v",
    "\f",
    "\r",
    "\x85",
    "\N{LINE SEPARATOR}",
    "\x00",
    "\x1b",
    "\x7f",
    "\ufffe",
    "\ud83d",  # half of an emoji
    "\U0010ffff",
    "<&\"'>",
    "{{ paper }} {% x %} %s {0}",
    "=cmd|' /C calc'!A0",
]
LETTERS = st.characters(exclude_categories=[])  # halves of pairs too


def texts(longest: int = 60) -> st.SearchStrategy[str]:
    """Any text: of any letters, of the odd ones, and of both among ordinary words."""
    pieces = st.one_of(
        st.text(LETTERS, max_size=8),
        st.sampled_from(ODD),
        st.sampled_from(["Medicines", " ", "missed", "\n", "x", "\t", "W" * 30]),
    )
    return st.lists(pieces, max_size=10).map("".join).map(lambda text: text[:longest])


def cases() -> list[str]:
    """The lines of the case file, without the first, which says how to use them."""
    # Not splitlines(), for which a vertical tab ends a line.
    return CASES.read_text(encoding="utf-8").rstrip("\n").split("\n")[1:]


def letters_of(text: str) -> list[str]:
    """Its letters and digits, in order of code points: what can be read, wherever it stands."""
    return sorted(letter for letter in unicodedata.normalize("NFKD", text) if letter.isalnum())
