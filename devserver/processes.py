"""Processes that end with the one that started them, and the ones that are still there."""

import ctypes
import signal
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1


def ends_with_parent(number: int = signal.SIGTERM) -> Callable[[], None] | None:
    """What a child runs before its program begins, so that it gets that signal when its parent
    ends, also when the parent was killed. None where the system cannot do that: only Linux can.
    """
    if not sys.platform.startswith("linux"):
        return None
    # Looked up here and not in the child: between fork and exec it may not take the loader's lock.
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, number)

    return ask


def started_at(pid: int) -> str:
    """When the process of that number began, in the kernel's ticks; empty when there is none, or it
    is dead and waits for its parent only. A number is given again to another process: with its
    beginning it names one.
    """
    try:
        # The name in the second field may hold blanks and brackets: what counts follows its last
        # bracket.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
