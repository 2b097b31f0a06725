"""How an action says no, in the words of before: `core.workflow.NotAllowed` takes its place."""

from core.workflow import NotAllowed


class Refused(NotAllowed):
    """A rule refuses the action. Its message is a sentence for the person who asked."""

    def __init__(self, message: str) -> None:
        super().__init__("refused", message)
