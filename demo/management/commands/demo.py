import time
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.jobs import queue
from core.jobs.names import Lane
from core.models import CouncilProfile
from demo import load, papers


def deliver_quietly() -> None:
    """Deliver what the loaded past promised: the outcomes are recorded, and nobody is sent an
    email about last year.
    """
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    queue.work(Lane.MESSAGES, Lane.RENDERINGS)


class Command(BaseCommand):
    help = (
        "Load the fictitious demonstration council: the same every time, dated from the day it is"
        " loaded."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--services", type=int, default=load.DEFAULT_SERVICES, help="20 or more"
        )
        parser.add_argument(
            "--today", type=date.fromisoformat, help="the day it is dated from (YYYY-MM-DD)"
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing if there is a council already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if CouncilProfile.current() is not None:
            if options["if_empty"]:
                return
            raise CommandError(
                "This database already has a council. The demonstration needs an empty database."
            )
        if options["services"] < 20:
            raise CommandError("Use --services 20 or more: fewer cannot show every state.")
        self.stdout.write("Loading the fictitious demonstration council.")
        today = options["today"] or timezone.localdate()
        load.load(options["services"], today, self.stdout.write)
        began = time.monotonic()
        papers.issue(today, self.stdout.write)
        deliver_quietly()
        self.stdout.write(f"issuing a paper: {time.monotonic() - began:.1f} s")
