"""What stands in the way of a step of a paper, and in which words.

The table of the steps is `reports.workflow`. Each `check_...` raises `NotAllowed`; the
guards take what every guard is given.
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
IS_APPROVED = "This paper is approved. Start a new version to correct it."
FILES_MADE = "The files have been made. Withdraw them to change the paper."
FILES_IN_THE_MAKING = "The files are being made. Withdraw them to change the paper."
FILES_NOT_READY = "The files are being made. Wait until both are ready."
FREEZE_FIRST = "Freeze the figures first."
NO_FILES = "There are no files to withdraw."
FILE_GONE = "Names can only be released while their file waits for approval, and this one does not."
NOT_SCANNED = "The public file has not been scanned yet."
NAMES_HELD = (
    "The disclosure scan found names that are exempt. Withdraw the files and take the names out of"
    " the text, or ask someone else to release them."
)
READ_WHEN_CLEAR = "You can read the public file only when the disclosure scan is clear."


def check_files_not_being_made(
    paper: Paper, by: WorkflowPerson | None, now: datetime | None
) -> None:
    """Whether the text can change: not while files are made from it.

    Raises `NotAllowed`: `files-being-made`.
    """
    # A text withdrawn now would stand in the file all the same.
    if _has_open(paper, PaperJobKind.PUBLIC, PaperJobKind.EXEMPT):
        raise NotAllowed("files-being-made", FILES_IN_THE_MAKING)


def check_figures_not_being_computed(
    paper: Paper, by: WorkflowPerson | None, now: datetime | None
) -> None:
    """Whether the facts of the figures can change: not while they are computed from them.

    Raises `NotAllowed`: `figures-being-computed`.
    """
    if _has_open(paper, PaperJobKind.FIGURES):
        raise NotAllowed(
            "figures-being-computed", "The figures are being computed. Wait until they are frozen."
        )


def check_day_has_come(paper: Paper, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Whether the day of the figures has come; without a moment to tell by, it has not.

    Raises `NotAllowed`: `day-to-come`.
    """
    # Nobody can approve the publication of counts that nobody can know yet.
    if now is None or paper.as_at > timezone.localdate(now):
        raise NotAllowed(
            "day-to-come",
            f"You can freeze the figures from {day_in_words(paper.as_at)}, their date.",
        )


def check_nothing_underway(paper: Paper, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Whether both files can be asked for: not while any of them is being made or scanned.

    Raises `NotAllowed`: `files-being-made`.
    """
    if _has_open(paper, PaperJobKind.PUBLIC, PaperJobKind.EXEMPT, PaperJobKind.SCAN):
        raise NotAllowed("files-being-made", FILES_NOT_READY)


def check_files_to_take_back(paper: Paper, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Whether files are made or in the making.

    Raises `NotAllowed`: `no-files`.
    """
    if paper.status == PaperStatus.RELEASED and not _has_open(
        paper, PaperJobKind.PUBLIC, PaperJobKind.EXEMPT, PaperJobKind.SCAN
    ):
        raise NotAllowed("no-files", NO_FILES)


def check_scanned_and_clear(paper: Paper, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Whether the current public file was scanned and every name that was found is released.

    Raises `NotAllowed`: `not-scanned`, `names-held`.
    """
    scanned = paper.files.current().filter(side=Side.PUBLIC, scanned_at__isnull=False)
    if not scanned.exists():
        raise NotAllowed("not-scanned", NOT_SCANNED)
    if ScanHit.objects.outstanding().filter(file__in=scanned).exists():
        raise NotAllowed("names-held", NAMES_HELD)


def check_wrote_no_section(paper: Paper, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Whoever wrote in a paper does not approve it: a second person reads it with fresh eyes.

    Raises `NotAllowed`: `same-person`.
    """
    if by is not None and paper.sections.filter(written_by=by.pk).exists():
        raise NotAllowed(
            "same-person", "You wrote a section of this paper, so someone else must approve it."
        )


def check_had_it_not_made(paper: Paper, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Whoever asked for the files does not approve them.

    Raises `NotAllowed`: `same-person`.
    """
    if by is not None and by.pk == asked_by_of(paper):
        raise NotAllowed(
            "same-person", "You asked for these files, so someone else must approve the paper."
        )


def check_no_later_version(paper: Paper, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Each version has one that follows it at most.

    Raises `NotAllowed`: `later-version`.
    """
    if Paper.objects.filter(replaces=paper).exists():
        raise NotAllowed(
            "later-version", "This paper already has a later version. Change that one."
        )


def check_read_unpublished(
    paper: Paper, by: WorkflowPerson | None, now: datetime | None = None
) -> None:
    """Whether `by` may read the text, figures and file of the public paper before its approval.

    A name in the text may be exempt (Local Government Act 1972, Schedule 12A), and so may counts
    that nobody has decided to publish.

    Raises `NotAllowed`: `not-published`.
    """
    if not paper.is_approved and not (by is not None and by.has_perm("core.read_exempt")):
        raise NotAllowed(
            "not-published", "You can read the public text and figures when the paper is approved."
        )


def check_name_still_held(hit: ScanHit) -> None:
    """Whether the name still keeps the public file from being read.

    Raises `NotAllowed`: `file-gone`, `already-released`.
    """
    if hit.file.superseded_at:
        raise NotAllowed("file-gone", FILE_GONE)
    if hit.released_at:
        raise NotAllowed("already-released", "This name has already been released.")


def check_second_person_for_name(hit: ScanHit, by: WorkflowPerson) -> None:
    """Whoever put a name in the paper does not release it.

    Raises `NotAllowed`: `same-person`.
    """
    wrote = hit.file.paper.sections.public().filter(written_by=by.pk)
    if by.pk in (hit.author_id, hit.asked_by_id) or wrote.exists():
        raise NotAllowed(
            "same-person",
            "You started or wrote in this paper, or asked for its files, so someone else must"
            " release the name.",
        )


def narrative_waits_for(paper: Paper) -> str:
    """Why no files can be asked for while the narrative is not released."""
    # How many and never which: a heading may hold an exempt name, and this is for everyone who
    # sees papers.
    waiting = paper.sections.unreleased().count()
    if not waiting:
        return "Write and release a section first."
    return f"Release the {waiting} written section{'' if waiting == 1 else 's'} first."


def files_wait_for(paper: Paper) -> str:
    """Why a released paper is not approved yet."""
    underway = _has_open(paper, PaperJobKind.PUBLIC, PaperJobKind.EXEMPT, PaperJobKind.SCAN)
    return FILES_NOT_READY if underway else "Make both files first."


def scan_waits_for(paper: Paper) -> str:
    """Why a paper with both files is not clear yet."""
    held = ScanHit.objects.outstanding().filter(file__in=paper.files.current()).exists()
    return NAMES_HELD if held else NOT_SCANNED


def facts_are_frozen(paper: Paper) -> str:
    """Why the facts of a paper with frozen figures cannot change."""
    if _has_open(paper, PaperJobKind.PUBLIC, PaperJobKind.EXEMPT):
        return FILES_IN_THE_MAKING
    return "The figures are frozen. Unfreeze them to change the paper’s facts."


def asked_by_of(paper: Paper) -> int | None:
    """Who asked for the current public file."""
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
    # Between the two the paper's state is still the old one, and nothing may be done upon it.
    jobs = paper.jobs.of_kinds(kinds)
    follow = paper.jobs.open().of_kinds([names.PAPER_SETTLE.name]).values_list("args", flat=True)
    return jobs.open().exists() or jobs.filter(pk__in=[args[0] for args in follow]).exists()


def example_in_words(example: GoodPractice, written: str) -> str:
    """An example of good practice as a paper tells of it, in the papers' markup.

    By the service's name where the provider agreed to that, else under the next "Provider" number
    that `written`, all of the paper's text, does not use yet.
    """
    used = [int(number) for number in PROVIDER_NUMBER.findall(written)]
    return f"> {example.called(max(used, default=0) + 1)}: {' '.join(example.text.split())}"
