from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core import diagrams
from core.workflow import Workflow


class Command(BaseCommand):
    help = "Write docs/workflows.md anew from the tables of all lifecycles."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "workflows.md"
        page = diagrams.page(Workflow.registered.values())
        changed = not path.exists() or path.read_text() != page
        path.write_text(page)
        self.stdout.write("Drawn anew." if changed else "Nothing has changed.")
