"""From the scan to the approval: names released, files read, both files sealed, and a later version."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from carequality import events
from carequality.models import User
from carequality.refusals import Refused
from reports import exempt, rules
from reports.actions.jobs import add_job, clear_if_clear
from reports.actions.writing import locked
from reports.models import Approval, JobKind, Paper, PaperFile, PaperStatus, ScanHit, Section, Side
from reports.papers.composition import sha256, typed_text
from reports.scan import ScanError, scan


@transaction.atomic
def release_name(hit_id: int, *, by: User, reason: str) -> Paper:
    """Say, by a second person and on the record, that a name rightly stands in the public file, wherever it does."""
    hit = ScanHit.objects.select_related("file").get(pk=hit_id)
    paper = locked(hit.file.paper_id)
    hit = ScanHit.objects.select_related("file__paper").select_for_update(of=("self",)).get(pk=hit_id)
    if why_not := rules.why_not_release_name(hit, by):
        raise Refused(why_not)
    if not reason.strip():
        raise Refused("Say why the name may stand in public.")
    places = ScanHit.objects.outstanding().filter(file=hit.file, name=hit.name)
    released = [place.pk for place in places]
    places.update(released_by=by, released_at=timezone.now(), reason=reason.strip())
    # Ids only: the record is read by more people than may know the name.
    events.record("paper.name_released", by=by, about=paper, after={"hits": released})
    clear_if_clear(paper)
    return paper


def approve(paper_id: int, *, by: User, public_sha256: str, exempt_sha256: str, today: date) -> Paper:
    """Seal the bytes of both files: the ones whose hashes the approver was shown, and no others.

    Raises `Refused` also when a name in the public file became exempt since its scan: it is then scanned again.
    """
    paper = _approve(paper_id, {Side.PUBLIC: public_sha256, Side.EXEMPT: exempt_sha256}, by=by, today=today)
    if not paper.is_approved:
        # Said here, after the change is kept: the paper is no longer clear.
        raise Refused(
            "Since the scan, a name in the public file has become exempt. It is being scanned again."
        )
    return paper


@transaction.atomic
def _approve(paper_id: int, shown: dict[Side, str], *, by: User, today: date) -> Paper:
    paper = locked(paper_id)
    if why_not := rules.why_not_approve(paper, by):
        raise Refused(why_not)
    files = {Side(file.side): file for file in paper.files.current().select_related("job")}
    if {side: sha256(bytes(file.content)) for side, file in files.items()} != shown:
        raise Refused("The files are not those that you were shown. Look at them again.")
    if _newly_exempt(files[Side.PUBLIC], today):
        paper.status = PaperStatus.RENDERED
        paper.save()
        add_job(paper, JobKind.SCAN, by=by)
        events.record("paper.scan_asked_for", by=by, about=paper)
        return paper
    Approval.objects.create(
        paper=paper,
        approved_by=by,
        approved_at=timezone.now(),
        author_id=paper.started_by_id,
        asked_by_id=files[Side.PUBLIC].made_for_id,
        public_sha256=shown[Side.PUBLIC],
        exempt_sha256=shown[Side.EXEMPT],
    )
    paper.status = PaperStatus.APPROVED
    paper.save()
    events.record(
        "paper.approved", by=by, about=paper, after={str(side): value for side, value in shown.items()}
    )
    return paper


def _newly_exempt(file: PaperFile, today: date) -> bool:
    """Whether the public file holds a name that is held exempt today and was not released for it."""
    released = set(file.hits.exclude(released_at=None).values_list("name", flat=True))
    names = exempt.held_names(file.paper, today)
    try:
        hits = scan(bytes(file.content), names, typed=typed_text(file.paper_id))
    except ScanError as error:
        raise Refused(str(error)) from error
    return any(hit.name[:250] not in released for hit in hits)


@transaction.atomic
def read_public(paper_id: int, *, by: User) -> PaperFile:
    """The public file, for reading. Raises `Refused` before the scan is clear or if its bytes have changed."""
    paper = Paper.objects.get(pk=paper_id)
    if why_not := rules.why_not_read_public(paper):
        raise Refused(why_not)
    return _read(paper, Side.PUBLIC, by=by)


@transaction.atomic
def read_exempt(paper_id: int, *, by: User) -> PaperFile:
    """The Exempt Appendix, for someone with the right to it; the record says who."""
    return _read(Paper.objects.get(pk=paper_id), Side.EXEMPT, by=by)


def _read(paper: Paper, side: Side, *, by: User) -> PaperFile:
    file = paper.files.current().filter(side=side).first()
    if file is None:
        raise Refused("That file has not been made.")
    seal = (
        Approval.objects.filter(paper=paper).values_list(f"{side}_sha256", flat=True).first() or file.sha256
    )
    if sha256(bytes(file.content)) != seal:
        raise Refused("The file is not the one that was sealed. Tell your administrator.")
    events.record(f"paper.{side}_file_read", by=by, about=paper, after={"sha256": file.sha256})
    return file


@transaction.atomic
def start_new_version(paper_id: int, *, by: User, correction: str) -> Paper:
    """A draft that will replace an approved paper and says what it corrects; its text is copied, to be released anew."""
    old = locked(paper_id)
    if why_not := rules.why_not_new_version(old):
        raise Refused(why_not)
    if not correction.strip():
        raise Refused("Say what this version corrects.")
    kept = (
        "title",
        "committee",
        "meeting_on",
        "as_at",
        "since",
        "agenda_item",
        "report_of",
        "signatory_name",
    )
    more = ("exempt_paragraph", "public_interest", "suspension_grouping")
    paper = Paper.objects.create(
        **{name: getattr(old, name) for name in (*kept, *more)},
        version=old.version + 1,
        replaces=old,
        correction=correction.strip(),
        started_by=by,
    )
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
