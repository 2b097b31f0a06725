"""Freezing the figures and making the files.

Asked for here, done by workers (`actions/jobs.py`, `public_work.py`).
"""

from datetime import datetime

from django.db import transaction

from core import events
from core.models import User
from core.workflow import requires
from reports import exempt
from reports.actions.jobs import add_job, drop_jobs
from reports.actions.writing import locked, settle_narrative
from reports.models import FrozenFigures, Paper, PaperJobKind, Side
from reports.workflow import PAPER


@requires(PAPER["compute-figures"])
@transaction.atomic
def freeze_figures(paper_id: int, *, by: User, now: datetime) -> Paper:
    """Approve the date of the figures and the grouping, keep the exempt figures, and ask the public
    process for its own.

    Raises `NotAllowed`: `wrong-state`, `day-to-come`, `figures-being-computed`.
    """
    paper = locked(paper_id)
    PAPER.apply(paper, "compute-figures", by=by, now=now)
    # Kept now and not by a job: the stories are of the moment at which the day was approved.
    FrozenFigures.objects.update_or_create(
        paper=paper,
        side=Side.EXEMPT,
        defaults={"data": exempt.stories(paper.as_at, paper.since), "frozen_at": now},
    )
    add_job(paper, PaperJobKind.FIGURES, by=by, now=now)
    events.record(
        "paper.figures_asked_for",
        by=by,
        about=paper,
        after={"as_at": paper.as_at.isoformat(), "suspension_grouping": paper.suspension_grouping},
    )
    return paper


@requires(PAPER["unfreeze"])
@transaction.atomic
def unfreeze_figures(paper_id: int, *, by: User, now: datetime) -> Paper:
    """Discard the frozen figures, so that the day or the grouping can change.

    Released sections stay released.

    Raises `NotAllowed`: `wrong-state`, `files-being-made`.
    """
    paper = locked(paper_id)
    PAPER.apply(paper, "unfreeze", by=by, now=now)
    # A job that is computing figures must not hand them in after they were discarded.
    drop_jobs(paper, now=now)
    paper.figures.all().delete()
    paper.save()
    events.record("paper.figures_unfrozen", by=by, about=paper)
    return paper


@requires(PAPER["render"])
@transaction.atomic
def render(paper_id: int, *, by: User, now: datetime) -> Paper:
    """Ask for both files. The scan follows by itself when both are made.

    Raises `NotAllowed`: `wrong-state`, `files-being-made`.
    """
    paper = locked(paper_id)
    PAPER.apply(paper, "render", by=by, now=now)
    # An attempt that failed in part may have left one file, of a text that has changed since.
    paper.files.current().update(superseded_at=now)
    add_job(paper, PaperJobKind.PUBLIC, by=by, now=now)
    add_job(paper, PaperJobKind.EXEMPT, by=by, now=now)
    events.record("paper.files_asked_for", by=by, about=paper)
    return paper


@requires(PAPER["take-back"])
@transaction.atomic
def take_back(paper_id: int, *, by: User, now: datetime) -> Paper:
    """Withdraw the files, made or in the making, and return to the narrative.

    Raises `NotAllowed`: `wrong-state`, `no-files`.
    """
    paper = locked(paper_id)
    PAPER.apply(paper, "take-back", by=by, now=now)
    # First the jobs: without its token a worker can no longer hand a file in.
    drop_jobs(paper, now=now)
    paper.files.current().update(superseded_at=now)
    paper.save()
    settle_narrative(paper)
    events.record("paper.files_taken_back", by=by, about=paper)
    return paper
