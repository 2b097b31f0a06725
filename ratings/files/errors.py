class UnreadableError(Exception):
    """The file as a whole cannot be used. Its message is a sentence for the person who brought
    it.
    """
