"""Which passwords are too easy to guess."""

import math
import re
from typing import Any

from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from core.models import User
from core.own_words import own_words, plain

# How many guesses a password must take, as powers of ten: about those of three words that have
# nothing to do with each other. Guessers are let on by the hundred a day (core/guessing). One that
# is made with words of the council's own must be harder, since zxcvbn cannot know how likely they
# are to be tried together.
LEAST = 8.0
LEAST_WITH_OWN_WORDS = 9.0
LONGEST_MEASURED = 72  # what follows could only make a password harder
SWAPPED = str.maketrans("01345789@$!|+", "oieastbgasiit")
ADVICE = "Three words that have nothing to do with each other work well."


class HardToGuessValidator:
    """Refuses what is made of common passwords, of the council's and the person's own words, of
    rows of keys, dates and repetition, however it is decorated. Measured by `zxcvbn`.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raises `ValidationError`: `password_own_word` or `password_easy`."""
        person = user if isinstance(user, User) else None
        measured = plain(password)[:LONGEST_MEASURED]
        found = _contained(measured, own_words(person))
        guesses, used = _guesses_log10(measured, found)
        if guesses >= (LEAST_WITH_OWN_WORDS if used else LEAST):
            return
        if used:
            words = " and ".join(f"“{word}”" for word in sorted(used)[:3])
            raise ValidationError(
                f"Choose a password that is harder to guess: people here would try {words}."
                f" {ADVICE}",
                code="password_own_word",
            )
        raise ValidationError(
            f"Choose a password that is harder to guess: others would soon try this one. {ADVICE}",
            code="password_easy",
        )

    def get_help_text(self) -> str:
        """What a page says before a password is chosen."""
        return f"{ADVICE} Do not use names of people, places or services that you work with."


def _contained(password: str, words: set[str]) -> list[str]:
    """The words that stand in a password, the longest first, whatever signs stand between their
    letters or in their letters' place.
    """
    lower = password.lower()
    looks = {
        re.sub(r"[\W_]", "", form)
        for form in (lower, lower.translate(SWAPPED), lower.replace("1", "l").translate(SWAPPED))
    }
    # A search for each of a few ten thousand words takes milliseconds.
    found = (word for word in words if any(word in look for look in looks))
    return sorted(found, key=lambda word: (-len(word), word))


def _guesses_log10(password: str, own: list[str]) -> tuple[float, set[str]]:
    """How many guesses a password takes, as a power of ten, and which of the own words it is made
    of.

    zxcvbn takes a sign between two words for a mystery: "name-2026" would be thought hard. So it is
    measured without its signs too, and each sign that is among them counts ten, however often.
    """
    letters = re.sub(r"[\W_]+", "", password)
    signs = len(set(re.findall(r"[\W_]", password)))
    guesses, used = _measure(password, own)
    if signs:
        bare, bare_used = _measure(letters, own) if letters else (0.0, set())
        if bare + signs < guesses:
            return bare + signs, bare_used
    return guesses, used


def _measure(text: str, own: list[str]) -> tuple[float, set[str]]:
    result = zxcvbn(text, user_inputs=own, max_length=LONGEST_MEASURED)
    used = {
        match["matched_word"]
        for match in result["sequence"]
        if match.get("dictionary_name") == "user_inputs"
    }
    return math.log10(max(result["guesses"], 1)), used
