"""Papers: their facts, sections, figures and files, and the approval of these."""

from reports.models.clearing import Approval, ScanHit, ScanHitQuerySet
from reports.models.files import FrozenFigures, PaperFile, PaperFileQuerySet, PaperJobKind, Side
from reports.models.paper import Paper, PaperQuerySet, PaperStatus, SuspensionGrouping
from reports.models.sections import INFORMATION, PaperPart, Section, SectionQuerySet, SectionStatus

__all__ = [
    "INFORMATION",
    "Approval",
    "FrozenFigures",
    "Paper",
    "PaperFile",
    "PaperFileQuerySet",
    "PaperJobKind",
    "PaperPart",
    "PaperQuerySet",
    "PaperStatus",
    "ScanHit",
    "ScanHitQuerySet",
    "Section",
    "SectionQuerySet",
    "SectionStatus",
    "Side",
    "SuspensionGrouping",
]
