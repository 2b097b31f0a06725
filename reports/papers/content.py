"""What a paper's template may see: frozen, complete, and nothing else.

The public paper and the Exempt Appendix have no type in common that could carry a suspended
service's name, so that a template of the one cannot be given the content of the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.dates import day_in_words
from reports.papers.markup import Block

RATING_COLUMNS = ("Inadequate", "Requires improvement", "Good", "Outstanding")
RATING_LETTERS = ("IA", "RI", "GO", "OU")


@dataclass(frozen=True)
class RatingShares:
    """One service type of one authority. Percentages, rounded to a whole number and never forced to
    100.
    """

    inadequate: int | None  # of rated services; None when none is rated
    requires_improvement: int | None
    good: int | None
    outstanding: int | None
    not_yet_rated: int | None  # of all services; None when there is none

    @property
    def of_rated(self) -> tuple[int | None, ...]:
        return (self.inadequate, self.requires_improvement, self.good, self.outstanding)


@dataclass(frozen=True)
class RegionalRow:
    authority: str
    is_own: bool
    by_type: tuple[RatingShares, ...]  # in the order of the table's service types


@dataclass(frozen=True)
class RegionalTable:
    as_at: date
    service_types: tuple[str, ...]
    rows: tuple[RegionalRow, ...]
    notes: tuple[str, ...] = ()  # how it was counted, and whose ratings they are


@dataclass(frozen=True)
class SuspensionRow:
    service_type: str
    services: int  # distinct services
    status: str
    districts: tuple[str, ...]


@dataclass(frozen=True)
class SuspensionTable:
    as_at: date
    rows: tuple[SuspensionRow, ...]

    @property
    def services(self) -> int:
        return sum(row.services for row in self.rows)


@dataclass(frozen=True)
class PaperSection:
    """A heading and what stands under it; paragraphs already carry their numbers."""

    heading: str
    blocks: tuple[Block, ...]
    level: int = 2  # of its heading, where the paper's title is 1


@dataclass(frozen=True)
class PaperContact:
    name: str
    job_title: str
    department: str
    telephone: str
    email: str


@dataclass(frozen=True)
class Masthead:
    council: str
    committee: str
    meeting_on: date
    agenda_item: str
    report_of: str
    title: str
    as_at: date
    version: int
    correction: str  # what this version changed; empty for the first
    # When its figures were frozen: the file's date, so that a second rendering is identical.
    made_at: datetime


@dataclass(frozen=True)
class PublicPaper:
    masthead: Masthead
    sections: tuple[PaperSection, ...]
    regional: RegionalTable
    suspensions: SuspensionTable
    recommendations: tuple[str, ...]
    signatory: str
    signatory_title: str
    contact: PaperContact
    comments: tuple[PaperSection, ...]
    background_papers: tuple[str, ...]
    electoral_divisions: str


@dataclass(frozen=True)
class PaperRating:
    question: str
    rating: str
    published_on: date | None


@dataclass(frozen=True)
class StoryMoment:
    on: date
    what: str
    by: str = ""
    detail: str = ""

    @property
    def in_words(self) -> str:
        """`Lifted, Ana Ali. Both criteria are met.`"""
        what = f"{self.what}, {self.by}" if self.by else self.what
        return f"{what}. {self.detail}" if self.detail else what


@dataclass(frozen=True)
class NotifiedRecipient:
    recipient: str
    on: date | None  # None: not yet
    how: str = ""
    closed: str = ""  # why they need not be notified

    @property
    def is_waiting(self) -> bool:
        """Whether they have still to be notified."""
        return self.on is None and not self.closed

    @property
    def outcome(self) -> str:
        """When and how they were notified, or why they need not be."""
        if self.on is None:
            return f"need not be notified: {self.closed}"
        return f"{day_in_words(self.on)}, {self.how}" if self.how else day_in_words(self.on)


@dataclass(frozen=True)
class Story:
    """One suspended service, in full."""

    service: str
    provider: str
    service_type: str
    district: str
    kind: str
    scope: str
    in_force_from: date
    lifted_on: date | None
    days: int
    reasons: str
    evidence: str
    answer: str  # what the provider answered
    welfare: str
    position: str
    history: tuple[StoryMoment, ...]
    notified: tuple[NotifiedRecipient, ...]
    ratings: tuple[PaperRating, ...]

    @property
    def standing(self) -> str:
        """Whether it is suspended or was lifted, and since when."""
        if self.lifted_on:
            return f"Lifted on {day_in_words(self.lifted_on)}"
        return f"Suspended since {day_in_words(self.in_force_from)}"

    @property
    def extent(self) -> str:
        """What was suspended and for how long."""
        what = f"{self.kind}, {self.scope}" if self.scope else self.kind
        begun = f"in force from {day_in_words(self.in_force_from)}, " if self.lifted_on else ""
        return f"{what}; {begun}{self.days} day{'' if self.days == 1 else 's'}"

    @property
    def parts(self) -> Sequence[tuple[str, str]]:
        """The story's texts under their headings; an empty one is left out of the paper."""
        return (
            ("Why", self.reasons),
            ("Evidence", self.evidence),
            ("What the provider answered", self.answer),
            ("The people who live there or are cared for", self.welfare),
            ("Where it stands", self.position),
        )


@dataclass(frozen=True)
class ExemptAppendix:
    masthead: Masthead
    paragraph: str  # number of the paragraph of Part 1 of Schedule 12A
    paragraph_text: str
    public_interest: str
    sections: tuple[PaperSection, ...]
    in_force: tuple[Story, ...]
    lifted: tuple[Story, ...]

    @property
    def stories(self) -> Sequence[Story]:
        return (*self.in_force, *self.lifted)
