from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from suspensions.diagrams import draw


class Command(BaseCommand):
    help = "Draw the state diagrams of docs/suspensions.md from the transition tables."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = draw(settings.BASE_DIR / "docs" / "suspensions.md")
        self.stdout.write("Drawn anew." if changed else "Nothing has changed.")
