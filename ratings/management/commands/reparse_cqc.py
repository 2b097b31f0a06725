from typing import Any

from django.core.management.base import BaseCommand

from ratings.actions import sync


class Command(BaseCommand):
    help = "Read every kept payload again, with the parser as it is now."

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes = sync.reparse()
        summary = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
        self.stdout.write(summary or "No payloads are kept yet.")
