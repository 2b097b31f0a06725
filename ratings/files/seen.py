"""The locations that a file has told us of, to find one that it tells us of twice."""

from documents.spreadsheets.errors import UnreadableError

# Twice as many as CQC has ever registered. We remember each, to find one that is told twice.
MOST_LOCATIONS = 250_000
TOO_MANY_LOCATIONS = (
    f"The file names more than {MOST_LOCATIONS:,} locations, which is more than CQC has ever"
    " registered."
)


class Seen:
    """The locations that a file has told us of so far, and where. `begin` a sheet before its
    rows.
    """

    def __init__(self) -> None:
        self._at: dict[str, tuple[int, int]] = {}
        self._sheets: list[str] = []

    def begin(self, sheet: str) -> None:
        """The rows that follow are of this sheet."""
        self._sheets.append(sheet)

    def before(self, location_id: str, row: int) -> str:
        """Where the location was told of before, in words; empty, and remembered, the first time.

        Raises `UnreadableError` when there are more than CQC can have.
        """
        found = self._at.get(location_id)
        if found is None:
            if len(self._at) >= MOST_LOCATIONS:
                raise UnreadableError(TOO_MANY_LOCATIONS)
            self._at[location_id] = (len(self._sheets), row)
            return ""
        sheet, first = found
        there = "" if sheet == len(self._sheets) else f" of {self._sheets[sheet - 1][:80]}"
        return f"Row {first}{there}"
