"""What a file of each kind must say to be of use, and what we tell when a heading was renamed."""

from collections.abc import Iterator, Set

from rapidfuzz import fuzz

from ratings.files.headings import FileKind, Layout, heading_in_words

# Without these a file would go in and change nothing that anyone looks for, or close its eyes to a
# rating.
MUST_SAY: dict[FileKind, tuple[str, ...]] = {
    FileKind.ACTIVE: ("rating", "local_authority"),
    FileKind.RATINGS: ("rating", "local_authority"),
    FileKind.DEACTIVATED: ("rating", "local_authority"),
    FileKind.DASHBOARD: ("rating", "local_authority"),
    FileKind.DIRECTORY: ("local_authority",),
}
# What else each of them has had for years. `types` are the columns that say by Y which types a
# location has.
ALSO_EXPECTED: dict[FileKind, tuple[str, ...]] = {
    FileKind.ACTIVE: (
        "dormant",
        "care_home",
        "directorate",
        "published_on",
        "region",
        "postcode",
        "provider_id",
        "types",
    ),
    FileKind.RATINGS: ("name", "region", "postcode", "provider_id"),
    FileKind.DEACTIVATED: ("registered_on", "published_on", "region", "provider_id"),
    FileKind.DASHBOARD: ("beds", "published_on", "region"),
    FileKind.DIRECTORY: ("postcode", "region", "specialisms"),
}
IN_WORDS = {
    "rating": "a rating",
    "local_authority": "a local authority",
    "published_on": "when a rating was published",
}
NO_ROWS = "The file has the headings of CQC’s {}, and no rows under them."
NO_SUCH_COLUMN = "The file has no such column, so we read nothing of it."
# By what a renamed heading is known.
_LIKE = {
    "rating": "latest overall rating",
    "local_authority": "local authority",
    "published_on": "publication date",
}
NEAR = 60  # of 100: as alike as "Overall rating now" and "Latest overall rating"
NEAREST = 3


def missing_columns(layout: Layout) -> Iterator[str]:
    """The headings that we expected over this sheet and did not find. The rest can be used."""
    for column in ALSO_EXPECTED[layout.kind]:
        if not (layout.types_at if column == "types" else column in layout.at):
            yield heading_in_words(column)


def why_of_no_use(layout: Layout, said: Set[str], rows: int) -> str:
    """Why a file of so many rows, in which only these columns say something, is of no use: what was
    expected and what was found. Empty where it can be used.
    """
    missing = [column for column in MUST_SAY[layout.kind] if column not in said]
    if "a rating" in said and "published_on" not in said:
        missing.append("published_on")
    if rows == 1:
        # One location may well have no rating yet: then only a heading that is not there tells.
        missing = [column for column in missing if column not in layout.at]
    if not missing:
        return ""
    what = " or ".join(IN_WORDS[column] for column in missing)
    sentences = [f"No row of the file says {what}, so we have not used it."]
    sentences += [_expected_and_found(layout, column) for column in missing]
    return " ".join(sentences)


def _expected_and_found(layout: Layout, column: str) -> str:
    expected = f"Expected: a column “{heading_in_words(column)}”."
    if column in layout.at:
        return f"{expected} Found: “{layout.title(column)}”, without a value that we can use."
    near = sorted(
        ((_likeness(column, heading), heading) for heading in layout.unknown), reverse=True
    )
    found = ", ".join(f"“{heading}”" for likeness, heading in near[:NEAREST] if likeness >= NEAR)
    return f"{expected} Found: {found or 'no heading like it'}."


def _likeness(column: str, heading: str) -> float:
    words = heading.casefold().replace("location", "")
    return fuzz.token_set_ratio(_LIKE[column], words)
