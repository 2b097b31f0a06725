import os
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from psycopg.conninfo import conninfo_to_dict

from core import roles

URLS = {
    "owner": "OWNER_DATABASE_URL",
    "app": "DATABASE_URL",
    "public": "PUBLIC_DATABASE_URL",
    "backup": "BACKUP_DATABASE_URL",
}


class Command(BaseCommand):
    help = (
        "Create the database's roles and the database with ADMIN_DATABASE_URL; passwords come from"
        " each role's own URL."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        missing = [
            name for name in ("ADMIN_DATABASE_URL", *URLS.values()) if not os.environ.get(name)
        ]
        if missing:
            raise CommandError(f"Set {', '.join(missing)} first.")
        parts = {short: conninfo_to_dict(os.environ[name]) for short, name in URLS.items()}
        for short, part in parts.items():
            if part.get("user") != roles.NAMES[short]:
                raise CommandError(f"{URLS[short]} must sign in as {roles.NAMES[short]}.")
        passwords = {short: str(part.get("password") or "") for short, part in parts.items()}
        try:
            roles.set_up(
                os.environ["ADMIN_DATABASE_URL"],
                passwords,
                database=str(parts["app"].get("dbname") or "carequality"),
            )
        except psycopg.Error as error:
            raise CommandError(f"PostgreSQL refused: {error}") from error
        self.stdout.write(f"Roles {', '.join(roles.NAMES.values())} and the database stand.")
