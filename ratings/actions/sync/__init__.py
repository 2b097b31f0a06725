"""Reading CQC: runs, their work lists, and what to do with each payload.

A run is rows (`SyncRun`, `SyncItem`), so that one that stops goes on where it stopped, and owns a
job that begins it and tries again. Of two at once the second steps aside: an advisory lock says
so, which PostgreSQL lets go of when its holder's connection ends, however that comes about.

`asking` promises a run, `listing` makes its work list, `working` reads the list through, and
`settling` writes down what became of each location. Source: CQC publishes its register and its
ratings for anyone to use (Open Government Licence v3.0).
"""

from ratings.actions.sync.asking import RunInput, ask_for_run, kind_for_night
from ratings.actions.sync.configuring import configured_client
from ratings.actions.sync.settling import reparse
from ratings.actions.sync.working import work_run, work_runs

__all__ = [
    "RunInput",
    "ask_for_run",
    "configured_client",
    "kind_for_night",
    "reparse",
    "work_run",
    "work_runs",
]
