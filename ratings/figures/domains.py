"""Key questions and the overall rating, by sector: how many are in each rating."""

from datetime import date, datetime

from carequality.figures import Column, Figure, Row
from ratings.figures import words
from ratings.figures.places import authority_named, places, sectors_of
from ratings.figures.tallies import RATING_COLUMNS, Tally


def ratings_by_domain(as_at: date, known_at: datetime | None = None, authority: str | None = None) -> Figure:
    """One row for each sector and key question, the overall rating first. Source: CQC's locations and ratings."""
    own = authority_named(authority)
    questions = [key for key, _ in words.QUESTIONS]
    found = places(as_at, authorities=[own], known_at=known_at, questions=questions)
    rows = []
    for sector, label in sectors_of(found):
        there = [place for place in found if place.is_in(sector)]
        for question, asked in words.QUESTIONS:
            tally = Tally()
            for place in there:
                tally.add(place.rating_on(as_at, sector, question), place.location_id)
            rows.append(Row((label, asked, *tally.cells()), tally.behind()))
    return Figure(
        name="ratings-by-domain",
        title="Ratings by key question",
        as_at=as_at,
        authority=own,
        columns=(Column("sector", "Sector"), Column("question", "Key question"), *RATING_COLUMNS),
        rows=tuple(rows),
        notes=(
            words.OF_RATED,
            words.ROUNDED,
            words.ONCE_IN_ALL,
            words.UNDER_EACH_TYPE,
            words.REGISTERED,
            words.SOURCE,
        ),
    )
