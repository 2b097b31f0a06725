"""What may be done to a paper, and by whom. Each answer is None, or the sentence that says why not."""

import re
from datetime import date

from audits.models import GoodPractice
from carequality.models import User
from core.jobs import names
from reports.models import JobKind, Paper, PaperFile, PaperStatus, ScanHit, Section, Side

PROVIDER_NUMBER = re.compile(r"\bProvider (\d{1,4})\b")
EDITABLE = (PaperStatus.DRAFT, PaperStatus.FROZEN, PaperStatus.RELEASED)


def why_not_edit(paper: Paper) -> str | None:
    """Its facts and its sections."""
    if paper.is_approved:
        return "This paper is approved. A correction is a new version."
    if paper.status not in EDITABLE:
        return "The files are made. Take them back to change the paper."
    if _has_open(paper, JobKind.PUBLIC, JobKind.EXEMPT):
        # A text taken back now would stand in the file all the same.
        return "The files are being made. Take them back to change the paper."
    return None


def why_not_edit_facts(paper: Paper) -> str | None:
    if why_not := why_not_edit(paper):
        return why_not
    if paper.status != PaperStatus.DRAFT:
        return "The figures are frozen. Thaw them to change the paper’s facts."
    if _has_open(paper, JobKind.FIGURES):
        return "The figures are being computed."
    return None


def why_not_edit_section(section: Section) -> str | None:
    if why_not := why_not_edit(section.paper):
        return why_not
    if section.released_at:
        return "This section is released. Take the release back to change it."
    return None


def why_not_release_section(section: Section) -> str | None:
    if why_not := why_not_edit(section.paper):
        return why_not
    if not section.body:
        return "There is nothing to release: the section is empty."
    if section.released_at:
        return "This section is released already."
    return None


def why_not_take_back_section(section: Section) -> str | None:
    if why_not := why_not_edit(section.paper):
        return why_not
    if not section.released_at:
        return "This section is not released."
    return None


def why_not_freeze(paper: Paper, today: date) -> str | None:
    if paper.status != PaperStatus.DRAFT:
        return "The figures are frozen already."
    if paper.as_at > today:
        return f"The figures are to be as at a day that has not come yet: {_day(paper.as_at)}."
    if _has_open(paper, JobKind.FIGURES):
        return "The figures are being computed."
    return None


def why_not_thaw(paper: Paper) -> str | None:
    if why_not := why_not_edit(paper):
        return why_not
    if paper.status == PaperStatus.DRAFT:
        return "The figures are not frozen."
    return None


def why_not_render(paper: Paper) -> str | None:
    if paper.status == PaperStatus.DRAFT:
        return "Freeze the figures first."
    if paper.status == PaperStatus.FROZEN:
        waiting = [section.heading for section in paper.sections.unreleased()]
        if waiting:
            return f"Not released yet: {', '.join(waiting)}."
        return "Nothing is written yet."
    if paper.status != PaperStatus.RELEASED:
        return "The files are made already."
    if _has_open(paper, JobKind.PUBLIC, JobKind.EXEMPT, JobKind.SCAN):
        return "The files are being made."
    return None


def why_not_take_back(paper: Paper) -> str | None:
    """Throw the files away and return to the narrative."""
    if paper.is_approved:
        return "This paper is approved. A correction is a new version."
    if paper.status not in (PaperStatus.RENDERED, PaperStatus.SCANNED) and not _has_open(
        paper, JobKind.PUBLIC, JobKind.EXEMPT, JobKind.SCAN
    ):
        return "There are no files to take back."
    return None


def why_not_release_name(hit: ScanHit, by: User) -> str | None:
    paper = hit.file.paper
    if paper.is_approved or hit.file.superseded_at:
        return "This file is no longer waiting."
    if hit.released_at:
        return "This name is released already."
    if by.pk in (hit.author_id, hit.asked_by_id) or paper.sections.public().filter(written_by=by).exists():
        return "Someone else must release a name: you wrote this paper or had it made."
    return None


def why_not_read_public(paper: Paper) -> str | None:
    """The public file, by anyone: only after the scan."""
    if paper.status not in (PaperStatus.SCANNED, PaperStatus.APPROVED):
        return "The public file may be read only when the disclosure scan is clear."
    return None


def why_not_read_unpublished(paper: Paper, by: User) -> str | None:
    """Text, figures and file of the public paper before its approval: a name in the text may be exempt, and so may
    counts that nobody has decided to publish."""
    if paper.is_approved or by.has_perm("carequality.read_exempt"):
        return None
    return "What is to be public may be read when the paper is approved."


def why_not_approve(paper: Paper, by: User) -> str | None:
    if why_not := why_not_approved_by_anyone(paper):
        return why_not
    if by.pk == paper.started_by_id:
        return "Someone else must approve a paper that you started."
    if paper.sections.filter(written_by=by).exists():
        return "Someone else must approve a paper that you wrote a section of."
    if by.pk == asked_by_of(paper):
        return "Someone else must approve files that you had made."
    return None


def why_not_approved_by_anyone(paper: Paper) -> str | None:
    """What still stands between the paper and its approval, whoever asks: the release button's reason."""
    if paper.is_approved:
        return "This paper is approved already."
    if paper.status == PaperStatus.RENDERED:
        held = ScanHit.objects.outstanding().filter(file__in=paper.files.current()).exists()
        if held:
            return (
                "The disclosure scan found names that are held exempt: take them out or have them released."
            )
        return "The public file has not been scanned."
    if paper.status != PaperStatus.SCANNED:
        return why_not_render(paper) or "The files have not been made."
    return None


def why_not_new_version(paper: Paper) -> str | None:
    if not paper.is_approved:
        return "Only an approved paper is corrected by a new version."
    if Paper.objects.filter(replaces=paper).exists():
        return "There is a later version already."
    return None


def asked_by_of(paper: Paper) -> int | None:
    """Who had the current public file made."""
    file = PaperFile.objects.current().filter(paper=paper, side=Side.PUBLIC).select_related("job").first()
    return file.job.asked_by_id if file else None


def _has_open(paper: Paper, *kinds: JobKind) -> bool:
    """Whether a job of these kinds is open, or has ended and what follows from that is not yet done."""
    jobs = paper.jobs.of_kinds(kinds)
    follow = paper.jobs.open().of_kinds([names.PAPER_SETTLE.name]).values_list("args", flat=True)
    return jobs.open().exists() or jobs.filter(pk__in=[args[0] for args in follow]).exists()


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def told_of(example: GoodPractice, written: str) -> str:
    """An example of good practice as a paper tells of it, in the papers' markup: by the service's name where the provider
    agreed to that, else under the next "Provider" number that `written`, all of the paper's text, does not use yet."""
    used = [int(number) for number in PROVIDER_NUMBER.findall(written)]
    return f"> {example.called(max(used, default=0) + 1)}: {' '.join(example.text.split())}"
