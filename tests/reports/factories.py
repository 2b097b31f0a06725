"""Papers to test with: the tables of August 2019 and June 2021, of an invented council."""

from datetime import UTC, date, datetime

from reports.papers import rendering
from reports.papers.content import (
    ExemptAppendix,
    Masthead,
    NotifiedRecipient,
    PaperContact,
    PaperRating,
    PaperSection,
    PublicPaper,
    RatingShares,
    RegionalRow,
    RegionalTable,
    Story,
    StoryMoment,
    SuspensionRow,
    SuspensionTable,
)
from reports.papers.markup import number_paragraphs, parse

AUGUST_2019 = """
Derby|0 12 88 0 0|0 13 87 0 4|0 16 79 5 31
Derbyshire|1 14 82 2 1|4 16 79 2 3|1 9 90 0 25
Leicester|0 33 62 5 5|0 9 87 4 8|0 12 87 1 28
Leicestershire|0 20 80 0 0|0 16 82 2 3|0 15 82 4 17
Lincolnshire|3 17 80 0 6|2 14 80 3 4|2 12 78 8 29
Northamptonshire|5 18 73 3 3|1 12 78 10 5|0 12 85 3 33
Nottingham|0 38 62 0 5|2 12 82 4 14|0 27 67 6 32
Nottinghamshire|10 23 60 7 3|3 15 77 6 9|1 7 86 6 17
Rutland|0 0 100 0 0|0 22 78 0 0|0 0 100 0 11
"""
SERVICE_TYPES = ("Nursing homes", "Residential homes", "Domiciliary care agencies")


def regional_table() -> RegionalTable:
    rows = []
    for line in AUGUST_2019.split("\n"):
        if not line:
            continue
        authority, *groups = line.split("|")
        shares = tuple(RatingShares(*map(int, group.split())) for group in groups)
        rows.append(RegionalRow(authority, authority == "Nottinghamshire", shares))
    return RegionalTable(date(2019, 8, 31), SERVICE_TYPES, tuple(rows))


def suspension_table() -> SuspensionTable:
    ageing_well = ("Gedling", "Bassetlaw", "Newark", "Mansfield", "Ashfield")
    return SuspensionTable(
        date(2021, 6, 1),
        (
            SuspensionRow("Care Home – Ageing Well", 7, "Suspended", ageing_well),
            SuspensionRow("Care Home – Living Well", 2, "Suspended", ("Bassetlaw",)),
            SuspensionRow("Homecare", 2, "Suspended", ("Newark", "Rushcliffe", "Gedling")),
        ),
    )


def masthead(**changes: object) -> Masthead:
    facts: dict = {
        "council": "Eastmoor County Council",
        "committee": "Adult Social Care Committee",
        "meeting_on": date(2021, 6, 14),
        "agenda_item": "11",
        "report_of": "Corporate Director, Adult Social Care",
        "title": "Market management position statement",
        "as_at": date(2021, 6, 1),
        "version": 1,
        "correction": "",
        "made_at": datetime(2021, 5, 20, 9, 30, tzinfo=UTC),
    }
    return Masthead(**{**facts, **changes})


def sections(*typed: tuple[str, str]) -> tuple[PaperSection, ...]:
    made, last = [], 0
    for heading, text in typed:
        blocks, last = number_paragraphs(parse(text), last)
        made.append(PaperSection(heading, blocks))
    return tuple(made)


def public_paper(*typed: tuple[str, str], **changes: object) -> PublicPaper:
    typed = typed or (
        ("Purpose of the report", "To tell the committee:\n- what was done\n- what is to come"),
        ("Ratings", "They compare as follows:\n\n[ratings table]\n\nThat is how they compare."),
        ("Contract suspensions", "These are suspended:\n\n[suspensions table]"),
    )
    facts: dict = {
        "masthead": masthead(),
        "sections": sections(*typed),
        "regional": regional_table(),
        "suspensions": suspension_table(),
        "recommendations": ("Members consider what they need.",),
        "signatory": "Pat Example",
        "signatory_title": "Corporate Director",
        "contact": PaperContact(
            "Sam Sample", "Group Manager", "Adult Social Care", "01632 960000", "sam@example.org"
        ),
        "comments": (),
        "background_papers": (),
        "electoral_divisions": "All.",
    }
    return PublicPaper(**{**facts, **changes})


def story(**changes: object) -> Story:
    facts: dict = {
        "service": "Rosewood Lodge",
        "provider": "Harbour Care Ltd",
        "service_type": "Care home – Ageing Well",
        "district": "Gedling",
        "kind": "full suspension",
        "scope": "",
        "in_force_from": date(2021, 4, 1),
        "lifted_on": None,
        "days": 61,
        "reasons": "Medicines were not given as prescribed.",
        "evidence": "Three visits.",
        "answer": "",
        "welfare": "All residents were seen.",
        "position": "Improving.",
        "history": (StoryMoment(date(2021, 4, 1), "Decided", "Bo Boss"),),
        "notified": (NotifiedRecipient("Healthwatch", None),),
        "ratings": (PaperRating("Overall", "Inadequate", date(2021, 3, 1)),),
    }
    return Story(**{**facts, **changes})


def exempt_appendix(**changes: object) -> ExemptAppendix:
    facts: dict = {
        "masthead": masthead(),
        "paragraph": "3",
        "paragraph_text": "Information relating to the financial affairs of any particular person.",
        "public_interest": "On balance it is better kept exempt.",
        "sections": (),
        "in_force": (story(),),
        "lifted": (),
    }
    return ExemptAppendix(**{**facts, **changes})


def public_pdf(*typed: tuple[str, str]) -> bytes:
    return rendering.public_pdf(public_paper(*typed))
