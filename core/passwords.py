"""Which passwords are too easy to guess."""

import math
import re
from typing import Any

from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from core.models import User
from core.own_words import own_words, plain

# How many guesses a password must take, as a power of ten: those of three words that have nothing
# to do with each other. Guessers are let on by the hundred a day (core/guessing).
LEAST = 8.0
# What a word of the council's own adds to that: whoever guesses here tries those first.
OF_AN_OWN_WORD = 1.0
LONGEST_MEASURED = 72  # what follows could only make a password harder
# Figures and signs in the place of letters; a 1 is an i or an l.
SWAPS = tuple(
    str.maketrans("01345789@$!|+", letters)
    for letters in ("01345789@$!|+", "oieastbgasiit", "oleastbgasllt")
)
ADVICE = "Three words that have nothing to do with each other work well."
NOT_NAMES = "Do not use names of people, places or services that you work with."
# What a page says before a password is chosen; Django's validators say the rest when they refuse.
HINT = f"Use 12 characters or more. {ADVICE} {NOT_NAMES}"


class HardToGuessValidator:
    """Refuses what is made of common passwords, of the council's and the person's own words, of
    rows of keys, dates and repetition, however it is decorated. Measured by `zxcvbn`.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raises `ValidationError`: `password_own_word` or `password_easy`."""
        words = own_words(user if isinstance(user, User) else None)
        guesses, used = _guesses(plain(password)[:LONGEST_MEASURED], words)
        if guesses >= LEAST:
            return
        if used:
            named = " and ".join(f"“{word}”" for word in sorted(used)[:3])
            raise ValidationError(
                f"Choose a password that is harder to guess: people here would try {named}.",
                code="password_own_word",
            )
        raise ValidationError(
            "Choose a password that is harder to guess: others would soon try this one.",
            code="password_easy",
        )

    def get_help_text(self) -> str:
        """What is said of this rule alone."""
        return f"{ADVICE} {NOT_NAMES}"


def _guesses(password: str, words: set[str]) -> tuple[float, set[str]]:
    """How many guesses a password takes, as a power of ten, and which of the words it is made of:
    the easiest way to read it counts.
    """
    ways = [(_measure(password), set[str]()), _beside(password, password, set())]
    for swap in SWAPS:
        # Letter for letter, so that what is found in one is cut from the other.
        read = password.lower().translate(swap)
        if len(read) == len(password):
            ways.append(_beside(password, read, words))
    return min(ways, key=lambda way: way[0])


def _beside(password: str, read: str, words: set[str]) -> tuple[float, set[str]]:
    """How many guesses a password takes when it is read so: what stands in it beside the words.

    It is measured without its signs, since zxcvbn takes a sign between two words for a mystery:
    "name-2026" would be thought hard. Each sign that is among them counts ten, however often.
    """
    kept = [(sign, letter) for sign, letter in zip(password, read, strict=True) if _is_text(letter)]
    text = "".join(letter for _, letter in kept)
    cut: set[int] = set()
    used = set()
    # The longest first: of "thistledowncare" the word "thistledown" is no second one.
    for word in sorted((word for word in words if word in text), key=len, reverse=True):
        for found in re.finditer(re.escape(word), text):
            if not cut.intersection(range(*found.span())):
                cut.update(range(*found.span()))
                used.add(word)
    rest = "".join(sign for place, (sign, _) in enumerate(kept) if place not in cut)
    signs = {sign for sign in password if not _is_text(sign)}
    bare = "".join(filter(_is_text, rest))
    return _measure(bare) + len(signs) + len(used) * OF_AN_OWN_WORD, used


def _is_text(sign: str) -> bool:
    return sign.isalnum()


def _measure(text: str) -> float:
    if not text:
        return 0.0
    guesses = zxcvbn(text, max_length=LONGEST_MEASURED)["guesses"]
    return math.log10(max(guesses, 1))
