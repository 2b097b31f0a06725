"""From the scan to the approval: names released, files read, both sealed, and a later version."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core import events
from core.models import User
from core.workflow import NotAllowed, requires
from reports import exempt
from reports.actions.jobs import add_job, clear_if_clear
from reports.actions.writing import FactsInput, locked
from reports.models import Approval, Paper, PaperFile, PaperJobKind, ScanHit, Section, Side
from reports.papers.composition import sha256, typed_text
from reports.workflow import PAPER, check_release_name

# Said by the form by its field, and by the action where no form asked.
REASON_MISSING = "Enter why the name can be published"
CORRECTION_MISSING = "Enter what the new version corrects"


@dataclass(frozen=True)
class ReleaseNameInput:
    """Why the name can be published."""

    reason: str


@requires(PAPER["release-name"], "core.read_exempt")
@transaction.atomic
def release_name(hit_id: int, *, by: User, given: ReleaseNameInput, now: datetime) -> Paper:
    """Say, by a second person and on the record, that a name can be published, wherever it stands
    in the public file.

    Raises `NotAllowed`: `wrong-state`, `file-gone`, `already-released`, `same-person`,
    `reason-missing`.
    """
    hit = ScanHit.objects.select_related("file").get(pk=hit_id)
    # The paper first, then the hit again: two people may release the same name at once.
    paper = locked(hit.file.paper_id)
    hit = (
        ScanHit.objects.select_related("file__paper").select_for_update(of=("self",)).get(pk=hit_id)
    )
    check_release_name(hit, by, now)
    reason = given.reason.strip()
    if not reason:
        raise NotAllowed("reason-missing", REASON_MISSING, "reason")
    mentions = ScanHit.objects.outstanding().filter(file=hit.file, name=hit.name)
    released = [mention.pk for mention in mentions]
    mentions.update(released_by=by, released_at=now, reason=reason)
    # Ids only: the record is read by more people than may know the name.
    events.record("paper.name_released", by=by, about=paper, after={"hits": released})
    clear_if_clear(paper)
    return paper


@dataclass(frozen=True)
class ApprovalInput:
    """The SHA-256 of both files as the approver was shown them."""

    public_sha256: str
    exempt_sha256: str


@requires(PAPER["approve"], "reports.read_exempt_paper")
@transaction.atomic
def approve(paper_id: int, *, by: User, given: ApprovalInput, now: datetime) -> Paper:
    """Seal the bytes of both files: the ones whose hashes the approver was shown, and no others.

    A paper must be open to inspection five clear days before its meeting (Local Government Act
    1972, section 100B); the council's own policy asks for a second person.

    Raises `NotAllowed`: `wrong-state`, `same-person`, `stale-version`, `scan-failed`, and
    `newly-exempt` when a name in the public file became exempt since its scan: whoever asked then
    calls `scan_again`, which is kept although this was refused.
    """
    paper = locked(paper_id)
    seen = {Side.PUBLIC: given.public_sha256, Side.EXEMPT: given.exempt_sha256}
    PAPER.check(paper, "approve", by, now, seen)
    files = {Side(file.side): file for file in paper.files.current().select_related("job")}
    # What is sealed are the bytes themselves, not what their rows say of them.
    if {side: sha256(bytes(file.content)) for side, file in files.items()} != seen:
        raise NotAllowed("stale-version", PAPER.stale)
    # A suspension may have been proposed between the scan and now.
    if _newly_exempt(files[Side.PUBLIC], timezone.localdate(now)):
        raise NotAllowed(
            "newly-exempt",
            "A name in the public file has become exempt since the scan. We are scanning the file"
            " again.",
        )
    Approval.objects.create(
        paper=paper,
        approved_by=by,
        approved_at=now,
        author_id=paper.started_by_id,
        asked_by_id=files[Side.PUBLIC].made_for_id,
        public_sha256=given.public_sha256,
        exempt_sha256=given.exempt_sha256,
    )
    PAPER.apply(paper, "approve", by, now, seen)
    paper.save()
    events.record(
        "paper.approved",
        by=by,
        about=paper,
        after={str(side): value for side, value in seen.items()},
    )
    return paper


@requires(PAPER["rescan"], "reports.read_exempt_paper")
@transaction.atomic
def scan_again(paper_id: int, *, by: User, now: datetime) -> Paper:
    """Take the clearance back and scan the public file against the names that are held now.

    Raises `NotAllowed`: `wrong-state`.
    """
    paper = locked(paper_id)
    PAPER.apply(paper, "rescan", by=by, now=now)
    paper.save()
    add_job(paper, PaperJobKind.SCAN, by=by, now=now)
    events.record("paper.scan_asked_for", by=by, about=paper)
    return paper


def _newly_exempt(file: PaperFile, today: date) -> bool:
    """Whether the public file holds a name that is exempt today and was not released for it.

    Raises `NotAllowed`: `scan-failed`.
    """
    # Not at the top: what reads PDFs takes 30 MB, and most of the processes that know of this
    # module scan nothing.
    from reports.scan import ScanError, scan

    released = set(file.hits.exclude(released_at=None).values_list("name", flat=True))
    names = exempt.held_names(file.paper, today)
    try:
        hits = scan(bytes(file.content), names, typed=typed_text(file.paper_id))
    except ScanError as error:
        raise NotAllowed("scan-failed", str(error)) from error
    return any(hit.name[:250] not in released for hit in hits)


@requires(PAPER["read-public"])
@transaction.atomic
def read_public(paper_id: int, *, by: User) -> PaperFile:
    """The public file, for reading.

    Raises `NotAllowed`: `wrong-state` before the scan is clear, `not-published` before the approval
    without the right to exempt matter, `file-missing`, `seal-broken` if its bytes have changed.
    """
    paper = Paper.objects.get(pk=paper_id)
    PAPER.check(paper, "read-public", by)
    return _read(paper, Side.PUBLIC, by=by)


@requires("reports.read_exempt_paper", "core.read_exempt")
@transaction.atomic
def read_exempt(paper_id: int, *, by: User) -> PaperFile:
    """The Exempt Appendix, for someone with the right to it; the record says who.

    Raises `NotAllowed`: `file-missing`, `seal-broken`.
    """
    return _read(Paper.objects.get(pk=paper_id), Side.EXEMPT, by=by)


def _read(paper: Paper, side: Side, *, by: User) -> PaperFile:
    # Compared at every reading: a row can be changed by whoever owns the database.
    file = paper.files.current().filter(side=side).first()
    if file is None:
        raise NotAllowed("file-missing", "This file has not been made yet.")
    seal = (
        Approval.objects.filter(paper=paper).values_list(f"{side}_sha256", flat=True).first()
        or file.sha256
    )
    if sha256(bytes(file.content)) != seal:
        raise NotAllowed(
            "seal-broken", "This file is not the one that was sealed. Tell your administrator."
        )
    events.record(f"paper.{side}_file_read", by=by, about=paper, after={"sha256": file.sha256})
    return file


@dataclass(frozen=True)
class CorrectionInput:
    """What the new version corrects."""

    correction: str


@requires(PAPER["start-new-version"])
@transaction.atomic
def start_new_version(paper_id: int, *, by: User, given: CorrectionInput) -> Paper:
    """Start a draft that will replace an approved paper and says what it corrects.

    Its text is copied, to be released anew.

    Raises `NotAllowed`: `wrong-state`, `later-version`, `correction-missing`.
    """
    old = locked(paper_id)
    PAPER.apply(old, "start-new-version", by=by)
    correction = given.correction.strip()
    if not correction:
        raise NotAllowed("correction-missing", CORRECTION_MISSING, "correction")
    paper = Paper(
        **{fact.name: getattr(old, fact.name) for fact in fields(FactsInput)},
        version=old.version + 1,
        replaces=old,
        correction=correction,
        started_by=by,
    )
    PAPER.apply(paper, "start", by=by)
    paper.save()
    # Without the releases: whoever releases the new version reads all of it again.
    Section.objects.bulk_create(
        Section(
            paper=paper,
            order=section.order,
            part=section.part,
            heading=section.heading,
            level=section.level,
            body=section.body,
            written_by_id=section.written_by_id,
            written_at=section.written_at,
        )
        for section in old.sections.all()
    )
    events.record("paper.new_version_started", by=by, about=paper, after={"replaces": old.pk})
    return paper
