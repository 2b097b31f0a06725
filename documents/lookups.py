"""What may be asked of a stored key, or of a text that has none: a name in whatever spelling it is
typed.
"""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from core.models.keys import KeyField
from documents.folding import pattern, spellings


class _OfLetters(models.Lookup):
    """Compares the letters and digits of the key with each spelling of the text."""

    prepare_rhs = False
    sign = "="

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        key, parameters = self.process_lhs(compiler, connection)
        looked_for = [self.around(each) for each in spellings(str(self.rhs))]
        # The key's words stand apart, as the order of a list wants; "Elm Wood" is "Elmwood" here.
        return f"replace({key}, ' ', '') {self.sign} ANY(%s)", [*parameters, looked_for]

    def around(self, letters: str) -> str:
        """The letters as the comparison takes them."""
        return letters


@KeyField.register_lookup
class Holds(_OfLetters):
    """`name_key__holds="O'Brien"`: that the name has that in it."""

    lookup_name = "holds"
    sign = "LIKE"

    def around(self, letters: str) -> str:
        """Letters and digits are no wildcards of LIKE."""
        return f"%{letters}%"


@KeyField.register_lookup
class SameAs(_OfLetters):
    """`name_key__same_as="St Mary’s"`: that it is the same name."""

    lookup_name = "same_as"


@models.CharField.register_lookup
@models.TextField.register_lookup
class Says(models.Lookup):
    """`summary__says="O'Brien"`: that a text of some length has that in it. It reads every row."""

    lookup_name = "says"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        text, parameters = self.process_lhs(compiler, connection)
        # The classes of the pattern hold both cases, so that no collation is asked about them.
        return f"{text} ~ %s", [*parameters, pattern(str(self.rhs))]
