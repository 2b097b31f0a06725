"""The lifecycle of a paper, from its draft to the approval of both files, and of the release of its
sections.

A public file and an Exempt Appendix are what the Local Government Act 1972 asks of a report with
exempt information (sections 100B and 100I, Schedule 12A).
"""

from datetime import datetime

from core.workflow import Sentence, Transition, Workflow, WorkflowPerson
from reports import rules
from reports.models import Paper, PaperStatus, ScanHit, Section, SectionStatus

WRITE = "reports.write_paper"
RELEASE = "reports.release_paper"

DRAFT, FROZEN, RELEASED = PaperStatus.DRAFT, PaperStatus.FROZEN, PaperStatus.RELEASED
RENDERED, SCANNED, APPROVED = PaperStatus.RENDERED, PaperStatus.SCANNED, PaperStatus.APPROVED
# The text can change in these; once the files are made they are taken back first.
EDITABLE = (DRAFT, FROZEN, RELEASED)
NO_MORE_EDITING: dict[str, Sentence] = {
    RENDERED: rules.FILES_MADE,
    SCANNED: rules.FILES_MADE,
    APPROVED: rules.IS_APPROVED,
}


def files_as_shown(paper: Paper) -> dict[str, str]:
    """The version that an approver sees: the SHA-256 of each current file by its side."""
    return dict(paper.files.current().values_list("side", "sha256"))


def _editing(name: str, permission: str, words: str) -> Transition:
    """A step on the text, which leaves the paper where it is.

    Whether the narrative is whole then follows by itself (`settle_narrative`).
    """
    guards = (rules.check_files_not_being_made,)
    return Transition(
        name, EDITABLE, None, permission, words, guards=guards, not_from=NO_MORE_EDITING
    )


PAPER = Workflow(
    "paper",
    Paper,
    "status",
    PaperStatus,
    (
        Transition("start", (), DRAFT, WRITE, "start a paper"),
        Transition(
            "edit-facts",
            (DRAFT,),
            None,
            WRITE,
            "change the facts of a paper",
            guards=(rules.check_figures_not_being_computed,),
            not_from={
                **NO_MORE_EDITING,
                FROZEN: rules.facts_are_frozen,
                RELEASED: rules.facts_are_frozen,
            },
        ),
        _editing("write-section", WRITE, "write in a paper"),
        _editing("release-section", RELEASE, "release a section of a paper"),
        _editing("take-back-section", RELEASE, "withdraw the release of a section"),
        Transition(
            "compute-figures",
            (DRAFT,),
            None,
            RELEASE,
            "freeze the figures of a paper",
            guards=(rules.check_day_has_come, rules.check_figures_not_being_computed),
            not_from=dict.fromkeys(PaperStatus, "The figures are already frozen."),
        ),
        # The worker has computed them.
        Transition("freeze", (DRAFT,), FROZEN, "", "freeze the figures of a paper", automatic=True),
        Transition(
            "unfreeze",
            (FROZEN, RELEASED),
            DRAFT,
            RELEASE,
            "unfreeze the figures of a paper",
            guards=(rules.check_files_not_being_made,),
            not_from={**NO_MORE_EDITING, DRAFT: "The figures are not frozen."},
        ),
        # The last written section has been released, or one of them is open again.
        Transition(
            "release-narrative",
            (FROZEN,),
            RELEASED,
            "",
            "release the narrative of a paper",
            automatic=True,
        ),
        Transition(
            "hold-narrative",
            (RELEASED,),
            FROZEN,
            "",
            "hold the narrative of a paper",
            automatic=True,
        ),
        Transition(
            "render",
            (RELEASED,),
            None,
            RELEASE,
            "make the files of a paper",
            guards=(rules.check_nothing_underway,),
            not_from={
                **dict.fromkeys(PaperStatus, "The files have already been made."),
                DRAFT: rules.FREEZE_FIRST,
                FROZEN: rules.narrative_waits_for,
            },
        ),
        # Both files stand; the scan follows.
        Transition(
            "rendered", (RELEASED,), RENDERED, "", "hand the files of a paper in", automatic=True
        ),
        Transition(
            "release-name",
            (RENDERED, SCANNED),
            None,
            "reports.release_name",
            "release a name",
            not_from=dict.fromkeys(PaperStatus, rules.FILE_GONE),
        ),
        Transition(
            "clear",
            (RENDERED,),
            SCANNED,
            "",
            "clear a paper",
            guards=(rules.check_scanned_and_clear,),
            automatic=True,
        ),
        # A name became exempt after the scan: what was clear is so no longer. Only an approver asks
        # for it, so that nobody else can make a paper late by asking.
        Transition(
            "rescan", (SCANNED,), RENDERED, "reports.approve_paper", "have a paper scanned again"
        ),
        Transition(
            "take-back",
            (RELEASED, RENDERED, SCANNED),
            RELEASED,
            RELEASE,
            "withdraw the files of a paper",
            # Also while they are in the making, when the paper is still released.
            guards=(rules.check_files_to_take_back,),
            not_from={**dict.fromkeys(PaperStatus, rules.NO_FILES), APPROVED: rules.IS_APPROVED},
        ),
        Transition(
            "approve",
            (SCANNED,),
            APPROVED,
            "reports.approve_paper",
            "approve a paper",
            not_by=("started_by",),
            same_person="You started this paper, so someone else must approve it.",
            guards=(rules.check_wrote_no_section, rules.check_had_it_not_made),
            # An approval is of the bytes that the approver was shown, and of no later ones.
            needs_seen=True,
            not_from={
                DRAFT: rules.FREEZE_FIRST,
                FROZEN: rules.narrative_waits_for,
                RELEASED: rules.files_wait_for,
                RENDERED: rules.scan_waits_for,
                APPROVED: "This paper is already approved.",
            },
        ),
        Transition(
            "read-public",
            # Not before the scan is clear: whoever reads it earlier may read an exempt name.
            (SCANNED, APPROVED),
            None,
            "reports.view_paper",
            "read a paper",
            guards=(rules.check_read_unpublished,),
            not_from=dict.fromkeys(PaperStatus, rules.READ_WHEN_CLEAR),
        ),
        Transition(
            "start-new-version",
            (APPROVED,),
            None,
            WRITE,
            "start a new version of a paper",
            guards=(rules.check_no_later_version,),
            not_from=dict.fromkeys(
                PaperStatus, "This paper is not approved, so correct it without a new version."
            ),
        ),
    ),
    version=files_as_shown,
    stale="The files have changed since you opened this page. Read both files again.",
)

SECTION = Workflow(
    "section",
    Section,
    "status",
    SectionStatus,
    (
        Transition(
            "write",
            (SectionStatus.EMPTY, SectionStatus.WRITTEN),
            None,
            WRITE,
            "write in a paper",
            not_from={
                SectionStatus.RELEASED: (
                    "This section is released. Withdraw the release to change it."
                )
            },
        ),
        Transition(
            "release",
            (SectionStatus.WRITTEN,),
            SectionStatus.RELEASED,
            RELEASE,
            "release a section of a paper",
            not_from={
                SectionStatus.EMPTY: "This section is empty. Write it before you release it.",
                SectionStatus.RELEASED: "This section is already released.",
            },
        ),
        Transition(
            "take-back",
            (SectionStatus.RELEASED,),
            SectionStatus.WRITTEN,
            RELEASE,
            "withdraw the release of a section",
            not_from=dict.fromkeys(SectionStatus, "This section is not released."),
        ),
    ),
    derived=True,
)


def check_section(
    section: Section, name: str, by: WorkflowPerson | None, now: datetime | None = None
) -> None:
    """Whether `by` may take a step of `SECTION`: first whether the paper can change at all.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `files-being-made`.
    """
    PAPER.check(section.paper, f"{name}-section", by, now)
    SECTION.check(section, name, by, now)


def check_release_name(hit: ScanHit, by: WorkflowPerson, now: datetime | None = None) -> None:
    """Whether `by` may release a name that the scan found.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `file-gone`, `already-released`,
    `same-person`.
    """
    PAPER.check(hit.file.paper, "release-name", by, now)
    rules.check_name_still_held(hit)
    rules.check_second_person_for_name(hit, by)
