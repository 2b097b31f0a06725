"""Concerns, the targets for answering them, and the log of contacts."""

from concerns.models.concern import (
    Concern,
    ConcernQuerySet,
    LogEntry,
    ReferenceYear,
    Reopening,
    day_ends,
    services_with_concerns,
)
from concerns.models.contacts import ContactLogEntry
from concerns.models.files import ConcernFile
from concerns.models.targets import Targets
from concerns.models.vocabulary import (
    HIGH_RISKS,
    Abuse,
    AbuseBy,
    ConcernKind,
    ConcernOutcome,
    ConcernRisk,
    ConcernSource,
    ConcernStatus,
    ContactKind,
    ContactWith,
    Section42,
)

__all__ = [
    "HIGH_RISKS",
    "Abuse",
    "AbuseBy",
    "Concern",
    "ConcernFile",
    "ConcernKind",
    "ConcernOutcome",
    "ConcernQuerySet",
    "ConcernRisk",
    "ConcernSource",
    "ConcernStatus",
    "ContactKind",
    "ContactLogEntry",
    "ContactWith",
    "LogEntry",
    "ReferenceYear",
    "Reopening",
    "Section42",
    "Targets",
    "day_ends",
    "services_with_concerns",
]
