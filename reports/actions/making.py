"""Freezing the figures and making the files: asked for here, done by workers (`actions/jobs.py`, `public_work.py`)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from carequality import events
from carequality.models import User
from carequality.refusals import Refused
from reports import exempt, rules
from reports.actions.jobs import add_job, drop_jobs
from reports.actions.writing import locked, settle_narrative
from reports.models import FrozenFigures, JobKind, Paper, PaperStatus, Side


@transaction.atomic
def freeze_figures(paper_id: int, *, by: User, today: date) -> Paper:
    """Approve the as-at day and the grouping, keep the exempt figures, and ask the public process for its own."""
    paper = locked(paper_id)
    if why_not := rules.why_not_freeze(paper, today):
        raise Refused(why_not)
    FrozenFigures.objects.update_or_create(
        paper=paper,
        side=Side.EXEMPT,
        defaults={"data": exempt.stories(paper.as_at, paper.since), "frozen_at": timezone.now()},
    )
    add_job(paper, JobKind.FIGURES, by=by)
    events.record(
        "paper.figures_asked_for",
        by=by,
        about=paper,
        after={"as_at": paper.as_at.isoformat(), "suspension_grouping": paper.suspension_grouping},
    )
    return paper


@transaction.atomic
def thaw_figures(paper_id: int, *, by: User) -> Paper:
    """Throw frozen figures away, so that the day or the grouping can change. What is released stays released."""
    paper = locked(paper_id)
    if why_not := rules.why_not_thaw(paper):
        raise Refused(why_not)
    drop_jobs(paper)
    paper.figures.all().delete()
    paper.status = PaperStatus.DRAFT
    paper.save()
    events.record("paper.figures_thawed", by=by, about=paper)
    return paper


@transaction.atomic
def render(paper_id: int, *, by: User) -> Paper:
    """Ask for both files. The scan follows by itself when both stand."""
    paper = locked(paper_id)
    if why_not := rules.why_not_render(paper):
        raise Refused(why_not)
    # Of an attempt that failed in part one file may stand, of a text that has changed since.
    paper.files.current().update(superseded_at=timezone.now())
    add_job(paper, JobKind.PUBLIC, by=by)
    add_job(paper, JobKind.EXEMPT, by=by)
    events.record("paper.files_asked_for", by=by, about=paper)
    return paper


@transaction.atomic
def take_back(paper_id: int, *, by: User) -> Paper:
    """Give up the files, made or in the making, and return to the narrative."""
    paper = locked(paper_id)
    if why_not := rules.why_not_take_back(paper):
        raise Refused(why_not)
    drop_jobs(paper)
    paper.files.current().update(superseded_at=timezone.now())
    paper.status = PaperStatus.RELEASED
    paper.save()
    settle_narrative(paper)
    events.record("paper.files_taken_back", by=by, about=paper)
    return paper
