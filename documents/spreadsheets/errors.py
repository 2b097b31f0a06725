"""Why a file as a whole cannot be read, in sentences for the person who uploaded it."""

DAMAGED = (
    "The file is damaged. Download it again, or save it again in the program that made it, and"
    " upload the new copy."
)
EMPTY = "The file is empty. Choose another file."
NOT_A_TABLE = "The file must be a spreadsheet (.ods or .xlsx) or a .csv file."
PASSWORD = "The file has a password. Save it without one and upload the new copy."  # noqa: S105 - a sentence
OLD_EXCEL = (
    "This is an old Excel file (.xls). Open it, save it as an Excel Workbook (.xlsx) or as .csv,"
    " and upload that."
)
BINARY_EXCEL = (
    "This is an Excel Binary Workbook (.xlsb). Open it, save it as an Excel Workbook (.xlsx), and"
    " upload that."
)
WEB_PAGE = (
    "This is a web page or an XML file under the name of a spreadsheet. Open it in a spreadsheet"
    " program, save it as .xlsx, .ods or .csv, and upload that."
)
PDF = "This is a PDF. Upload the table that it was made from, as .xlsx, .ods or .csv."
OWN_ENTITIES = (
    "The file defines entities of its own, which no spreadsheet program writes, so we did not read"
    " it."
)
ODD_STRUCTURE = (
    "The file is not built as a spreadsheet program builds one, so we did not read it. Open it,"
    " save it again, and upload the new copy."
)
ODD_COMPRESSION = (
    "The file is compressed in a way that no spreadsheet program uses. Open it, save it again, and"
    " upload the new copy."
)
TOO_MANY_CELLS = "The file has more rows than a spreadsheet can hold."
TOO_MANY_SHEETS = (
    "The file has more sheets than we can read. Save the one that you need on its own."
)
TOO_LARGE = (
    "Unpacked, the file is larger than 4GB, which is more than we can read. Upload it in parts."
)
TOO_MANY_TEXTS = (
    "The workbook holds more different texts than we can hold at once. Save it as .csv or .ods and"
    " upload that."
)
TOO_MANY_MERGED = (
    "A sheet of the file has more merged cells than we can read. Unmerge them, save the file, and"
    " upload the new copy."
)


class UnreadableError(Exception):
    """The file as a whole cannot be used. Its message is a sentence for the person who uploaded
    it.
    """
