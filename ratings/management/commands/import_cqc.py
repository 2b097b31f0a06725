from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.dates import day_in_words
from documents import dates
from documents.exports import csv_lines
from ratings.actions import files
from ratings.files.merge import BusyError
from ratings.models import FileChange, FileImport, FileProblem, ImportState

SHOWN = 20
IN_WORDS = {
    "locations_new": "new locations",
    "locations_changed": "locations changed",
    "locations_kept": "locations not changed, because we have newer data",
    "ratings_new": "new ratings",
    "ratings_of_the_past": "past ratings added",
    "ratings_ended": "ratings ended",
    "ratings_corrected": "ratings corrected",
    "ratings_set_aside": "ratings set aside for another of the same key question",
    "ratings_told_again": "assessments of a service told again for the whole location",
    "not_ratings": "rows without a rating, such as Not rated",
}


class Command(BaseCommand):
    help = (
        "Import a CQC file: Active Locations, Latest ratings, the directory, Deactivated Locations"
        " or the dashboard's export (.ods, .xlsx or .csv). It is recognised by its columns."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and change nothing"
        )
        parser.add_argument(
            "--as-at",
            type=dates.argument(dates.HAPPENED),
            metavar="DATE",
            help="the day of the file, where the file does not say it",
        )
        parser.add_argument(
            "--again",
            action="store_true",
            help="import it even if exactly the same file was imported before",
        )
        parser.add_argument(
            "--refused", type=Path, metavar="CSV", help="write what could not be used to this file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = files.import_path(
                options["file"],
                is_dry_run=options["dry_run"],
                as_at=options["as_at"],
                again=options["again"],
            )
        except OSError as error:
            raise CommandError(f"We cannot read {options['file']}: {error.strerror}.") from error
        except BusyError as error:
            raise CommandError(f"{error} Try again later.") from error
        if done.state == ImportState.FAILED:
            raise CommandError(done.failed_because)
        if done.same_as:
            self.stdout.write(
                "Exactly the same file was imported on"
                f" {day_in_words(done.same_as.finished_at)}, so there is nothing to do."
            )
            return
        self.say(done)
        if options["refused"]:
            self.write_refused(done, options["refused"])

    def say(self, done: FileImport) -> None:
        stated = (
            ""
            if done.day_is_stated
            else " (the file does not say its day, so it does not overwrite anything that we hold)"
        )
        self.stdout.write(f"{done.title}{stated}: {done.rows_read:,} rows read.")
        self.stdout.write("It would change:" if done.is_dry_run else "It changed:")
        for key, words in IN_WORDS.items():
            if number := done.counts.get(key):
                self.stdout.write(f"  {number:>9,} {words}")
        if done.is_dry_run:
            for change in FileChange.objects.filter(file_import=done)[:SHOWN]:
                self.stdout.write(f"  {self.in_words(change)}")
        if done.sheets_not_read:
            self.stdout.write(f"Sheets not read: {done.not_read_in_words}")
        self.say_problems(done)

    def in_words(self, change: FileChange) -> str:
        about = (
            f"{change.get_kind_display()}: {change.location_id} {change.location_name},"
            f" {change.what}:"
        )
        if change.kind == FileChange.Kind.RATING_SET_ASIDE:
            return f"{about} {change.after}, since {change.before} stands"
        was = f"{change.before or 'nothing'} -> " if change.before or change.after else ""
        return f"{about} {was}{change.after}"

    def say_problems(self, done: FileImport) -> None:
        if not done.problems_found:
            return
        self.stdout.write(f"Not used: {done.problems_found:,}")
        for problem in FileProblem.objects.filter(file_import=done)[:SHOWN]:
            where = ", ".join(
                part for part in (problem.sheet, f"row {problem.row}", problem.column) if part
            )
            left = " (the rest of the row was used)" if problem.is_cell else ""
            self.stdout.write(f"  {where}: {problem.value!r}. {problem.reason}{left}")
        if done.problems_found > SHOWN:
            self.stdout.write(
                "  ... To see them all, use --refused FILE, or open the import's page."
            )

    def write_refused(self, done: FileImport, path: Path) -> None:
        rows = FileProblem.objects.filter(file_import=done).iterator()
        with path.open("w", newline="", encoding="utf-8") as handle:
            handle.writelines(
                csv_lines(FileProblem.HEADINGS, (problem.as_row() for problem in rows))
            )
        self.stdout.write(f"What was not used is in {path}.")
