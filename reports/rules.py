"""What stands in the way of a step of a paper, and in which words. The table of the steps is
`reports.workflow`.

Each `check_...` raises `NotAllowed`; the guards take what every guard is given.
"""

import re
from datetime import datetime

from django.utils import timezone

from audits.models import GoodPractice
from core.dates import day_in_words
from core.jobs import names
from core.workflow import NotAllowed, WorkflowPerson
from reports.models import Paper, PaperFile, PaperJobKind, PaperStatus, ScanHit, Side

PROVIDER_NUMBER = re.compile(r"\bProvider (\d{1,4})\b")

# What is said of a state that a step does not start from.
IS_APPROVED = "This paper is approved. A correction is a new version."
FILES_MADE = "The files are made. Take them back to change the paper."
FREEZE_FIRST = "Freeze the figures first."
NO_FILES = "There are no files to take back."
FILE_GONE = "This file is no longer waiting."
NOT_SCANNED = "The public file has not been scanned."
NAMES_HELD = (
    "The disclosure scan found names that are held exempt: take them out or have them released."
)
READ_WHEN_CLEAR = "The public file may be read only when the disclosure scan is clear."


def check_files_not_being_made(
    paper: Paper, by: WorkflowPerson | None, now: datetime | None
) -> None:
    """Raises `NotAllowed`: `files-being-made`. A text taken back now would stand in the file all
    the same.
    """
    if _has_open(paper, PaperJobKind.PUBLIC, PaperJobKind.EXEMPT):
        raise NotAllowed(
            "files-being-made", "The files are being made. Take them back to change the paper."
        )


def check_figures_not_being_computed(
    paper: Paper, by: WorkflowPerson | None, now: datetime | None
) -> None:
    """Raises `NotAllowed`: `figures-being-computed`."""
    if _has_open(paper, PaperJobKind.FIGURES):
        raise NotAllowed("figures-being-computed", "The figures are being computed.")


def check_day_has_come(paper: Paper, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Raises `NotAllowed`: `day-to-come`, also when no moment is given to tell by."""
    if now is None or paper.as_at > timezone.localdate(now):
        raise NotAllowed(
            "day-to-come",
            "The figures are to be as at a day that has not come yet:"
            f" {day_in_words(paper.as_at)}.",
        )


def check_nothing_underway(paper: Paper, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Before both files are asked for. Raises `NotAllowed`: `files-being-made`."""
    if _has_open(paper, PaperJobKind.PUBLIC, PaperJobKind.EXEMPT, PaperJobKind.SCAN):
        raise NotAllowed("files-being-made", "The files are being made.")


def check_files_to_take_back(paper: Paper, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Whether files are made or in the making. Raises `NotAllowed`: `no-files`."""
    if paper.status == PaperStatus.RELEASED and not _has_open(
        paper, PaperJobKind.PUBLIC, PaperJobKind.EXEMPT, PaperJobKind.SCAN
    ):
        raise NotAllowed("no-files", NO_FILES)


def check_scanned_and_clear(paper: Paper, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Raises `NotAllowed`: `not-scanned`, `names-held`."""
    scanned = paper.files.current().filter(side=Side.PUBLIC, scanned_at__isnull=False)
    if not scanned.exists():
        raise NotAllowed("not-scanned", NOT_SCANNED)
    if ScanHit.objects.outstanding().filter(file__in=scanned).exists():
        raise NotAllowed("names-held", NAMES_HELD)


def check_wrote_no_section(paper: Paper, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Raises `NotAllowed`: `same-person`."""
    if by is not None and paper.sections.filter(written_by=by.pk).exists():
        raise NotAllowed(
            "same-person", "Someone else must approve a paper that you wrote a section of."
        )


def check_had_it_not_made(paper: Paper, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Raises `NotAllowed`: `same-person`."""
    if by is not None and by.pk == asked_by_of(paper):
        raise NotAllowed("same-person", "Someone else must approve files that you had made.")


def check_no_later_version(paper: Paper, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Raises `NotAllowed`: `later-version`."""
    if Paper.objects.filter(replaces=paper).exists():
        raise NotAllowed("later-version", "There is a later version already.")


def check_read_unpublished(
    paper: Paper, by: WorkflowPerson | None, now: datetime | None = None
) -> None:
    """Text, figures and file of the public paper before its approval: a name in the text may be
    exempt, and so may counts that nobody has decided to publish.

    Raises `NotAllowed`: `not-published`.
    """
    if not paper.is_approved and not (by is not None and by.has_perm("core.read_exempt")):
        raise NotAllowed(
            "not-published", "What is to be public may be read when the paper is approved."
        )


def check_name_still_held(hit: ScanHit) -> None:
    """Raises `NotAllowed`: `file-gone`, `already-released`."""
    if hit.file.superseded_at:
        raise NotAllowed("file-gone", FILE_GONE)
    if hit.released_at:
        raise NotAllowed("already-released", "This name is released already.")


def check_second_person_for_name(hit: ScanHit, by: WorkflowPerson) -> None:
    """Raises `NotAllowed`: `same-person`."""
    wrote = hit.file.paper.sections.public().filter(written_by=by.pk)
    if by.pk in (hit.author_id, hit.asked_by_id) or wrote.exists():
        raise NotAllowed(
            "same-person", "Someone else must release a name: you wrote this paper or had it made."
        )


def narrative_waits_for(paper: Paper) -> str:
    """Why no files can be asked for while the narrative is not released."""
    waiting = [section.heading for section in paper.sections.unreleased()]
    return f"Not released yet: {', '.join(waiting)}." if waiting else "Nothing is written yet."


def files_wait_for(paper: Paper) -> str:
    """Why a released paper is not approved yet."""
    underway = _has_open(paper, PaperJobKind.PUBLIC, PaperJobKind.EXEMPT, PaperJobKind.SCAN)
    return "The files are being made." if underway else "The files have not been made."


def scan_waits_for(paper: Paper) -> str:
    """Why a paper with both files is not clear yet."""
    held = ScanHit.objects.outstanding().filter(file__in=paper.files.current()).exists()
    return NAMES_HELD if held else NOT_SCANNED


def facts_are_frozen(paper: Paper) -> str:
    """Why the facts of a paper with frozen figures cannot change."""
    if _has_open(paper, PaperJobKind.PUBLIC, PaperJobKind.EXEMPT):
        return "The files are being made. Take them back to change the paper."
    return "The figures are frozen. Unfreeze them to change the paper’s facts."


def asked_by_of(paper: Paper) -> int | None:
    """Who had the current public file made."""
    files = PaperFile.objects.current().filter(paper=paper, side=Side.PUBLIC)
    file = files.defer("content").select_related("job").first()
    return file.job.asked_by_id if file else None


def narrative_is_whole(paper: Paper) -> bool:
    """Whether something is written and all that is written is released."""
    return paper.sections.written().exists() and not paper.sections.unreleased().exists()


def _has_open(paper: Paper, *kinds: PaperJobKind) -> bool:
    """Whether a job of these kinds is open, or has ended and what follows from that is not yet
    done.
    """
    jobs = paper.jobs.of_kinds(kinds)
    follow = paper.jobs.open().of_kinds([names.PAPER_SETTLE.name]).values_list("args", flat=True)
    return jobs.open().exists() or jobs.filter(pk__in=[args[0] for args in follow]).exists()


def example_in_words(example: GoodPractice, written: str) -> str:
    """An example of good practice as a paper tells of it, in the papers' markup: by the service's
    name where the provider agreed to that, else under the next "Provider" number that `written`,
    all of the paper's text, does not use yet.
    """
    used = [int(number) for number in PROVIDER_NUMBER.findall(written)]
    return f"> {example.called(max(used, default=0) + 1)}: {' '.join(example.text.split())}"
