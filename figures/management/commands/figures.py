"""The command that prints a figure: `script/manage figures NAME --as-at DAY`."""

import csv
import inspect
import json
from datetime import datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.dates import day_in_words
from core.models import CouncilProfile
from core.workflow import NotAllowed
from documents import dates
from documents.exports import csv_cell
from figures.figure import Figure
from figures.registration import FIGURES, named

# What some figures take besides the day: the option, the argument of the figure's function, and
# what it means.
SOME_TAKE = {
    "--known-at": (
        "known_at",
        "what we knew at that time, YYYY-MM-DD[THH:MM]; a day alone means the end of it",
    ),
    "--authority": ("authority", "another authority than the council's own"),
    "--from": ("since", "the first day of a span, YYYY-MM-DD"),
    "--by": ("by", "district or locality"),
    "--sector": ("sector", "one type of service, for example nursing_home"),
    "--framework": ("framework", "one contract or framework"),
    "--framework-before": (
        "framework_before",
        "the contract or framework on the first day, if it was a different one",
    ),
}

GROUPED = ("--by-group", "by_group")


def moment(text: str) -> datetime:
    """A time in England's clock; a day alone is the moment at which it ends."""
    try:
        if len(text) == len("2019-09-09"):
            day = dates.iso_day(text)
            found = datetime.combine(day + timedelta(days=1), time.min)
        else:
            found = datetime.fromisoformat(text)
            day = found.date()
        dates.ASKED.check(day, timezone.localdate())
    except dates.ImplausibleDay as error:
        raise CommandError(f"{text}: {error}.") from error
    except (ValueError, OverflowError) as error:
        raise CommandError(
            f"Write the time as YYYY-MM-DD or YYYY-MM-DDTHH:MM, not {text}."
        ) from error
    return timezone.make_aware(found) if timezone.is_naive(found) else found


class Command(BaseCommand):
    """Prints a figure. What its function takes decides which options it accepts."""

    help = "Print a figure as at a day, as a table, JSON or CSV."

    def add_arguments(self, parser: Any) -> None:
        """One option for each thing that some figure takes."""
        parser.add_argument(
            "name",
            choices=sorted(FIGURES.names()),
            metavar="NAME",
            help=", ".join(sorted(FIGURES.names())),
        )
        parser.add_argument(
            "--as-at",
            type=dates.argument(dates.ASKED),
            help="the day, YYYY-MM-DD; today if you leave it out",
        )
        readers = {"--known-at": moment, "--from": dates.argument(dates.ASKED)}
        for option, (name, meaning) in SOME_TAKE.items():
            also = ["--since"] if option == "--from" else []
            parser.add_argument(
                option, *also, dest=name, type=readers.get(option, str), help=meaning
            )
        parser.add_argument(
            "--by-group",
            action="store_true",
            # None and not False: a figure that does not take it is refused only where somebody
            # asked for it.
            default=None,
            help="by the council's own groups of services instead of their types",
        )
        parser.add_argument("--format", choices=["table", "json", "csv"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and print it.

        Raises `CommandError` for an option that the figure does not take or cannot use.
        """
        function = named(options["name"])
        taken = inspect.signature(function).parameters
        arguments: dict[str, Any] = {"as_at": options["as_at"] or timezone.localdate()}
        for option, name in [*((option, name) for option, (name, _) in SOME_TAKE.items()), GROUPED]:
            if options[name] is None:
                continue
            if name == "authority" and name not in taken:
                self._refuse_other_authority(options["name"], options[name])
                continue
            if name not in taken:
                raise CommandError(f"{options['name']} does not take {option}.")
            arguments[name] = options[name]
        try:
            figure = function(**arguments)
        except NotAllowed as refusal:
            raise CommandError(str(refusal)) from refusal
        getattr(self, f"print_{options['format']}")(figure)

    def _refuse_other_authority(self, figure: str, asked: str) -> None:
        """A figure of the council's own records has one authority: naming that one is fine."""
        profile = CouncilProfile.current()
        if profile is None or asked not in (profile.short_name, profile.name):
            raise CommandError(
                f"{figure} counts the council's own services, so it has no other authority."
            )

    def print_json(self, figure: Figure) -> None:
        """As a paper freezes it."""
        self.stdout.write(json.dumps(figure.as_json(), indent=1, ensure_ascii=False))

    def print_csv(self, figure: Figure) -> None:
        """Its table alone, without findings and notes."""
        headings, rows = figure.table()
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow([csv_cell(heading) for heading in headings])
        writer.writerows([csv_cell(cell) for cell in row] for row in rows)

    def print_table(self, figure: Figure) -> None:
        """In columns, with its findings and notes below."""
        headings, rows = figure.table()
        cells = [headings, *[[str(cell) for cell in row] for row in rows]]
        widths = [max(len(row[i]) for row in cells) for i in range(len(headings))]
        self.stdout.write(f"{figure.title}, as at {day_in_words(figure.as_at)}")
        for row in cells:
            self.stdout.write(
                "  ".join(
                    cell.ljust(width) for cell, width in zip(row, widths, strict=True)
                ).rstrip()
            )
        for line in (*figure.findings, *figure.notes):
            self.stdout.write(line)
