"""What the release desk shows of a paper: its steps, what each waits for, and for whom.

Reads only; decides nothing.
"""

from dataclasses import dataclass
from datetime import date

from core.calendar import clear_days_before, is_working_day
from core.dates import day_in_words
from core.jobs.models import Job, JobState
from core.models import User
from core.workflow import NotAllowed, refusal
from documents.folding import letters_and_digits
from reports import figures, rules
from reports.models import (
    FrozenFigures,
    Paper,
    PaperFile,
    PaperJobKind,
    PaperStatus,
    ScanHit,
    Section,
    Side,
)
from reports.workflow import PAPER, check_release_name

# A paper must be open to inspection five clear days before its meeting (Local Government Act 1972,
# section 100B).
CLEAR_DAYS = 5

FILES_MADE = frozenset({PaperStatus.RENDERED, PaperStatus.SCANNED, PaperStatus.APPROVED})
NARRATIVE_RELEASED = FILES_MADE | {PaperStatus.RELEASED}
FIGURES_FROZEN = NARRATIVE_RELEASED | {PaperStatus.FROZEN}

EXEMPT = "core.read_exempt"
EXEMPT_PAPER = "reports.read_exempt_paper"


@dataclass(frozen=True)
class DeskStep:
    """A step on the way to the approval, with its state in a word."""

    name: str
    anchor: str
    state: str
    colour: str
    note: str = ""


@dataclass(frozen=True)
class Countdown:
    """How long there is to publish the paper with its agenda: a number that stands large, and what
    it means.
    """

    number: str
    meaning: str


@dataclass(frozen=True)
class Mention:
    """A scan hit as one person may see it: without the right to exempt matter, only where it is."""

    pk: int
    where: str
    name: str
    context: str
    released: str
    why_not: str


def steps(paper: Paper) -> list[DeskStep]:
    """The paper's way to its approval."""
    made = paper.status in FILES_MADE
    sections = list(paper.sections.written())
    released = sum(1 for section in sections if section.released_at)
    frozen = paper.status in FIGURES_FROZEN
    figures = (
        ("Frozen", "green", "") if frozen else _of_job(paper, PaperJobKind.FIGURES, "Not frozen")
    )
    narrative = f"{released} of {len(sections)} written sections released"
    files = ("Made", "green", "") if made else _of_job(paper, PaperJobKind.PUBLIC, "Not made")
    if not made:
        scanned = ("Not yet", "grey", "")
    elif paper.status == PaperStatus.RENDERED:
        held = ScanHit.objects.outstanding().filter(file__in=paper.files.current()).exists()
        scanned = (
            ("Names found", "red", "") if held else _of_job(paper, PaperJobKind.SCAN, "Not yet")
        )
    else:
        scanned = ("Clear", "green", "")
    approved = ("Approved", "green", "") if paper.is_approved else ("Waiting", "grey", "")
    return [
        DeskStep("Figures", "figures", *figures),
        DeskStep(
            "Narrative",
            "narrative",
            *(
                ("Released", "green")
                if paper.status in NARRATIVE_RELEASED
                else ("Being written", "blue")
            ),
            narrative,
        ),
        DeskStep("Files", "files", *files),
        DeskStep("Disclosure scan", "scan", *scanned),
        DeskStep("Approval", "approval", *approved),
    ]


def _of_job(paper: Paper, kind: PaperJobKind, otherwise: str) -> tuple[str, str, str]:
    job = latest_job(paper, kind)
    if job is None or job.state in (JobState.DROPPED, JobState.DONE):
        return otherwise, "grey", ""
    if job.state == JobState.GIVEN_UP:
        return "Failed", "red", job.error
    return "Being made", "blue", ""


def latest_job(paper: Paper, kind: PaperJobKind) -> Job | None:
    return paper.jobs.filter(kind=kind).order_by("-pk").first()


def files(paper: Paper) -> dict[str, PaperFile]:
    return {
        file.side: file for file in paper.files.current().defer("content").select_related("job")
    }


def mentions(paper: Paper, reader: User) -> list[Mention]:
    """Where the scan found names in the current public file, as `reader` may see it."""
    may = reader.has_perm(EXEMPT)
    may_release = reader.has_perms(["reports.release_name", EXEMPT])
    hits = ScanHit.objects.filter(
        file__in=paper.files.current(), file__side=Side.PUBLIC
    ).select_related("released_by", "file__paper")
    return [
        Mention(
            pk=hit.pk,
            where=hit.where if may else _where_without_name(hit),
            name=hit.name if may else "",
            context=hit.context if may else "",
            released=f"{hit.released_by}: {hit.reason if may else 'the reason is recorded'}"
            if hit.released_by
            else "",
            why_not=str(refusal(check_release_name, hit, reader) or "")
            if may_release
            else "You do not have the right to release names.",
        )
        for hit in hits
    ]


def held_in_words(mentions: list[Mention]) -> str:
    """How many places in the public file still name what is exempt; empty for none."""
    held = sum(1 for mention in mentions if not mention.released)
    if not held:
        return ""
    places = "1 place holds" if held == 1 else f"{held} places hold"
    return f"{places} a name that is exempt."


def _where_without_name(hit: ScanHit) -> str:
    return (
        # A heading may be the very name.
        "a section’s heading"
        if letters_and_digits(hit.name) in letters_and_digits(hit.where)
        else hit.where
    )


def sections(paper: Paper, reader: User) -> list[Section]:
    """The sections that the reader may see.

    Exempt ones, and any before the approval, are only for those with the right to exempt matter.
    """
    found = paper.sections.select_related("written_by", "released_by")
    if refusal(rules.check_read_unpublished, paper, reader):
        return []
    return list(found if reader.has_perm(EXEMPT) else found.public())


def small_numbers(paper: Paper, reader: User) -> list[str]:
    """Where the frozen table of suspensions could identify a service, for who may know that."""
    frozen = FrozenFigures.objects.filter(paper=paper, side=Side.PUBLIC).first()
    if frozen is None or not reader.has_perm(EXEMPT):
        return []
    return figures.small_numbers(frozen.data["suspensions"], paper.as_at)


def agenda_day(paper: Paper) -> date:
    """The last day to publish the paper with its agenda."""
    return clear_days_before(paper.meeting_on, CLEAR_DAYS)


def clear_days_left(paper: Paper, today: date) -> int:
    """Working days from `today` to the agenda's last day; negative when it has passed."""
    last = agenda_day(paper)
    step, count = (1, 0) if last >= today else (-1, 0)
    day = today
    while day != last:
        day = date.fromordinal(day.toordinal() + step)
        count += step if is_working_day(day) else 0
    return count


def countdown(paper: Paper, today: date) -> Countdown:
    """How long there is to publish the paper with its agenda."""
    left = clear_days_left(paper, today)
    last = f"{day_in_words(agenda_day(paper))}, five clear days before the meeting."
    if left < 0:
        return Countdown("Late", f"The last day to publish this paper with its agenda was {last}")
    days = "working day" if left == 1 else "working days"
    return Countdown(
        str(left), f"{days} left to publish this paper with its agenda. The last day is {last}"
    )


def may_approve(paper: Paper) -> list[User]:
    """Who can approve the paper: everyone with the right who had no hand in it."""
    writers = set(paper.sections.exclude(written_by=None).values_list("written_by", flat=True))
    # Who started it is left out by the table of steps already.
    hands = writers | {rules.asked_by_of(paper)}
    return [person for person in PAPER.who_can(paper, "approve") if person.pk not in hands]


def why_not_approve(paper: Paper, reader: User) -> NotAllowed | str | None:
    """Why the paper cannot be approved: first what it waits for, which everyone may know."""
    waits = refusal(PAPER.check_state, paper, "approve")
    if waits or reader.has_perm("reports.approve_paper"):
        return waits or PAPER.refusal(paper, "approve", reader)
    return "You do not have the right to approve papers."
