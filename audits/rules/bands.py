"""Which band a service has. Pure: it takes what is known of a service and reads no database.

Source: the council's own rules of bands (`BandRule`), by which fees and monitoring are set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from audits.models import BandRule, VisitOutcome
from audits.models.bands import LOWEST
from audits.rules.scoring import OUTCOME_ORDER
from audits.rules.words import high_risk_concerns, overdue_actions
from ratings.vocabulary import RatingWord

# Worst first, as OUTCOME_ORDER is.
CQC_ORDER = [
    RatingWord.INADEQUATE,
    RatingWord.REQUIRES_IMPROVEMENT,
    RatingWord.GOOD,
    RatingWord.OUTSTANDING,
]


@dataclass(frozen=True)
class BandBasis:
    """What a band is decided by. `cqc` is the lowest overall rating that stands, empty for a
    service that is not rated.
    """

    outcome: str
    score: Decimal
    cqc: str = ""
    overdue_actions: int = 0
    high_concerns: int = 0


@dataclass(frozen=True)
class Banded:
    """A band, and each sentence of why it is that one."""

    band: int
    why: tuple[str, ...]


def band_for(basis: BandBasis, rules: Sequence[BandRule]) -> Banded:
    """The best band of which the service meets every condition; `why` names what kept it from the
    band above.

    A service that CQC has not rated meets a condition on CQC's rating: it cannot help that.
    Bettering any one thing therefore never gives a worse band.
    """
    # Of each band tried only the last one's reasons are kept: they say what one step up needs.
    missed: list[str] = []
    for rule in sorted(rules, key=lambda rule: rule.band):
        unmet = _unmet(basis, rule)
        if not unmet:
            return Banded(
                rule.band, tuple(missed) or (f"Meets every condition of band {rule.band}.",)
            )
        missed = [f"Not band {rule.band}: {what}." for what in unmet]
    return Banded(LOWEST, tuple(missed))


def _unmet(basis: BandBasis, rule: BandRule) -> list[str]:
    unmet = []
    place = OUTCOME_ORDER.index
    if place(VisitOutcome(basis.outcome)) < place(VisitOutcome(rule.outcome_at_least)):
        unmet.append(f"the audit’s outcome is {VisitOutcome(basis.outcome).label}")
    if basis.score < rule.score_at_least:
        unmet.append(f"the audit’s score is {basis.score}%, below {rule.score_at_least}%")
    if (
        rule.cqc_at_least
        and basis.cqc
        and CQC_ORDER.index(RatingWord(basis.cqc)) < CQC_ORDER.index(RatingWord(rule.cqc_at_least))
    ):
        unmet.append(f"CQC rates it {RatingWord(basis.cqc).label}")
    if rule.no_overdue_actions and basis.overdue_actions:
        unmet.append(overdue_actions(basis.overdue_actions))
    if rule.no_high_concerns and basis.high_concerns:
        unmet.append(high_risk_concerns(basis.high_concerns))
    return unmet
