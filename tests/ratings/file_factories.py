"""Small files in CQC's formats, written by hand."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

Sheets = dict[str, list[list[object]]]

RATINGS = [
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
    "Service / Population Group",
    "Domain",
    "Latest Rating",
    "Publication Date",
    "Report Type",
    "Inherited Rating (Y/N)",
    "URL",
    "Provider ID",
]
ACTIVE = [
    "Location ID",
    "Location HSCA start date",
    "Dormant (Y/N)",
    "Care home?",
    "Location Name",
    "Care homes beds",
    "Location Inspection Directorate",
    "Location Latest Overall Rating",
    "Publication Date",
    "Inherited Rating (Y/N)",
    "Location Region",
    "Location Local Authority",
    "Location Street Address",
    "Location City",
    "Location Postal Code",
    "Provider ID",
    "Service type - Care home service with nursing",
    "Service type - Care home service without nursing",
    "Service type - Dental service",
]
DEACTIVATED = [
    "Location ID",
    "Location Name",
    "Location Status",
    "Location HSCA start date",
    "Location HSCA End Date",
    "Care home?",
    "Care homes beds at point location de-activated",
    "Location Region",
    "Location Local Authority",
    "Location Latest Overall Rating",
    "Publication Date",
    "Provider ID",
]


def rating(
    location_id="1-100", question="Overall", word="Good", day="01/06/2025", group="Overall", **more
):
    """A row of Latest ratings."""
    row = {
        "Location ID": location_id,
        "Location Name": f"Place {location_id}",
        "Care Home?": "Y",
        "Location Type": "Social Care Org",
        "Location Primary Inspection Category": "Residential social care",
        "Location Street Address": "1 High Street",
        "Location City": "Marshton",
        "Location Post Code": "ZZ1 1ZZ",
        "Location Local Authority": "Exampleshire",
        "Location Region": "East Midlands",
        "Service / Population Group": group,
        "Domain": question,
        "Latest Rating": word,
        "Publication Date": day,
        "Report Type": "Location",
        "Inherited Rating (Y/N)": "N",
        "URL": "-",
        "Provider ID": "1-200",
        **more,
    }
    return [row.get(heading, "-") for heading in RATINGS]


def active(location_id="1-100", **more):
    """A row of Active Locations."""
    row = {
        "Location ID": location_id,
        "Location HSCA start date": "01/10/2010",
        "Dormant (Y/N)": "N",
        "Care home?": "Y",
        "Location Name": f"Place {location_id}",
        "Care homes beds": "40",
        "Location Inspection Directorate": "Adult social care",
        "Location Latest Overall Rating": "Good",
        "Publication Date": "01/06/2025",
        "Inherited Rating (Y/N)": "N",
        "Location Region": "East Midlands",
        "Location Local Authority": "Exampleshire",
        "Location Street Address": "1 High Street",
        "Location City": "Marshton",
        "Location Postal Code": "ZZ1 1ZZ",
        "Provider ID": "1-200",
        "Service type - Care home service without nursing": "Y",
        **more,
    }
    return [row.get(heading, "") for heading in ACTIVE]


def readme(day: str) -> list[list[object]]:
    return [
        ["Care Quality Commission"],
        [],
        ["This is a snapshot of the", f"CQC database as at {day}"],
    ]


def ratings_file(
    folder: Path, *rows: list[object], day: str = "01 July 2026", name: str = "ratings.ods"
) -> Path:
    return ods(folder / name, {"README": readme(day), "Locations": [RATINGS, *rows]})


def active_file(
    folder: Path, *rows: list[object], day: str = "01 July 2026", name: str = "active.ods"
) -> Path:
    return ods(folder / name, {"README": readme(day), "HSCA_Active_Locations": [ACTIVE, *rows]})


def ods(path: Path, sheets: Sheets, *, raw: str = "") -> Path:
    """An .ods file. A cell that is a `str` starting with `<` is XML; `raw` stands before the first
    sheet's rows.
    """
    body = ""
    for name, rows in sheets.items():
        lines = "".join(
            f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows
        )
        body += (
            f'<table:table table:name="{name}">{raw}{lines}<table:table-row'
            ' table:number-rows-repeated="1048000"><table:table-cell'
            ' table:number-columns-repeated="16384"/></table:table-row></table:table>'
        )
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(path, {"content.xml": content})


def zipped(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def _cell(value: object) -> str:
    text = str(value)
    if text.startswith("<"):
        return text
    if not text:
        return "<table:table-cell/>"
    return (
        "<table:table-cell"
        f' office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
    )


def xlsx(path: Path, sheets: Sheets) -> Path:
    book = xlsxwriter.Workbook(path)
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value != "":
                    page.write(at, column, value)
    book.close()
    return path
