"""Why something cannot be printed."""


class PdfError(Exception):
    """The paper could not be made into a PDF that may be published. The message is for the
    officer.
    """
