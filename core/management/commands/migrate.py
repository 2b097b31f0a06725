from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections


class Command(migrate.Command):
    """Django's migrate, run as the schema's owner; the rights and the wall are rebuilt around
    it.
    """

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner" if "owner" in settings.DATABASES else "default")

    def handle(self, *args: Any, **options: Any) -> None:
        writes = not (options["check_unapplied"] or options["plan"])
        if writes:
            self.run_files(settings.SQL_BEFORE_MIGRATE, options["database"])
        super().handle(*args, **options)
        if writes:
            self.run_files(settings.SQL_AFTER_MIGRATE, options["database"])

    def run_files(self, names: list[str], database: str) -> None:
        for name in names:
            file = settings.BASE_DIR / name
            if file.exists():
                with connections[database].cursor() as cursor:
                    cursor.execute(file.read_text())
