"""CQC's monthly and weekly files: read as streams, recognised by their columns, merged set-wise. No models in here."""

from ratings.files.errors import UnreadableError
from ratings.files.headings import FileKind
from ratings.files.reading import Batch, Problem, Reading

__all__ = ["Batch", "FileKind", "Problem", "Reading", "UnreadableError"]
