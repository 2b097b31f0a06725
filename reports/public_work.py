"""The public worker: claims a job, computes figures or renders the paper, and hands the result in.

It runs in a process of its own with the login `carequality_public`, mounts no files, and reads and
writes only through the schema `published`.
"""

import logging
import uuid
from typing import Any, NamedTuple

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from core.jobs import queue
from documents.pdf import PdfError
from reports import figures
from reports.models import Paper, PaperJobKind
from reports.papers import composition, rendering

logger = logging.getLogger(__name__)


class Claim(NamedTuple):
    job: int
    paper: int
    kind: str
    token: uuid.UUID


def work() -> int:
    """Do jobs until none waits or this process is asked to end; returns how many."""
    # Nothing raises: a job that cannot be done ends with its error, in words for the desk.
    done = 0
    while not queue.stopping.is_set() and (claim := _claim()):
        _do(claim)
        done += 1
    return done


def _claim() -> Claim | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT job, paper, kind, token FROM claim_job()")
        row = cursor.fetchone()
    return Claim(*row) if row and row[0] is not None else None


def _do(claim: Claim) -> None:
    try:
        if claim.kind == PaperJobKind.FIGURES:
            # One moment's view of the ratings for all figures of a paper: a reading of CQC's data
            # may end between two of them.
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                as_at = Paper.objects.values_list("as_at", flat=True).get(pk=claim.paper)
                computed = figures.public_figures(claim.paper, as_at)
            _finish(claim, figures=Jsonb(computed))
        else:
            paper = composition.public_paper(claim.paper)
            content = rendering.public_pdf(
                paper, on_progress=lambda percent, step: _report(claim, percent, step)
            )
            _finish(claim, file=content)
    except PdfError as error:
        _finish(claim, error=str(error))
    except Exception as error:
        logger.exception("Public job %s failed", claim.job)
        _finish(
            claim,
            error=f"Something went wrong ({type(error).__name__}). The log has the details.",
        )


def _report(claim: Claim, percent: int, step: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT report_progress(%s, %s, %s, %s)", [claim.job, claim.token, percent, step]
        )


def _finish(
    claim: Claim, *, figures: Jsonb | None = None, file: bytes | None = None, error: str = ""
) -> None:
    with connection.cursor() as cursor:
        result: Any = [claim.job, claim.token, figures, file, error]
        cursor.execute("SELECT finish_job(%s, %s, %s, %s, %s)", result)
        [mine] = cursor.fetchone() or [False]
    if not mine:
        logger.warning("Public job %s was taken back while it was done.", claim.job)
