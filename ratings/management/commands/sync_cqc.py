from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ratings.actions import sync
from ratings.cqc.errors import CqcError
from ratings.models import RunKind, RunState, SyncRun

IN_CASE_WE_DIE = timedelta(minutes=10)


class Command(BaseCommand):
    help = "Read from CQC what has changed. A run that stopped goes on first."

    def add_arguments(self, parser: Any) -> None:
        kinds = parser.add_mutually_exclusive_group()
        kinds.add_argument(
            "--full",
            action="store_true",
            help="every adult social care location in England, which takes about half an hour",
        )
        kinds.add_argument(
            "--sweep",
            action="store_true",
            help="what has changed, and all locations of our services, region and similar councils",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kind = (
            RunKind.FULL
            if options["full"]
            else RunKind.SWEEP
            if options["sweep"]
            else RunKind.CHANGES
        )
        try:
            client = sync.configured_client()
        except CqcError as error:
            raise CommandError(str(error)) from error
        now = timezone.now()
        sync.ask_for_run(kind, now=now, first_try_at=now + IN_CASE_WE_DIE)
        with client:
            runs = sync.work_runs(client)
        if runs is None:
            self.stdout.write("Another process is reading CQC, so this one has stopped.")
            return
        for run in runs:
            self.say(run)
        if any(run.state == RunState.STOPPED for run in runs):
            raise CommandError("The run stopped. Run this command again to continue it.")

    def say(self, run: SyncRun) -> None:
        counts = ", ".join(f"{number} {state}" for state, number in run.counts().items() if number)
        summary = (
            f"Run {run.pk} ({run.get_kind_display()}): {run.get_state_display()}."
            f" {counts or 'Nothing to read'}"
        )
        self.stdout.write(
            f"{summary}; {run.changes_found} changes, {run.requests} requests."
            f" {run.stopped_because}"
        )
