"""The lifecycle of a file of CQC's that was brought to us."""

from datetime import datetime

from core.workflow import NotAllowed, Transition, Workflow, WorkflowPerson
from ratings.models import FileImport, ImportState

READ = "ratings.run_sync"
AT_WORK = (ImportState.ASKED, ImportState.READING, ImportState.MERGING)


def bytes_are_held(
    file_import: FileImport, _by: WorkflowPerson | None, _now: datetime | None
) -> None:
    """Raises `NotAllowed`: `bytes-gone`."""
    if not file_import.stored_as:
        raise NotAllowed("bytes-gone", f"The bytes of {file_import.name} are gone: bring it again.")


FILE_IMPORT = Workflow(
    "file-import",
    FileImport,
    "state",
    ImportState,
    (
        # By nobody: at the command line, by whoever has the server.
        Transition("upload", (), ImportState.ASKED, READ, "bring files", automatic=True),
        Transition(
            "confirm",
            (ImportState.CHECKED,),
            ImportState.ASKED,
            READ,
            "import files",
            guards=(bytes_are_held,),
        ),
        # By nobody: a day after it was tried out.
        Transition(
            "discard",
            (ImportState.CHECKED,),
            ImportState.DISCARDED,
            READ,
            "discard files",
            automatic=True,
        ),
        Transition("read", AT_WORK, ImportState.READING, "", "read the file", automatic=True),
        Transition(
            "merge",
            (ImportState.READING,),
            ImportState.MERGING,
            "",
            "merge the file",
            automatic=True,
        ),
        # CQC is being read, or another file merged: it is read anew when that is done.
        Transition("wait", AT_WORK, ImportState.ASKED, "", "wait", automatic=True),
        Transition(
            "check", (ImportState.MERGING,), ImportState.CHECKED, "", "try it out", automatic=True
        ),
        Transition(
            "finish", (ImportState.MERGING,), ImportState.DONE, "", "finish", automatic=True
        ),
        Transition(
            "end-as-same", AT_WORK, ImportState.DONE, "", "end it as the same file", automatic=True
        ),
        Transition("fail", AT_WORK, ImportState.FAILED, "", "give the file up", automatic=True),
    ),
    not_from={
        state.value: f"This file is not waiting for a decision: {str(state.label).lower()}."
        for state in ImportState
    },
)
