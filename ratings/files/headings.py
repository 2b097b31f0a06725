"""Which of CQC's files this is, recognised by its columns; the same column under its old and its
new heading.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from documents.folding import letters_and_digits
from providers.vocabulary import ServiceType
from ratings.cqc.words import service_type_of


class FileKind(StrEnum):
    """The files that CQC publishes."""

    ACTIVE = "active"
    RATINGS = "ratings"
    DIRECTORY = "directory"
    DEACTIVATED = "deactivated"
    DASHBOARD = "dashboard"


NAMES = {
    FileKind.ACTIVE: "Active Locations",
    FileKind.RATINGS: "Latest ratings",
    FileKind.DIRECTORY: "directory",
    FileKind.DEACTIVATED: "Deactivated Locations",
    FileKind.DASHBOARD: "dashboard export",
}

# Our name for a column, and the headings under which CQC has published it (letters and digits
# only).
HEADINGS: dict[str, tuple[str, ...]] = {
    "location_id": ("locationid", "cqclocationidforofficeuseonly", "cqclocationid"),
    "provider_id": ("providerid", "cqcprovideridforofficeuseonly", "cqcproviderid"),
    "name": ("locationname", "name"),
    "brand_name": ("brandname",),
    "directorate": ("locationinspectiondirectorate",),
    "category": ("locationprimaryinspectioncategory", "primaryinspectioncategory"),
    "location_type": ("locationtypesector", "locationtype", "locationorgtype"),
    "status": ("locationstatus",),
    "registered_on": ("locationhscastartdate", "hscastartdate"),
    "deregistered_on": ("locationhscaenddate", "hscaenddate"),
    "dormant": ("dormantyn", "dormant"),
    "care_home": ("carehome", "carehomeyn"),
    "beds": ("carehomesbeds", "carehomesbedsatpointlocationdeactivated", "carehomebeds"),
    "street": ("locationstreetaddress", "locationaddressline1"),
    "line_2": ("locationaddressline2",),
    "town": ("locationcity", "locationtowncity"),
    "county": ("locationcounty",),
    "whole_address": ("address",),
    "postcode": ("locationpostalcode", "locationpostcode", "postcode"),
    "local_authority": ("locationlocalauthority", "localauthority"),
    "region": ("locationregion", "locationadassregion", "region"),
    "service_types": ("servicetypes",),
    "specialisms": ("specialismsservices", "serviceuserssupported"),
    "last_inspected_on": ("dateoflatestcheck",),
    "group": ("servicepopulationgroup", "servicegroup", "populationgroup"),
    "question": ("domain", "keyquestion"),
    "rating": ("latestrating", "locationlatestoverallrating"),
    "published_on": ("publicationdate", "locationpublicationdate"),
    "report_type": ("reporttype",),
    "inherited": ("inheritedratingyn", "inheritedrating"),
    "safe": ("locationsaferating",),
    "effective": ("locationeffectiverating",),
    "caring": ("locationcaringrating",),
    "responsive": ("locationresponsiverating",),
    "well_led": ("locationwellledrating",),
}

# The columns by which a kind is known: all of the first, none of the second. First match wins.
KNOWN_BY: dict[FileKind, tuple[set[str], set[str]]] = {
    FileKind.RATINGS: ({"location_id", "group", "question", "rating", "published_on"}, set()),
    FileKind.DASHBOARD: ({"location_id", "name", "safe", "service_types"}, {"group"}),
    FileKind.DEACTIVATED: ({"location_id", "name", "deregistered_on"}, {"group", "safe"}),
    FileKind.ACTIVE: (
        {"location_id", "name", "registered_on", "beds"},
        {"group", "safe", "deregistered_on"},
    ),
    FileKind.DIRECTORY: (
        {"location_id", "name", "service_types", "provider_id"},
        {"safe", "registered_on"},
    ),
}

_BY_HEADING = {heading: column for column, headings in HEADINGS.items() for heading in headings}
LONGEST_HEADING, LONGEST_BAND = 150, 100
SERVICE_TYPE, SERVICE_USERS = "servicetype", "serviceuserband"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of a sheet stand: by our name, and those that say by Y which types and
    bands a location has.
    """

    kind: FileKind
    at: Mapping[str, int]
    titles: Mapping[str, str]  # our name to the heading as it is printed
    types_at: tuple[tuple[int, ServiceType | None], ...]
    bands_at: tuple[tuple[int, str], ...]
    # The headings of the columns that we read, by where they stand, and those of the others.
    used: Mapping[int, str]
    unknown: tuple[str, ...]

    def title(self, column: str) -> str:
        """The heading over a column, as the file prints it."""
        return self.titles.get(column, "")


def layout_of(cells: Sequence[str]) -> Layout | None:
    """The layout, if this line is the headings of a sheet that is ours."""
    at, titles = _columns(cells)
    for kind, (all_of, none_of) in KNOWN_BY.items():
        if all_of <= at.keys() and not none_of & at.keys():
            types, bands = _yes_columns(cells)
            ours = {*at.values(), *dict(types), *dict(bands)}
            return Layout(
                kind,
                at,
                titles,
                types,
                bands,
                {number: cells[number].strip()[:LONGEST_HEADING] for number in ours},
                tuple(
                    cell.strip()[:LONGEST_HEADING]
                    for number, cell in enumerate(cells)
                    if number not in ours and cell.strip()
                ),
            )
    return None


def nearest_miss(cells: Sequence[str]) -> str | None:
    """If this line looks like headings of ours with some missing: a sentence that names them."""
    at, _ = _columns(cells)
    if len(at) < 4 or "location_id" not in at:
        return None
    missing = {kind: all_of - at.keys() for kind, (all_of, _) in KNOWN_BY.items()}
    kind = min(missing, key=lambda one: len(missing[one]))
    named = ", ".join(sorted(heading_in_words(column) for column in missing[kind]))
    return f"It looks like CQC’s {NAMES[kind]}, but these columns are missing: {named}."


def _columns(cells: Sequence[str]) -> tuple[dict[str, int], dict[str, str]]:
    at: dict[str, int] = {}
    titles: dict[str, str] = {}
    for number, cell in enumerate(cells):
        column = _BY_HEADING.get(letters_and_digits(cell[:LONGEST_HEADING]))
        if column is not None and column not in at:
            at[column], titles[column] = number, cell.strip()[:LONGEST_HEADING]
    return at, titles


def _yes_columns(
    cells: Sequence[str],
) -> tuple[tuple[tuple[int, ServiceType | None], ...], tuple[tuple[int, str], ...]]:
    types, bands = [], []
    for number, cell in enumerate(cells):
        if len(cell) > LONGEST_HEADING:
            continue
        before, dash, after = cell.partition(" - ")
        if not dash:
            continue
        if letters_and_digits(before) == SERVICE_TYPE:
            types.append((number, service_type_of(after)))
        elif letters_and_digits(before) == SERVICE_USERS and len(after) <= LONGEST_BAND:
            bands.append((number, after.strip()))
    return tuple(types), tuple(bands)


_IN_WORDS = {
    "location_id": "Location ID",
    "provider_id": "CQC Provider ID",
    "name": "Location Name",
    "group": "Service / Population Group",
    "question": "Domain (or Key Question)",
    "rating": "Latest Rating (or Location Latest Overall Rating)",
    "published_on": "Publication Date",
    "safe": "Location safe rating",
    "service_types": "Service types",
    "deregistered_on": "Location HSCA End Date",
    "registered_on": "Location HSCA start date",
    "beds": "Care homes beds",
    "local_authority": "Location Local Authority",
    "region": "Location Region",
    "postcode": "Location Postal Code",
    "dormant": "Dormant (Y/N)",
    "care_home": "Care home?",
    "directorate": "Location Inspection Directorate",
    "specialisms": "Specialisms/services",
    "types": "Service type - Care home service with nursing, and so on",
}


def heading_in_words(column: str) -> str:
    """The heading that CQC prints over one of our columns."""
    return _IN_WORDS.get(column, column)
