"""Starting a paper, and its narrative: written by officers, released section by section."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from carequality import events
from carequality.models import CouncilProfile, User
from carequality.refusals import Refused
from reports import rules
from reports.models import Paper, PaperStatus, Part, Section
from reports.papers.ready_made import SECTIONS


@transaction.atomic
def start_paper(facts: dict[str, Any], *, by: User) -> Paper:
    """A new paper with the ready-made sections. `facts` are the fields of the form."""
    paper = Paper.objects.create(**facts, started_by=by)
    profile = CouncilProfile.current()
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


@transaction.atomic
def save_facts(paper_id: int, facts: dict[str, Any], *, by: User) -> Paper:
    """Change a draft's title, dates, grouping or reasoning. Raises `Refused` once its figures are frozen."""
    paper = locked(paper_id)
    if why_not := rules.why_not_edit_facts(paper):
        raise Refused(why_not)
    before = _facts(paper)
    for name, value in facts.items():
        setattr(paper, name, value)
    paper.save()
    events.record("paper.changed", by=by, about=paper, before=before, after=_facts(paper))
    return paper


@transaction.atomic
def write_section(section_id: int, *, by: User, heading: str, body: str) -> Section:
    """Raises `Refused` for a released section or a paper whose files are made."""
    section = _locked_section(section_id)
    if why_not := rules.why_not_edit_section(section):
        raise Refused(why_not)
    section.heading, section.body = heading, body.strip()
    section.written_by, section.written_at = by, timezone.now()
    section.save()
    settle_narrative(section.paper)
    events.record("paper.section_written", by=by, about=section.paper, after={"section": section.pk})
    return section


@transaction.atomic
def add_section(
    paper_id: int, *, by: User, heading: str, after: Section | None, is_exempt: bool = False
) -> Section:
    """A section of one's own heading behind `after`, or last; raises `Refused` when the paper cannot change."""
    paper = locked(paper_id)
    if why_not := rules.why_not_edit(paper):
        raise Refused(why_not)
    sections = list(paper.sections.all())
    place = sections.index(after) + 1 if after in sections else len(sections)
    section = Section.objects.create(
        paper=paper,
        order=0,
        heading=heading,
        part=Part.EXEMPT if is_exempt else Part.NARRATIVE,
        level=2 if is_exempt else 3,
        written_by=by,
        written_at=timezone.now(),
    )
    sections.insert(place, section)
    for order, each in enumerate(sections, 1):
        each.order = 10 * order
    Section.objects.bulk_update(sections, ["order"])
    events.record("paper.section_added", by=by, about=paper, after={"section": section.pk})
    return section


@transaction.atomic
def release_section(section_id: int, *, by: User) -> Section:
    """Let the public process see a section; when the last one is released, so is the narrative."""
    section = _locked_section(section_id)
    if why_not := rules.why_not_release_section(section):
        raise Refused(why_not)
    section.released_by, section.released_at = by, timezone.now()
    section.save()
    settle_narrative(section.paper)
    events.record("paper.section_released", by=by, about=section.paper, after={"section": section.pk})
    return section


@transaction.atomic
def take_back_section(section_id: int, *, by: User) -> Section:
    """Undo a release, so that the section can be changed."""
    section = _locked_section(section_id)
    if why_not := rules.why_not_take_back_section(section):
        raise Refused(why_not)
    section.released_by = section.released_at = None
    section.save()
    settle_narrative(section.paper)
    events.record("paper.section_taken_back", by=by, about=section.paper, after={"section": section.pk})
    return section


def locked(paper_id: int) -> Paper:
    return Paper.objects.select_for_update().get(pk=paper_id)


def _locked_section(section_id: int) -> Section:
    # The paper first, as every action does, so that two never wait for each other.
    section = Section.objects.get(pk=section_id)
    paper = locked(section.paper_id)
    section = Section.objects.select_for_update().get(pk=section_id)
    section.paper = paper
    return section


def settle_narrative(paper: Paper) -> None:
    """Between "figures frozen" and "narrative released", whichever the sections say."""
    if paper.status not in (PaperStatus.FROZEN, PaperStatus.RELEASED):
        return
    whole = paper.sections.written().exists() and not paper.sections.unreleased().exists()
    status = PaperStatus.RELEASED if whole else PaperStatus.FROZEN
    if status != paper.status:
        paper.status = status
        paper.save()


def _facts(paper: Paper) -> dict[str, str]:
    return {
        "meeting_on": paper.meeting_on.isoformat(),
        "as_at": paper.as_at.isoformat(),
        "suspension_grouping": paper.suspension_grouping,
        "exempt_paragraph": str(paper.exempt_paragraph),
    }
