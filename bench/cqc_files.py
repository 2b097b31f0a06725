"""CQC's files made in the real format: the same sheets, headings and kinds of cells, as large as
the real ones.
"""

import argparse
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from bench.england import EnglishLocation, places

ACTIVE_HEADINGS = [
    "Location ID",
    "Location HSCA start date",
    "Dormant (Y/N)",
    "Care home?",
    "Location Name",
    "Location ODS Code",
    "Location Telephone Number",
    "Registered manager",
    "Location Web Address",
    "Care homes beds",
    "Location Type/Sector",
    "Location Inspection Directorate",
    "Location Primary Inspection Category",
    "Location Latest Overall Rating",
    "Publication Date",
    "Inherited Rating (Y/N)",
    "Location Region",
    "Location NHS Region",
    "Location Local Authority",
    "Location ONSPD CCG Code",
    "Location ONSPD CCG",
    "Location Commissioning CCG Code",
    "Location Commissioning CCG",
    "Location Street Address",
    "Location Address Line 2",
    "Location City",
    "Location County",
    "Location Postal Code",
    "Location PAF ID",
    "Location UPRN ID",
    "Location Latitude",
    "Location Longitude",
    "Location Parliamentary Constituency",
    "Brand ID",
    "Brand Name",
    "Provider Companies House Number",
    "Provider Charity Number",
    "Provider ID",
    "Provider Name",
]
SERVICE_TYPES = (
    "Acute services with overnight beds",
    "Ambulance service",
    "Care home service with nursing",
    "Care home service without nursing",
    "Dental service",
    "Domiciliary care service",
    "Extra Care housing services",
    "Hospice services",
    "Shared Lives",
    "Supported living service",
)
BANDS = ("Children 0-18 years", "Dementia", "Older People", "Physical Disability", "Younger Adults")
RATINGS_HEADINGS = [
    "Location ID",
    "Location ODS Code",
    "Location Name",
    "Care Home?",
    "Location Type",
    "Location Primary Inspection Category",
    "Location Street Address",
    "Location Address Line 2",
    "Location City",
    "Location Post Code",
    "Location Local Authority",
    "Location Region",
    "Location NHS Region",
    "Location ONSPD CCG Code",
    "Location ONSPD CCG",
    "Location Commissioning CCG Code",
    "Location Commissioning CCG Name",
    "Service / Population Group",
    "Domain",
    "Latest Rating",
    "Publication Date",
    "Report Type",
    "Inherited Rating (Y/N)",
    "URL",
    "Provider ID",
    "Provider Name",
    "Brand ID",
    "Brand Name",
]
DIRECTORY_HEADINGS = [
    "Name",
    "Also known as",
    "Address",
    "Postcode",
    "Phone number",
    "Service's website (if available)",
    "Service types",
    "Date of latest check",
    "Specialisms/services",
    "Provider name",
    "Local authority",
    "Region",
    "Location URL",
    "CQC Location ID (for office use only)",
    "CQC Provider ID (for office use only)",
]

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
    'office:version="1.3"><office:body><office:spreadsheet>'
)
CELL = (
    '<table:table-cell table:style-name="ce2" office:value-type="string" '
    'calcext:value-type="string"><text:p>{}</text:p></table:table-cell>'
)
EMPTY = '<table:table-cell table:style-name="ce2"/>'
ROW = '<table:table-row table:style-name="ro1">{}</table:table-row>'
# What LibreOffice writes below the last line: one row that stands for all the others.
REST = (
    '<table:table-row table:style-name="ro1" table:number-rows-repeated="700000">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def cells(texts: Iterable[object]) -> str:
    """The cells of a row, as XML."""
    return "".join(CELL.format(escape(str(text))) if text != "" else EMPTY for text in texts)


def write_ods(path: Path, sheets: Sequence[tuple[str, Iterable[str]]]) -> int:
    """Write sheets whose rows are given as XML cells; returns how many bytes of XML that made."""
    size = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(
            "mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED
        )
        with archive.open("content.xml", "w", force_zip64=True) as stream:
            size += _write(stream, [HEAD])
            for name, rows in sheets:
                size += _write(stream, [f'<table:table table:name="{name}">'])
                size += _write(stream, (ROW.format(row) for row in rows))
                size += _write(stream, [REST, "</table:table>"])
            size += _write(
                stream, ["</office:spreadsheet></office:body></office:document-content>"]
            )
    return size


def _write(stream: IO[bytes], parts: Iterable[str]) -> int:
    size, held, waiting = 0, 0, []
    for part in parts:
        waiting.append(part)
        held += len(part)
        if held > 1 << 20:
            size += stream.write("".join(waiting).encode())
            waiting, held = [], 0
    return size + stream.write("".join(waiting).encode())


def readme(as_at: date) -> list[str]:
    """The sheet that stands before the others and says what day the file is of."""
    said = f"CQC database as at {as_at:%d %B %Y}"
    return [cells(["Care Quality Commission"]), cells([]), cells(["Source", said])]


def ratings_file(path: Path, share: float = 1.0, *, as_at: date = date(2026, 7, 1)) -> int:
    """`DD_Month_YYYY_Latest_ratings.ods`."""
    providers = [
        cells(
            [
                "Provider ID",
                "Provider Name",
                "Service / Population Group",
                "Domain",
                "Latest Rating",
            ]
        )
    ]
    return write_ods(
        path,
        [
            ("README", readme(as_at)),
            ("Providers", providers),
            ("Locations", _rating_rows(share, as_at)),
        ],
    )


def _rating_rows(share: float, as_at: date) -> Iterator[str]:
    yield cells(RATINGS_HEADINGS)
    for place in places(share, as_at=as_at):
        before = cells(
            [
                place.location_id,
                "-",
                place.name,
                "Y" if place.is_care_home else "N",
                "Social Care Org" if place.is_social_care else "Primary Dental Care",
                place.category,
                place.street,
                "",
                place.town,
                place.postcode,
                place.authority,
                place.region,
                f"NHS England {place.region}",
                "E38000000",
                "NHS Somewhere CCG",
                "E38000000",
                "NHS Somewhere CCG",
                "Overall",
            ]
        )
        after = cells(
            [
                f"https://example.test/location/{place.location_id}",
                place.provider_id,
                "Provider",
                "-",
                "-",
            ]
        )
        for question, rating, published_on in place.ratings:
            rating_cells = [
                question,
                rating,
                f"{published_on:%d/%m/%Y}",
                "Location",
                "Y" if place.inherited else "N",
            ]
            yield before + cells(rating_cells) + after


def active_file(path: Path, share: float = 1.0, *, as_at: date = date(2026, 7, 1)) -> int:
    """`DD_Month_YYYY_HSCA_Active_Locations.ods`."""
    return write_ods(
        path, [("README", readme(as_at)), ("HSCA_Active_Locations", _active_rows(share, as_at))]
    )


def _active_rows(share: float, as_at: date) -> Iterator[str]:
    headings = (
        [f"Service type - {one}" for one in SERVICE_TYPES],
        [f"Service user band - {one}" for one in BANDS],
    )
    yield cells([*ACTIVE_HEADINGS, *headings[0], *headings[1]])
    for place in places(share, as_at=as_at):
        yield cells(active_cells(place))


def active_cells(place: EnglishLocation) -> list[object]:
    """One row of Active Locations."""
    _, rating, published_on = place.ratings[0] if place.ratings else ("", "-", None)
    return [
        place.location_id,
        f"{place.registered_on:%d/%m/%Y}",
        "N",
        "Y" if place.is_care_home else "N",
        place.name,
        "-",
        "01632 960000",
        "-",
        "-",
        place.beds,
        "Social Care Org" if place.is_social_care else "Primary Dental Care",
        "Adult social care" if place.is_social_care else "Primary medical services",
        place.category,
        rating,
        f"{published_on:%d/%m/%Y}" if published_on else "-",
        "Y" if place.inherited else "N",
        place.region,
        f"NHS England {place.region}",
        place.authority,
        "E38000000",
        "NHS Somewhere CCG",
        "E38000000",
        "NHS Somewhere CCG",
        place.street,
        "-",
        place.town,
        "-",
        place.postcode,
        "-",
        "-",
        "52.0",
        "-1.0",
        "Constituency",
        "-",
        "-",
        "-",
        "-",
        place.provider_id,
        "Provider",
        *["Y" if one == place.kind else "" for one in SERVICE_TYPES],
        *["Y" if one == "Older People" else "" for one in BANDS],
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--share", type=float, default=1.0)
    options = parser.parse_args()
    for name, write in (("HSCA_Active_Locations", active_file), ("Latest_ratings", ratings_file)):
        path = options.folder / f"01_July_2026_{name}.ods"
        print(
            path,
            f"{write(path, options.share) / 1e6:,.0f} MB of XML in"
            f" {path.stat().st_size / 1e6:,.0f} MB",
        )


if __name__ == "__main__":
    main()
