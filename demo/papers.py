"""Two papers: one issued for the coming meeting, one being written for the meeting after it.

`start` belongs to the loading. `issue` follows once that is committed, since the public worker, a
process with a login of its own, computes and renders the public side.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from core import versions
from core.events import happening_at
from core.models import CouncilProfile, User
from demo.context import DemoContext
from demo.narrative import DRAFT, ISSUED
from demo.record import at
from providers.models import Service
from ratings.vocabulary import RatingWord
from reports.actions import clearing, jobs, making, writing
from reports.models import Paper, PaperStatus, Side
from suspensions.models import Suspension

ROOT = Path(__file__).resolve().parent.parent
TITLE = "Market management position statement"
LOGINS = ("DATABASE_URL", "OWNER_DATABASE_URL", "ADMIN_DATABASE_URL", "BACKUP_DATABASE_URL")


def start(context: DemoContext) -> None:
    """Start both papers and write their sections."""
    today, staff = context.today, context.staff
    first_as_at = today - timedelta(10)
    facts = _facts(monday_from(today + timedelta(10)), first_as_at, today - timedelta(100), "8")
    now = at(context.day(6), 11)
    with happening_at(now):
        issued = writing.start_paper(given=facts, by=staff.seniors[0])
        _write(issued, ISSUED, context, [staff.seniors[0], staff.officers[0]], now)
    facts = _facts(monday_from(today + timedelta(70)), today, first_as_at, "")
    now = at(context.day(1), 15)
    with happening_at(now):
        draft = writing.start_paper(given=facts, by=staff.seniors[1])
        _write(draft, DRAFT, context, [staff.seniors[1], staff.officers[1]], now)


def monday_from(day: date) -> date:
    """That day or the first Monday after it: when the committee meets."""
    return day + timedelta(-day.weekday() % 7)


def _facts(meeting_on: date, as_at: date, since: date, agenda_item: str) -> writing.FactsInput:
    profile = CouncilProfile.objects.get()
    return writing.FactsInput(
        title=TITLE,
        committee=profile.committee_name,
        meeting_on=meeting_on,
        as_at=as_at,
        since=since,
        agenda_item=agenda_item,
        report_of=profile.report_of,
        signatory_name=profile.signatory_name,
        exempt_paragraph=profile.exempt_paragraph,
        public_interest=profile.exempt_reasoning,
    )


def _write(
    paper: Paper,
    bodies: dict[str, str],
    context: DemoContext,
    writers: list[User],
    now: datetime,
) -> None:
    words = {
        "services": Service.objects.open_on(context.today).count(),
        "region": CouncilProfile.objects.get().region_name,
        "example": _example(context),
    }
    written = paper.sections.filter(heading__in=bodies).order_by("order")
    for order, section in enumerate(written):
        body = bodies[section.heading].format(**words)
        by = writers[order % len(writers)]
        given = writing.SectionInput(section.heading, body, versions.seen_of(section))
        writing.write_section(section.pk, by=by, given=given, now=now)


def _example(context: DemoContext) -> str:
    """A service to praise by name: well rated, and of no name that the scan could take for a
    suspended one.
    """
    held = {
        name.split()[0]
        for names in Suspension.objects.values_list("service__name", "service__provider__name")
        for name in names
    }
    fitting = [
        service.name
        for number, service in sorted(context.register.services.items())
        if service.closed_on is None and service.name.split()[0] not in held
        and context.worst_rating(number) in (RatingWord.OUTSTANDING, RatingWord.GOOD)
    ]  # fmt: skip
    return fitting[0] if fitting else "A residential home in the county"


def issue(today: date, say: Callable[[str], None]) -> None:
    """Take the first paper through figures, release, files, scan and approval, each step by someone
    who may.

    Where the public worker cannot run here the paper stays as far as it came: the workers take it
    up.
    """
    # Of a demonstration that is dated from a past day: as that day ended.
    now = min(timezone.now(), at(today, 23, 59))
    paper = Paper.objects.order_by("pk").first()
    manager = User.objects.get(username="manager")
    director = User.objects.get(username="director")
    if paper is None or paper.status != PaperStatus.DRAFT:
        return
    making.freeze_figures(paper.pk, by=manager, now=now)
    _work_publicly()
    jobs.sweep()
    for section in paper.sections.unreleased().order_by("order"):
        writing.release_section(section.pk, by=manager, now=now)
    paper.refresh_from_db()
    if paper.status != PaperStatus.RELEASED:
        say("The figures of the first paper are left to the workers.")
        return
    making.render(paper.pk, by=manager, now=now)
    _work_publicly()
    jobs.sweep()
    paper.refresh_from_db()
    if paper.status != PaperStatus.SCANNED:
        say("The files of the first paper are left to the workers and the release desk.")
        return
    seals = {file.side: file.sha256 for file in paper.files.current().defer("content")}
    clearing.approve(
        paper.pk,
        by=director,
        given=clearing.ApprovalInput(seals[Side.PUBLIC], seals[Side.EXEMPT]),
        now=now,
    )


def _work_publicly() -> None:
    """Do the public worker's jobs in a process that holds its login and no other."""
    environment = {key: value for key, value in os.environ.items() if key not in LOGINS}
    environment |= {
        "CAREQUALITY_PROCESS": "public",
        "DJANGO_SETTINGS_MODULE": "carequality.settings",
    }
    code = "import django; django.setup(); from reports import public_work; public_work.work()"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=False)  # noqa: S603 - our own code
