"""The lifecycle of a CQC file that was uploaded: read, compared, then imported or discarded."""

from datetime import datetime

from core.workflow import NotAllowed, Transition, Workflow, WorkflowPerson
from ratings.models import FileImport, ImportState

READ = "ratings.run_sync"
AT_WORK = (ImportState.ASKED, ImportState.READING, ImportState.MERGING)


def bytes_are_held(
    file_import: FileImport, _by: WorkflowPerson | None, _now: datetime | None
) -> None:
    """A guard: the file's bytes must still be there to be read again.

    Raises `NotAllowed`: `bytes-gone`.
    """
    if not file_import.stored_as:
        raise NotAllowed(
            "bytes-gone", f"We no longer hold {file_import.name}. Upload the file again."
        )


FILE_IMPORT = Workflow(
    "file-import",
    FileImport,
    "state",
    ImportState,
    (
        # Also by nobody: from the command line, by whoever has the server.
        Transition("upload", (), ImportState.ASKED, READ, "upload files", automatic=True),
        Transition(
            "confirm",
            (ImportState.CHECKED,),
            ImportState.ASKED,
            READ,
            "import files",
            guards=(bytes_are_held,),
        ),
        # Also by nobody: the clock discards a file a day after it was checked.
        Transition(
            "discard",
            (ImportState.CHECKED,),
            ImportState.DISCARDED,
            READ,
            "discard files",
            automatic=True,
        ),
        # From any of the three, since a worker may die in each: the next one begins from the start.
        Transition("read", AT_WORK, ImportState.READING, "", "read the file", automatic=True),
        Transition(
            "merge",
            (ImportState.READING,),
            ImportState.MERGING,
            "",
            "merge the file",
            automatic=True,
        ),
        # CQC is being read, or another file merged. Nothing was written, and it is read anew later.
        Transition("wait", AT_WORK, ImportState.ASKED, "", "wait", automatic=True),
        Transition(
            "check",
            (ImportState.MERGING,),
            ImportState.CHECKED,
            "",
            "check the file",
            automatic=True,
        ),
        Transition(
            "finish",
            (ImportState.MERGING,),
            ImportState.DONE,
            "",
            "finish the import",
            automatic=True,
        ),
        Transition(
            "end-as-same", AT_WORK, ImportState.DONE, "", "end the import of a copy", automatic=True
        ),
        Transition("fail", AT_WORK, ImportState.FAILED, "", "give up the file", automatic=True),
    ),
    not_from={
        state.value: (
            "You can only import or discard a file that has been checked. This file’s state:"
            f" {str(state.label).lower()}."
        )
        for state in ImportState
    },
)
