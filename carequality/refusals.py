"""How an action says no."""


class Refused(Exception):
    """A rule refuses the action. Its message is a sentence for the person who asked."""
