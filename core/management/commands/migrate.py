import contextlib
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import DatabaseError, connections


class Command(migrate.Command):
    """Django's migrate, run as the schema's owner; the rights and the wall are rebuilt around
    it.
    """

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner" if "owner" in settings.DATABASES else "default")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate. Two at once run one after the other: a second that found half of the schema
        would fail, and one that dropped the wall while the other rebuilt it would leave it down.
        """
        if options["check_unapplied"] or options["plan"]:
            super().handle(*args, **options)
            return
        with self.alone(options["database"]):
            self.run_files(settings.SQL_BEFORE_MIGRATE, options["database"])
            try:
                super().handle(*args, **options)
            except BaseException:
                # What was dropped before is put back where the schema still has what it shows.
                # Where it has not, the wall stays shut: the public login sees nothing until a
                # migration succeeds.
                self.restore(options["database"])
                raise
            self.run_files(settings.SQL_AFTER_MIGRATE, options["database"])

    @contextlib.contextmanager
    def alone(self, database: str) -> Iterator[None]:
        """Hold the database for one migration, on a connection of its own: the migrations' own may
        be closed.
        """
        connection = connections[database].copy()
        try:
            with connection.cursor() as cursor:
                # An advisory lock of the session: it ends with the connection, also when the
                # process is killed.
                cursor.execute("SELECT pg_advisory_lock(hashtext('carequality migrate'))")
                yield
        finally:
            connection.close()

    def restore(self, database: str) -> None:
        """Run what follows a migration after one that failed, as far as it goes."""
        with contextlib.suppress(DatabaseError):
            self.run_files(settings.SQL_AFTER_MIGRATE, database)

    def run_files(self, names: list[str], database: str) -> None:
        for name in names:
            file = settings.BASE_DIR / name
            if file.exists():
                with connections[database].cursor() as cursor:
                    cursor.execute(file.read_text())
