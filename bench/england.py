"""An England of the mind: as many locations and ratings as CQC's, drawn from one seed, none of them
real.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

LOCATIONS, RATED = 57_000, 54_000  # six ratings each of those that are rated: 324,000
QUESTIONS = ("Overall", "Safe", "Effective", "Caring", "Responsive", "Well-led")
RATINGS = ("Good", "Requires improvement", "Outstanding", "Inadequate")
WEIGHTS = (75, 17, 5, 3)
TYPES = (
    ("Care home service without nursing", "Residential social care", 30),
    ("Care home service with nursing", "Residential social care", 10),
    ("Domiciliary care service", "Community based adult social care services", 35),
    ("Supported living service", "Community based adult social care services", 10),
    ("Extra Care housing services", "Community based adult social care services", 4),
    ("Shared Lives", "Community based adult social care services", 1),
    ("Dental service", "Dentists", 10),
)
REGIONS = (
    "East",
    "East Midlands",
    "London",
    "North East",
    "North West",
    "South East",
    "South West",
    "West Midlands",
)
AUTHORITIES = tuple(f"Authority {number:03}" for number in range(152))
FIRST = (
    "Elm",
    "Oak",
    "Mill",
    "Church",
    "Station",
    "River",
    "Hill",
    "Green",
    "Park",
    "Abbey",
    "Manor",
    "Rose",
)
SECOND = (
    "House",
    "Lodge",
    "Court",
    "View",
    "Homecare",
    "Support",
    "Grange",
    "Place",
    "Gardens",
    "Care",
)


@dataclass(frozen=True, slots=True)
class EnglishLocation:
    """One location as a file prints it."""

    location_id: str
    provider_id: str
    name: str
    kind: str
    category: str
    street: str
    town: str
    postcode: str
    authority: str
    region: str
    beds: int
    registered_on: date
    inherited: bool
    ratings: tuple[tuple[str, str, date], ...]  # key question, rating, day of publication

    @property
    def is_care_home(self) -> bool:
        return self.kind.startswith("Care home")

    @property
    def is_social_care(self) -> bool:
        return "social care" in self.category


def places(
    share: float = 1.0, *, as_at: date = date(2026, 7, 1), seed: int = 7
) -> Iterator[EnglishLocation]:
    """The places of that share of England, as they are rated on a day; the same seed gives the same
    places.

    Each is rated again every two to four years, so that an earlier day gives an earlier rating.
    """
    kinds = [(kind, category) for kind, category, _ in TYPES]
    weights = [weight for *_, weight in TYPES]
    for number in range(round(LOCATIONS * share)):
        dice = random.Random(seed * 10_000_019 + number)
        [(kind, category)] = dice.choices(kinds, weights)
        authority = dice.randrange(len(AUTHORITIES))
        registered_on = date(2010, 10, 1) + timedelta(days=dice.randrange(1_200))
        yield EnglishLocation(
            location_id=f"1-{100_000_000 + number}",
            provider_id=f"1-{200_000_000 + number // 3}",
            name=f"{dice.choice(FIRST)} {dice.choice(SECOND)} {number}",
            kind=kind,
            category=category,
            street=f"{dice.randrange(1, 200)} {dice.choice(FIRST)} Street",
            town=f"Town {authority}",
            postcode=(
                f"ZZ{authority % 90 + 1}"
                f" {number % 10}{chr(65 + number % 20)}{chr(65 + number % 19)}"
            ),
            authority=AUTHORITIES[authority],
            region=REGIONS[authority % len(REGIONS)],
            beds=dice.randrange(4, 90) if kind.startswith("Care home") else 0,
            registered_on=registered_on,
            inherited=dice.random() < 0.05,
            ratings=_ratings(dice, as_at) if number < round(RATED * share) else (),
        )


def _ratings(dice: random.Random, as_at: date) -> tuple[tuple[str, str, date], ...]:
    published_on = date(2014, 10, 1) + timedelta(days=dice.randrange(500))
    found: tuple[tuple[str, str, date], ...] = ()
    while published_on <= as_at:
        overall, *questions = dice.choices(RATINGS, WEIGHTS, k=6)
        found = tuple(
            (question, rating, published_on)
            for question, rating in zip(QUESTIONS, (overall, *questions), strict=True)
        )
        published_on += timedelta(days=dice.randrange(700, 1_500))
    return found
