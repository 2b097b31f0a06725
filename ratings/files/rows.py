"""One row of a file in our words. Nothing is believed unseen: what cannot be used is reported with
its column and reason.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, Protocol

from documents.folding import letters_and_digits
from documents.text import clean_line
from providers.vocabulary import ServiceType
from ratings.cqc import words
from ratings.files import days
from ratings.files.headings import FileKind, Layout
from ratings.vocabulary import KeyQuestion, RatingSource, RatingWord

ADULT_SOCIAL_CARE = "Adult social care"
SOCIAL_CARE_CATEGORIES = {"residentialsocialcare", "communitybasedadultsocialcareservices"}
# The dashboard names its regions by the directors' association, everything else of CQC's does not.
ADASS_REGIONS = {"Greater London": "London", "Yorkshire and Humber": "Yorkshire & Humberside"}
LOCATION_ID = re.compile(r"[A-Z0-9][A-Z0-9_-]{2,29}")
QUESTION_COLUMNS = ("safe", "effective", "caring", "responsive", "well_led")
MOST_BEDS = 5_000


class LocationRow(NamedTuple):
    """What a file says of a location. None where it says nothing."""

    location_id: str
    cqc_provider_id: str | None
    name: str | None
    brand_name: str | None
    directorate: str | None
    is_registered: bool | None
    registered_on: date | None
    deregistered_on: date | None
    is_dormant: bool | None
    is_care_home: bool | None
    beds: int | None
    address: str | None
    postcode: str | None
    local_authority: str | None
    region: str | None
    service_types: tuple[str, ...] | None
    primary_type: str | None
    specialisms: tuple[str, ...] | None
    last_inspected_on: date | None


class RatingRow(NamedTuple):
    """One rating that stood on the file's day."""

    location_id: str
    service_group: str
    service_type: str
    key_question: str
    rating: str
    published_on: date
    source: str
    is_inherited: bool


class ProblemReporter(Protocol):
    """Takes note of what cannot be used."""

    def __call__(
        self, row: int, column: str, value: str, reason: str, *, is_cell: bool = False
    ) -> None: ...


class Rows:
    """Reads the rows of one sheet. `seen` holds the locations met so far and the row of each."""

    def __init__(
        self, layout: Layout, today: date, report: ProblemReporter, seen: dict[str, int]
    ) -> None:
        self.seen = seen
        self.not_ratings = 0
        self._layout = layout
        self._kind = layout.kind
        self._at = layout.at
        self._today = today
        self._report = report
        self._row = 0
        self._cells: Sequence[str] = ()

    def read(
        self, row: int, cells: Sequence[str], locations: list[LocationRow], ratings: list[RatingRow]
    ) -> None:
        """Read a row into the lists; report what cannot be used."""
        self._row, self._cells = row, cells
        location_id = self._text("location_id").upper()
        if not LOCATION_ID.fullmatch(location_id):
            reason = (
                "is not a CQC location id"
                if location_id
                else "is empty, so we cannot tell which location the row is about"
            )
            self._refuse("location_id", location_id, f"Location ID {reason}.")
            return
        before = self.seen.get(location_id)
        if before is None:
            self.seen[location_id] = row
            locations.append(self._location(location_id))
        elif self._kind is not FileKind.RATINGS:
            self._refuse("location_id", location_id, f"Row {before} is about the same location.")
            return
        if self._kind is FileKind.RATINGS:
            self._rating_of_group(location_id, ratings)
        elif self._kind is FileKind.DASHBOARD:
            self._dashboard_ratings(location_id, ratings)
        elif self._kind is not FileKind.DIRECTORY:
            self._overall(location_id, ratings)

    # Ratings

    def _rating_of_group(self, location_id: str, ratings: list[RatingRow]) -> None:
        group, word = self._text("group"), self._text("rating")
        rating = _rating(word)
        if rating is None:
            self._not_a_rating("rating", word)
            return
        question = _question(self._text("question"))
        if question is None:
            self._refuse(
                "question", self._text("question"), "This is not one of CQC’s key questions."
            )
            return
        published_on = self._published_on()
        if published_on is None:
            return
        whole = letters_and_digits(group) in ("", "overall")
        kind = None if whole else words.service_type_of(group)
        assessed = not whole and (
            kind is not None or "assess" in self._text("report_type").casefold()
        )
        ratings.append(
            RatingRow(
                location_id,
                "" if whole else group[:150],
                kind.value if kind else "",
                question.value,
                rating.value,
                published_on,
                (RatingSource.ASSESSMENT if assessed else RatingSource.INSPECTION).value,
                self._yes("inherited") is True,
            )
        )

    def _overall(self, location_id: str, ratings: list[RatingRow]) -> None:
        word = self._text("rating")
        rating = _rating(word)
        if rating is None:
            self._not_a_rating("rating", word, is_cell=True)
            return
        published_on = self._published_on(is_cell=True)
        if published_on is not None:
            inherited = self._yes("inherited") is True
            ratings.append(
                _whole(location_id, KeyQuestion.OVERALL, rating, published_on, inherited)
            )

    def _dashboard_ratings(self, location_id: str, ratings: list[RatingRow]) -> None:
        """The dashboard may print a location's day of registration as its ratings' day of
        publication: no rating is dated by that.
        """
        if _rating(self._text("rating")) is None:
            self._not_a_rating("rating", self._text("rating"), is_cell=True)
            return
        printed = self._text("published_on")
        if printed and days.day_of(printed) == self._day("registered_on"):
            self._refuse(
                "published_on",
                printed,
                "This is the day of registration, not of publication, so we left the ratings out.",
                is_cell=True,
            )
            return
        published_on = self._published_on(is_cell=True)
        if published_on is None:
            return
        for column in ("rating", *QUESTION_COLUMNS):
            question = KeyQuestion.OVERALL if column == "rating" else KeyQuestion(column)
            if (rating := _rating(self._text(column))) is not None:
                ratings.append(_whole(location_id, question, rating, published_on, False))

    def _not_a_rating(self, column: str, word: str, *, is_cell: bool = False) -> None:
        if words.is_known_rating_word(word):
            self.not_ratings += 1
        else:
            self._refuse(column, word, "This is not a rating that we know.", is_cell=is_cell)

    def _published_on(self, *, is_cell: bool = False) -> date | None:
        text = self._text("published_on")
        day = days.day_of(text)
        if day is None:
            reason = (
                "is not a date" if text else "is empty, so we cannot tell when the rating began"
            )
            self._refuse("published_on", text, f"Publication Date {reason}.", is_cell=is_cell)
        elif day > self._today:
            self._refuse(
                "published_on", text, "Publication Date is in the future.", is_cell=is_cell
            )
            return None
        return day

    # The location

    def _location(self, location_id: str) -> LocationRow:
        at = self._at
        types = self._service_types()
        return LocationRow(
            location_id,
            self._said("provider_id", 30, upper=True),
            self._said("name", 300),
            _brand(self._said("brand_name", 200)),
            self._directorate(),
            self._is_registered(),
            self._day("registered_on") if "registered_on" in at else None,
            self._day("deregistered_on") if "deregistered_on" in at else None,
            self._yes("dormant"),
            self._is_care_home(types),
            self._beds() if "beds" in at else None,
            self._address(),
            self._said("postcode", 10, upper=True),
            self._said("local_authority", 80),
            self._region(),
            types,
            _primary(types),
            self._specialisms(),
            self._day("last_inspected_on") if "last_inspected_on" in at else None,
        )

    def _is_registered(self) -> bool | None:
        match self._kind:
            case FileKind.ACTIVE:
                return True
            case FileKind.DEACTIVATED:
                return False
            case FileKind.DASHBOARD:
                return not self._text("deregistered_on")
        return None

    def _is_care_home(self, types: tuple[str, ...] | None) -> bool | None:
        if (said := self._yes("care_home")) is not None or types is None:
            return said
        return any(ServiceType(kind).is_care_home for kind in types)

    def _directorate(self) -> str | None:
        if said := self._said("directorate", 60):
            return said
        if letters_and_digits(self._text("category")) in SOCIAL_CARE_CATEGORIES:
            return ADULT_SOCIAL_CARE
        return (
            ADULT_SOCIAL_CARE
            if letters_and_digits(self._text("location_type")) == "socialcareorg"
            else None
        )

    def _region(self) -> str | None:
        said = self._said("region", 80)
        if said is None:
            return None
        name = said.removesuffix("(ADASS Region)").strip()
        return (ADASS_REGIONS.get(name, name) if name != said else name)[:60]

    def _beds(self) -> int | None:
        text = self._text("beds")
        if not text:
            return None
        if re.fullmatch(r"\d{1,6}(\.0+)?", text) and (beds := int(float(text))) <= MOST_BEDS:
            return beds
        self._refuse("beds", text, "This is not a number of beds.", is_cell=True)
        return None

    def _address(self) -> str | None:
        if "whole_address" in self._at:
            return self._said("whole_address", 400)
        parts = [self._text(column) for column in ("street", "line_2", "town", "county")]
        return ", ".join(part for part in parts if part)[:400] or None

    def _service_types(self) -> tuple[str, ...] | None:
        if self._layout.types_at:
            cells, size = self._cells, len(self._cells)
            found = {
                kind
                for at, kind in self._layout.types_at
                if kind and at < size and _is_yes(cells[at])
            }
        elif "service_types" in self._at:
            found = set(_types_in(self._text("service_types")))
        else:
            return None
        return tuple(kind.value for kind in sorted(found, key=words.PRIMARY_ORDER.index))

    def _specialisms(self) -> tuple[str, ...] | None:
        if self._layout.bands_at:
            cells, size = self._cells, len(self._cells)
            return tuple(
                band[:100] for at, band in self._layout.bands_at if at < size and _is_yes(cells[at])
            )
        text = self._text("specialisms")
        return tuple(part[:100] for part in _parts(text)) if text else None

    # Cells

    def _text(self, column: str) -> str:
        at = self._at.get(column)
        return _clean(self._cells[at]) if at is not None and at < len(self._cells) else ""

    def _said(self, column: str, length: int, *, upper: bool = False) -> str | None:
        text = self._text(column)[:length]
        return (text.upper() if upper else text) or None

    def _day(self, column: str) -> date | None:
        text = self._text(column)
        day = days.day_of(text) if text else None
        if text and day is None:
            self._refuse(column, text, "This is not a date.", is_cell=True)
        return day

    def _yes(self, column: str) -> bool | None:
        text = self._text(column)
        return _is_yes(text) if text else None

    def _refuse(self, column: str, value: str, reason: str, *, is_cell: bool = False) -> None:
        self._report(self._row, column, value, reason, is_cell=is_cell)


def _whole(
    location_id: str, question: KeyQuestion, rating: RatingWord, published_on: date, inherited: bool
) -> RatingRow:
    source = RatingSource.INSPECTION.value
    return RatingRow(
        location_id, "", "", question.value, rating.value, published_on, source, inherited
    )


def _clean(text: str) -> str:
    """The text of a cell in one line. CQC writes a hyphen where it has nothing to say."""
    if text.isascii() and text.isprintable() and text[:1] not in ("", " ", "-") and text[-1] != " ":
        return text
    text = clean_line(text)
    return "" if text == "-" else text


def _primary(types: tuple[str, ...] | None) -> str | None:
    if types is None:
        return None
    primary = words.primary_type(tuple(map(ServiceType, types)))
    return primary.value if primary else ""


@lru_cache(maxsize=1_000)
def _rating(word: str) -> RatingWord | None:
    return words.rating_of(word)


@lru_cache(maxsize=1_000)
def _question(word: str) -> KeyQuestion | None:
    return words.key_question_of(word)


def _is_yes(text: str) -> bool:
    return text.strip().casefold() in {"y", "yes", "true", "1"}


def _brand(name: str | None) -> str | None:
    return (name.removeprefix("BRAND ").strip() or None) if name else None


@lru_cache(maxsize=5_000)
def _types_in(text: str) -> tuple[ServiceType, ...]:
    return tuple(kind for part in _parts(text) if (kind := words.service_type_of(part)))


def _parts(text: str) -> list[str]:
    """The parts of a list in one cell: by bars in the directory, by commas in the dashboard."""
    return [part for part in map(str.strip, text.split("|" if "|" in text else ",")) if part]
