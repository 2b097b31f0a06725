"""Invented words: no place, company or person of these names is meant to exist.

Telephone numbers are of the range that Ofcom keeps for drama (01632 960xxx), email of the reserved
domain `example.test`, postcodes of an area that the Royal Mail does not have (ZZ), and ids of a
series that neither CQC nor Companies House gives out.
"""

from random import Random

FIRST = [
    "Acorn",
    "Bellow",
    "Button",
    "Candle",
    "Cobweb",
    "Dapple",
    "Ember",
    "Feather",
    "Fiddle",
    "Gossamer",
    "Harvest",
    "Inkwell",
    "Jubilee",
    "Kindle",
    "Lantern",
    "Lullaby",
    "Marble",
    "Nutmeg",
    "Pebble",
    "Quill",
    "Ribbon",
    "Saffron",
    "Spindle",
    "Teasel",
    "Thimble",
    "Trinket",
    "Velvet",
    "Whistle",
]
LAST = [
    "bourne",
    "combe",
    "croft",
    "den",
    "fen",
    "garth",
    "hithe",
    "holt",
    "leaze",
    "mere",
    "pool",
    "stead",
    "wick",
    "worth",
]

HOMES = [
    "House",
    "Lodge",
    "Court",
    "Grange",
    "View",
    "Manor",
    "Hall",
    "Gardens",
    "Lea",
    "Rest",
    "Cottage",
    "Meadows",
]
STREETS = ["Lane", "Street", "Road", "Way", "Avenue", "Close", "Row", "Walk"]
COMPANY_ENDINGS = (
    "Care",
    "Care Homes",
    "Community Care",
    "Healthcare",
    "Living",
    "Support",
    "Care and Support",
)

FIRST_NAMES = [
    "Amara",
    "Bilal",
    "Carys",
    "Dev",
    "Esther",
    "Farah",
    "Gwen",
    "Hari",
    "Iona",
    "Jonah",
    "Keziah",
    "Leila",
    "Magnus",
    "Nadia",
    "Oren",
    "Priya",
    "Rhona",
    "Samir",
    "Tamsin",
    "Umar",
    "Verity",
    "Wendell",
    "Yusuf",
    "Zora",
]


def coined(rng: Random) -> str:
    """A coined place-name, such as Quillmere."""
    return rng.choice(FIRST) + rng.choice(LAST)


def person(rng: Random) -> str:
    return f"{rng.choice(FIRST_NAMES)} {coined(rng)}"


def address(rng: Random) -> str:
    return f"{rng.randint(1, 240)} {coined(rng)} {rng.choice(STREETS)}"


def postcode(rng: Random, area: int) -> str:
    """A postcode that does not exist; `area` tells one authority from another."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"ZZ{area % 99 + 1} {rng.randint(1, 9)}{rng.choice(letters)}{rng.choice(letters)}"


def phone(rng: Random) -> str:
    return f"01632 960{rng.randint(0, 999):03d}"
