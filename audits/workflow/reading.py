"""How a report stood when whoever decides about it opened its page: a decision is about that."""

from dataclasses import asdict, dataclass, fields

from audits.models import AuditReport, VisitOutcome
from core.workflow import NotAllowed

BETWEEN = "~"


@dataclass(frozen=True)
class _Read:
    """The parts that a decision rests on, each as text. Answers, findings and the summary change
    only when the visit is completed anew or by a correction.
    """

    drafted: str
    outcome: str
    cap: str
    score: str
    points: str
    answered: str
    corrections: str


def token(report: AuditReport) -> str:
    """What a form carries, hidden, to say how the report stood when it was opened."""
    return _joined(_read(report))


def check_read(report: AuditReport, seen: str) -> None:
    """Whether the report still stands as it was read. Ask with its row held.

    Raises `NotAllowed`: `stale-version`, with what has changed since.
    """
    now = _read(report)
    if seen == _joined(now):
        return
    parts = (seen or "").split(BETWEEN)
    was = _Read(*parts) if len(parts) == len(fields(_Read)) else None
    changed = "".join(f" {sentence}" for sentence in _since(was, now)) if was else ""
    raise NotAllowed(
        "stale-version",
        f"This report has changed since you opened the page.{changed} Read it again, then decide.",
    )


def _joined(read: _Read) -> str:
    return BETWEEN.join(asdict(read).values())


def _read(report: AuditReport) -> _Read:
    points = report.provider_comments
    return _Read(
        drafted=report.drafted_at.isoformat() if report.drafted_at else "",
        outcome=report.standing_outcome,
        cap=report.cap,
        score=str(report.visit.score),
        points=str(points.count()),
        answered=str(points.exclude(answered_at=None).count()),
        corrections=str(report.corrections.count()),
    )


def _since(was: _Read, now: _Read) -> list[str]:
    said = []
    if was.drafted != now.drafted:
        said.append("The visit was opened again and completed anew.")
    if was.outcome != now.outcome:
        said.append(f"The outcome was {_label(was.outcome)} and is {_label(now.outcome)}.")
    if was.score != now.score:
        said.append(f"The score was {was.score}% and is {now.score}%.")
    if was.cap != now.cap:
        said.append("What the answers allow at best is another.")
    if was.points != now.points:
        said.append("The provider made another point.")
    if was.answered != now.answered:
        said.append("A point of the provider was answered.")
    if was.corrections != now.corrections:
        said.append("A finding, an answer or the summary was corrected.")
    return said


def _label(outcome: str) -> str:
    # What was sent is read back: it need not be one of ours.
    return VisitOutcome(outcome).label if outcome in VisitOutcome.values else "none"
