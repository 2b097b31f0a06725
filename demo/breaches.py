"""The breaches that officers recorded from CQC's reports on fictitious places that it thinks badly
of.
"""

from datetime import timedelta
from random import Random

from audits.actions import breaches
from audits.models import Regulation
from core.events import happening_at
from demo.context import DemoContext
from demo.record import at
from demo.world import SEED
from ratings.vocabulary import RatingWord

FOUND = {
    Regulation.SAFE_CARE: (
        "Medicines were not always given as prescribed, and risks of falls were not reviewed after"
        " a fall."
    ),
    Regulation.GOVERNANCE: "Audits were done and nothing followed from what they found.",
    Regulation.STAFFING: "There were not enough staff at weekends, and training had lapsed.",
    Regulation.PERSON_CENTRED: "Care plans were alike and did not say what mattered to people.",
}
OFTEN = {RatingWord.INADEQUATE: 3, RatingWord.REQUIRES_IMPROVEMENT: 1}


def load(context: DemoContext) -> None:
    rng = Random(f"{SEED}:breaches")
    for number, service in context.register.services.items():
        place = context.register.planned[number].place
        rating = context.worst_rating(number)
        if place is None or rating not in OFTEN or service.closed_on is not None:
            continue
        report = [
            r for r in context.world.places[place].reports if r.published_on <= context.today
        ][-1]
        recorded_on = min(report.published_on + timedelta(2), context.today)
        with happening_at(at(recorded_on, 9)):
            for regulation in rng.sample(list(FOUND), OFTEN[rating]):
                breaches.record_breach(
                    service,
                    by=rng.choice(context.staff.officers),
                    given=breaches.BreachInput(
                        regulation=regulation,
                        published_on=report.published_on,
                        what=FOUND[regulation],
                    ),
                    today=recorded_on,
                    now=at(recorded_on, 9),
                )
