"""Why a file as a whole cannot be used, in sentences for the person who uploaded it."""

DAMAGED = "The file is damaged. Download it from CQC again and upload the new copy."
NOT_A_TABLE = "The file must be a spreadsheet (.ods or .xlsx) or a .csv file."
TOO_MANY_CELLS = "The file has more rows or columns than a spreadsheet can hold."
OWN_ENTITIES = (
    "The file defines entities of its own, which no CQC file does, so we did not read it."
)


class UnreadableError(Exception):
    """The file as a whole cannot be used. Its message is a sentence for the person who uploaded
    it.
    """
