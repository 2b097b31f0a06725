"""One row of a file in our words. Nothing is believed unseen: what cannot be used is reported with
its column and reason.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from documents.folding import letters_and_digits
from documents.spreadsheets.values import EXCEL_ZERO
from providers.vocabulary import ServiceType
from ratings.cqc import words
from ratings.files.cells import LONGEST_WORD, Cells, ProblemReporter, is_yes, parts_of
from ratings.files.headings import FileKind, Layout
from ratings.files.seen import Seen
from ratings.vocabulary import KeyQuestion, RatingSource, RatingWord

ADULT_SOCIAL_CARE = "Adult social care"
SOCIAL_CARE_CATEGORIES = {"residentialsocialcare", "communitybasedadultsocialcareservices"}
# The dashboard names its regions by the directors' association, everything else of CQC's does not.
ADASS_REGIONS = {"Greater London": "London", "Yorkshire and Humber": "Yorkshire & Humberside"}
LOCATION_ID = re.compile(r"[A-Z0-9][A-Z0-9_-]{2,29}")
QUESTION_COLUMNS = ("safe", "effective", "caring", "responsive", "well_led")
MOST_BEDS = 5_000
LONGEST_GROUP = 150
LONGEST_SPECIALISM = 100


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


class Rows(Cells):
    """Reads the rows of one sheet."""

    def __init__(
        self,
        layout: Layout,
        today: date,
        report: ProblemReporter,
        seen: Seen,
        said: set[str],
        zero: date = EXCEL_ZERO,
    ) -> None:
        super().__init__(layout, today, report, said, zero)
        self.not_ratings = 0
        self._seen = seen

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
        before = self._seen.before(location_id, row)
        if not before:
            locations.append(self._location(location_id))
        elif self._kind is not FileKind.RATINGS:
            self._refuse("location_id", location_id, f"{before} is about the same location.")
            return
        if self._kind is FileKind.RATINGS:
            self._rating_of_group(location_id, ratings)
        elif self._kind is FileKind.DASHBOARD:
            self._dashboard_ratings(location_id, ratings)
        elif self._kind is not FileKind.DIRECTORY:
            self._overall(location_id, ratings)

    # Ratings

    def _rating_of_group(self, location_id: str, ratings: list[RatingRow]) -> None:
        group, word = self._text("group"), self._word("rating")
        rating = self._rating(word)
        if len(group) > LONGEST_GROUP:
            self._refuse("group", group, f"This has more than {LONGEST_GROUP} characters.")
            return
        if rating is None:
            self._not_a_rating("rating", word)
            return
        question = _question(self._word("question"))
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
                "" if whole else group,
                kind.value if kind else "",
                question.value,
                rating.value,
                published_on,
                (RatingSource.ASSESSMENT if assessed else RatingSource.INSPECTION).value,
                self._yes("inherited") is True,
            )
        )

    def _overall(self, location_id: str, ratings: list[RatingRow]) -> None:
        word = self._word("rating")
        rating = self._rating(word)
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
        word = self._word("rating")
        if self._rating(word) is None:
            self._not_a_rating("rating", word, is_cell=True)
            return
        printed = self._text("published_on")
        if printed:
            self.said.add("published_on")
        if printed and self._day_of(printed) == self._day_of(self._text("registered_on")):
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
            if (rating := _rating(self._word(column))) is not None:
                ratings.append(_whole(location_id, question, rating, published_on, False))

    def _rating(self, word: str) -> RatingWord | None:
        if not word:
            return None
        self.said.add("rating")
        rating = _rating(word)
        if rating is not None:
            self.said.add("a rating")
        return rating

    def _not_a_rating(self, column: str, word: str, *, is_cell: bool = False) -> None:
        if words.is_known_rating_word(word):
            self.not_ratings += 1
        else:
            self._refuse(column, word, "This is not a rating that we know.", is_cell=is_cell)

    def _published_on(self, *, is_cell: bool = False) -> date | None:
        text = self._text("published_on")
        day = self._day_of(text)
        if text:
            self.said.add("published_on")
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
            self._authority(),
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
        if letters_and_digits(self._word("category")) in SOCIAL_CARE_CATEGORIES:
            return ADULT_SOCIAL_CARE
        return (
            ADULT_SOCIAL_CARE
            if letters_and_digits(self._word("location_type")) == "socialcareorg"
            else None
        )

    def _authority(self) -> str | None:
        if said := self._said("local_authority", 80):
            self.said.add("local_authority")
        return said

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
        parts = [self._said(column, 200) for column in ("street", "line_2", "town", "county")]
        address = ", ".join(part for part in parts if part)
        if len(address) > 400:
            self._refuse("street", address, "This has more than 400 characters.", is_cell=True)
            return None
        return address or None

    def _service_types(self) -> tuple[str, ...] | None:
        if self.layout.types_at:
            cells, size = self._cells, len(self._cells)
            found = {
                kind
                for at, kind in self.layout.types_at
                if kind and at < size and is_yes(cells[at])
            }
        elif "service_types" in self._at:
            found = set(_types_in(self._text("service_types")))
        else:
            return None
        return tuple(kind.value for kind in sorted(found, key=words.PRIMARY_ORDER.index))

    def _specialisms(self) -> tuple[str, ...] | None:
        if self.layout.bands_at:
            cells, size = self._cells, len(self._cells)
            return tuple(
                band for at, band in self.layout.bands_at if at < size and is_yes(cells[at])
            )
        parts = parts_of(self._text("specialisms"))
        if any(len(part) > LONGEST_SPECIALISM for part in parts):
            reason = f"One of these has more than {LONGEST_SPECIALISM} characters."
            self._refuse("specialisms", self._text("specialisms"), reason, is_cell=True)
            return None
        return tuple(parts) or None


def _whole(
    location_id: str, question: KeyQuestion, rating: RatingWord, published_on: date, inherited: bool
) -> RatingRow:
    source = RatingSource.INSPECTION.value
    return RatingRow(
        location_id, "", "", question.value, rating.value, published_on, source, inherited
    )


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


def _brand(name: str | None) -> str | None:
    return (name.removeprefix("BRAND ").strip() or None) if name else None


@lru_cache(maxsize=1_000)
def _types_in(text: str) -> tuple[ServiceType, ...]:
    named = (words.service_type_of(part) for part in parts_of(text) if len(part) <= LONGEST_WORD)
    return tuple(kind for kind in named if kind)
