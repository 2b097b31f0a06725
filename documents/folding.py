"""The one folding of names and words: what spelling, accents, case, spaces and signs leave of
them.
"""

import re
import unicodedata
from functools import lru_cache


def plain(text: str) -> str:
    """Letters and digits as any reader would take them: no ligatures, accents or case; "&" read as
    "and".
    """
    text = text.replace("&", " and ")
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    # Marks that are set on letters, and signs that nobody sees, such as a soft hyphen.
    return "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf")).casefold()


# The words of CQC's files are few, and asked for hundreds of thousands of times.
@lru_cache(4_096)
def letters_and_digits(text: str) -> str:
    """The letters and digits alone, so that spelling variants meet."""
    folded = plain(text)
    if folded.isascii():
        return re.sub(r"[^a-z0-9]", "", folded)
    return "".join(c for c in folded if c.isalnum())
