"""Every kind of job that there is, in one place: its fixed name, where it is done, and how often it
is tried.

The name stands in the database (and that of the public lane in `reports/published.sql`): it is
never changed. What a job does is registered by the app that does it, in its `tasks.py`
(`core.jobs.handlers`).
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

MINUTE = timedelta(minutes=1)


class Lane(StrEnum):
    """Each lane has a process of its own, so that none waits for another: a message leaves while
    papers are rendered.
    """

    MESSAGES = "messages"
    RENDERINGS = "renderings"
    PUBLIC = "public"  # of the process that sees only what is public, and of it alone
    SYNC = "sync"
    IMPORTS = "imports"


@dataclass(frozen=True)
class JobKind:
    """A kind of job.

    `words` name it on a page, `instead` says what a person can do when it is given up. A failure is
    tried again after `first_wait`, each time after twice as long, up to `longest_wait`, `attempts`
    times in all; without `tries_again` only a worker that died is made up for, since what failed
    would fail again, and a person waits to hear so.

    A short job is done inside a transaction together with its mark; one that `is_long` outside of
    one: its handler takes the job, reports how far it is, and finishes it together with its result.
    It is taken for dead when nothing was heard of it for `stalled_after`. `is_exempt`: what it
    works on may stand in the message of an error, which is then neither logged nor kept. `then`
    names a kind that follows the end of a job, however it ended, with its id.
    """

    name: str
    lane: Lane
    words: str
    instead: str
    attempts: int = 12
    first_wait: timedelta = MINUTE
    longest_wait: timedelta = timedelta(hours=6)
    tries_again: bool = True
    is_long: bool = False
    stalled_after: timedelta = timedelta(seconds=30)
    is_exempt: bool = False
    then: str = ""

    def wait_after(self, attempts: int) -> timedelta:
        """How long to wait after so many attempts."""
        return min(self.first_wait * 2 ** min(max(attempts - 1, 0), 20), self.longest_wait)


# What several kinds say, each written once.
LETTER_WORDS = "The file of a letter"
LETTER_INSTEAD = "Write the letter yourself, or ask for its file again."
ASK_TO_DECIDE_WORDS = "Asking another manager to decide"
ASK_TO_DECIDE_INSTEAD = "The email was not sent: ask another manager yourself."
ASK_FOR_FILES = "Ask for the files again."
MAKE_FILES_AGAIN = "Withdraw the files and ask for them again."

NOTIFY_RECIPIENTS = JobKind(
    "suspensions.notify-recipients",
    Lane.MESSAGES,
    "Notifying the recipients",
    "Notify them yourself, and record it.",
    is_exempt=True,
)
# Tried twice more, within minutes, where other kinds are tried for hours: then a person has to
# telephone.
NOTIFY_RECIPIENT = JobKind(
    "suspensions.notify-recipient",
    Lane.MESSAGES,
    "An email to a recipient",
    "The email was not sent: notify the recipient yourself, and record it.",
    attempts=3,
    first_wait=5 * MINUTE,
    is_exempt=True,
)
ASK_TO_CONFIRM = JobKind(
    "suspensions.ask-to-confirm",
    Lane.MESSAGES,
    "Asking a second manager to confirm",
    "The email was not sent: ask them by telephone.",
    is_exempt=True,
)
# Tried for two hours: then the page of the proposal says that nobody was asked.
ASK_TO_DECIDE = JobKind(
    "suspensions.ask-to-decide",
    Lane.MESSAGES,
    ASK_TO_DECIDE_WORDS,
    ASK_TO_DECIDE_INSTEAD,
    attempts=8,
    is_exempt=True,
)
ASK_TO_DECIDE_STEP = JobKind(
    "formal_steps.ask-to-decide",
    Lane.MESSAGES,
    ASK_TO_DECIDE_WORDS,
    ASK_TO_DECIDE_INSTEAD,
    attempts=8,
    is_exempt=True,
)
MAKE_LETTER = JobKind(
    "suspensions.make-letter",
    Lane.RENDERINGS,
    LETTER_WORDS,
    LETTER_INSTEAD,
    is_exempt=True,
)
MAKE_STEP_LETTER = JobKind(
    "formal_steps.make-letter",
    Lane.RENDERINGS,
    LETTER_WORDS,
    LETTER_INSTEAD,
    is_exempt=True,
)
SEND_REPORT = JobKind(
    "audits.send-report",
    Lane.MESSAGES,
    "An email with an audit report",
    "The email was not sent: send the file yourself, and record it.",
    attempts=3,
    first_wait=5 * MINUTE,
    is_exempt=True,
)
SEND_DIGEST = JobKind(
    "ratings.send-digest",
    Lane.MESSAGES,
    "Your email about the night’s changes at CQC",
    "Look at the page of CQC changes.",
)
READ_CQC = JobKind(
    "ratings.read-cqc",
    Lane.SYNC,
    "The update from CQC",
    "Check why it stopped, then ask for a new update.",
    attempts=144,  # a day
    first_wait=10 * MINUTE,
    longest_wait=10 * MINUTE,
    is_long=True,
    stalled_after=10 * MINUTE,
)
READ_FOOD = JobKind(
    "ratings.read-food",
    Lane.SYNC,
    "The reading of food hygiene ratings",
    "We try again tomorrow. Until then, the ratings are those of the last reading.",
    attempts=4,
    first_wait=30 * MINUTE,
    is_long=True,
    stalled_after=30 * MINUTE,
)
IMPORT_FILE = JobKind(
    "ratings.import-file",
    Lane.IMPORTS,
    "The import of a file",
    "Upload the file again.",
    attempts=3,
    is_long=True,
    stalled_after=10 * MINUTE,
)
TELL_OWNER = JobKind(
    "administration.tell-owner",
    Lane.MESSAGES,
    "An email to a person about their account",
    "The email was not sent: tell them yourself.",
)
TELL_NEW_HOLDER = JobKind(
    "administration.tell-new-holder",
    Lane.MESSAGES,
    "An email to whoever takes work over",
    "The email was not sent: tell them yourself that it is theirs now.",
    attempts=5,
)
CHECK_COPY = JobKind(
    "documents.check-copy",
    Lane.IMPORTS,
    "Checking the copy of a photograph",
    "The original is kept. Open the photograph, and add it again if it does not look right.",
    attempts=3,
    is_exempt=True,
)
# For some days: a scanner that is away comes back.
SCAN_FILE = JobKind(
    "documents.scan-file",
    Lane.IMPORTS,
    "The virus scan of a file",
    "Ask your administrator whether the virus scanner works. We try again every hour.",
    attempts=60,
    longest_wait=timedelta(hours=1),
    is_exempt=True,
)
PAPER_SETTLE = JobKind(
    "reports.settle-paper",
    Lane.MESSAGES,
    "A paper’s next step",
    MAKE_FILES_AGAIN,
    is_exempt=True,
)
PAPER_FIGURES = JobKind(
    "reports.figures",
    Lane.PUBLIC,
    "Public figures",
    "Ask for the figures again.",
    attempts=3,
    tries_again=False,
    is_long=True,
    stalled_after=5 * MINUTE,
    then=PAPER_SETTLE.name,
)
PAPER_PUBLIC = JobKind(
    "reports.public",
    Lane.PUBLIC,
    "Public paper",
    ASK_FOR_FILES,
    attempts=3,
    tries_again=False,
    is_long=True,
    stalled_after=5 * MINUTE,
    then=PAPER_SETTLE.name,
)
PAPER_EXEMPT = JobKind(
    "reports.exempt",
    Lane.RENDERINGS,
    "Exempt Appendix",
    ASK_FOR_FILES,
    attempts=3,
    tries_again=False,
    is_long=True,
    stalled_after=5 * MINUTE,
    is_exempt=True,
    then=PAPER_SETTLE.name,
)
PAPER_SCAN = JobKind(
    "reports.scan",
    Lane.RENDERINGS,
    "Disclosure scan",
    MAKE_FILES_AGAIN,
    attempts=3,
    tries_again=False,
    is_long=True,
    stalled_after=5 * MINUTE,
    is_exempt=True,
    then=PAPER_SETTLE.name,
)

# A kind that is missing here is taken for one of another version: its jobs are given up at their
# first fault, and never taken back from a worker that died.
KINDS: dict[str, JobKind] = {
    kind.name: kind
    for kind in (
        NOTIFY_RECIPIENTS,
        NOTIFY_RECIPIENT,
        ASK_TO_CONFIRM,
        ASK_TO_DECIDE,
        ASK_TO_DECIDE_STEP,
        MAKE_LETTER,
        MAKE_STEP_LETTER,
        SEND_REPORT,
        SEND_DIGEST,
        READ_CQC,
        READ_FOOD,
        IMPORT_FILE,
        TELL_OWNER,
        TELL_NEW_HOLDER,
        CHECK_COPY,
        SCAN_FILE,
        PAPER_SETTLE,
        PAPER_FIGURES,
        PAPER_PUBLIC,
        PAPER_EXEMPT,
        PAPER_SCAN,
    )
}
