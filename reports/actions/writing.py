"""Starting a paper, and its narrative: written by officers, released section by section.

Each action raises `NotAllowed`.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from core import events, versions
from core.locking import lock
from core.models import CouncilProfile, User
from core.workflow import ask, requires
from reports import rules
from reports.models import Paper, PaperPart, PaperStatus, Section, Side, SuspensionGrouping
from reports.papers.standard_sections import SECTIONS
from reports.workflow import PAPER, check_section

READ_EXEMPT = "core.read_exempt"
# What is kept of a section at every saving.
WORDS = ("heading", "body")


@dataclass(frozen=True)
class FactsInput:
    """What stands at the head of both files.

    Each name is a column's; a new version begins with all of them.
    """

    title: str
    committee: str
    meeting_on: date
    as_at: date
    report_of: str
    signatory_name: str
    exempt_paragraph: int
    public_interest: str
    since: date | None = None
    agenda_item: str = ""
    suspension_grouping: str = SuspensionGrouping.TYPE_AND_DISTRICT


@requires(PAPER["start"])
@transaction.atomic
def start_paper(*, by: User, given: FactsInput) -> Paper:
    """Start a paper with the standard sections. Raises nothing."""
    paper = Paper(**asdict(given), started_by=by)
    PAPER.apply(paper, "start", by=by)
    paper.save()
    profile = CouncilProfile.current()
    # Written into the text now: a later change of the council's profile changes no paper.
    words = {
        "team": profile.team_name if profile else "team",
        "region": profile.region_name if profile else "region",
    }
    Section.objects.bulk_create(
        Section(
            paper=paper,
            order=10 * place,
            part=ready.part,
            heading=ready.heading,
            level=ready.level,
            body=ready.body.format(**words) if ready.body else "",
        )
        for place, ready in enumerate(SECTIONS, 1)
    )
    events.record("paper.started", by=by, about=paper, after=_facts(paper))
    return paper


@requires(PAPER["edit-facts"])
@transaction.atomic
def save_facts(paper_id: int, *, by: User, given: FactsInput) -> Paper:
    """Change a draft's title, dates, grouping or reasoning.

    Raises `NotAllowed`: `wrong-state` once its figures are frozen, `figures-being-computed`.
    """
    paper = locked(paper_id)
    PAPER.apply(paper, "edit-facts", by=by)
    before = _facts(paper)
    for name, value in asdict(given).items():
        setattr(paper, name, value)
    paper.save()
    events.record("paper.changed", by=by, about=paper, before=before, after=_facts(paper))
    return paper


@dataclass(frozen=True)
class SectionInput:
    """A section's heading and text; `seen` is the version that the page showed."""

    heading: str
    body: str
    seen: str


@requires(PAPER["write-section"], READ_EXEMPT)
@transaction.atomic
def write_section(section_id: int, *, by: User, given: SectionInput, now: datetime) -> Section:
    """Change a section's heading and text.

    Raises `NotAllowed`: `wrong-state` for a released section or a paper whose files are made,
    `files-being-made`, `stale-version`.
    """
    section = _locked_section(section_id)
    check_section(section, "write", by, now)
    versions.check_seen(section, given.seen)
    if versions.latest(section) is None:
        # What stands before its first version: the paper's own words, or those of an earlier time.
        versions.keep(section, WORDS, by=section.written_by, now=section.written_at or now)
    section.heading, section.body = given.heading, given.body.strip()
    section.written_by, section.written_at = by, now
    section.save()
    versions.keep(section, WORDS, by=by, now=now)
    settle_narrative(section.paper)
    # Which section and never its text: the record is read by more people than may know a name.
    events.record(
        "paper.section_written", by=by, about=section.paper, after={"section": section.pk}
    )
    return section


@dataclass(frozen=True)
class NewSectionInput:
    """A new section's heading and place.

    `side` says in which file it stands, `after_id` which section it follows; it comes last after
    None or a section of another paper.
    """

    heading: str
    side: str = Side.PUBLIC
    after_id: int | None = None


@requires(PAPER["write-section"])
@transaction.atomic
def add_section(paper_id: int, *, by: User, given: NewSectionInput, now: datetime) -> Section:
    """Add a section under a heading of one's own.

    Raises `NotAllowed`: `wrong-state` or `files-being-made` when the paper cannot change,
    `permission-missing` for one of the Exempt Appendix without the right to exempt matter.
    """
    is_exempt = given.side == Side.EXEMPT
    if is_exempt:
        # Not by `requires`: a public section needs less.
        ask(by, READ_EXEMPT)
    paper = locked(paper_id)
    PAPER.apply(paper, "write-section", by=by, now=now)
    sections = list(paper.sections.all())
    place = next(
        (n for n, each in enumerate(sections, 1) if each.pk == given.after_id), len(sections)
    )
    section = Section.objects.create(
        paper=paper,
        order=0,
        heading=given.heading,
        part=PaperPart.EXEMPT if is_exempt else PaperPart.NARRATIVE,
        level=2 if is_exempt else 3,
        written_by=by,
        written_at=now,
    )
    sections.insert(place, section)
    # Tens, as a paper starts with.
    for order, each in enumerate(sections, 1):
        each.order = 10 * order
    Section.objects.bulk_update(sections, ["order"])
    events.record("paper.section_added", by=by, about=paper, after={"section": section.pk})
    return section


@requires(PAPER["release-section"], READ_EXEMPT)
@transaction.atomic
def release_section(section_id: int, *, by: User, now: datetime) -> Section:
    """Let the public process see a section; when the last one is released, so is the narrative.

    Raises `NotAllowed`: `wrong-state`, `files-being-made`.
    """
    section = _locked_section(section_id)
    check_section(section, "release", by, now)
    # When this is committed, the wall shows the text to the public process.
    section.released_by, section.released_at = by, now
    section.save()
    settle_narrative(section.paper)
    events.record(
        "paper.section_released", by=by, about=section.paper, after={"section": section.pk}
    )
    return section


@requires(PAPER["take-back-section"], READ_EXEMPT)
@transaction.atomic
def take_back_section(section_id: int, *, by: User, now: datetime) -> Section:
    """Withdraw a release, so that the section can be changed.

    Raises `NotAllowed`: `wrong-state`, `files-being-made`.
    """
    section = _locked_section(section_id)
    check_section(section, "take-back", by, now)
    # No file of the text as it was can be left: the lifecycle has them withdrawn first.
    section.released_by = section.released_at = None
    section.save()
    settle_narrative(section.paper)
    events.record(
        "paper.section_taken_back", by=by, about=section.paper, after={"section": section.pk}
    )
    return section


def locked(paper_id: int) -> Paper:
    """The paper, locked before anything of it is: two actions then never wait for each other."""
    return lock(Paper, paper_id)


def settle_narrative(paper: Paper) -> None:
    """Put the paper where its sections say: figures frozen, or narrative released."""
    # Called by everything that changes a section, since no person takes this step.
    whole = rules.narrative_is_whole(paper)
    if paper.status == PaperStatus.FROZEN and whole:
        PAPER.apply(paper, "release-narrative", by=None)
        paper.save()
    elif paper.status == PaperStatus.RELEASED and not whole:
        PAPER.apply(paper, "hold-narrative", by=None)
        paper.save()


def _locked_section(section_id: int) -> Section:
    # The paper first (`locked`); which one it is, only the section says.
    section = Section.objects.get(pk=section_id)
    paper = locked(section.paper_id)
    section = lock(Section, section_id)
    section.paper = paper
    return section


def _facts(paper: Paper) -> dict[str, str]:
    # What decides on figures and exemption; typed text stays out of the record.
    return {
        "meeting_on": paper.meeting_on.isoformat(),
        "as_at": paper.as_at.isoformat(),
        "suspension_grouping": paper.suspension_grouping,
        "exempt_paragraph": str(paper.exempt_paragraph),
    }
