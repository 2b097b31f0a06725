import getpass
import os
import sys
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core import events
from core.models import CouncilProfile, User


class Command(BaseCommand):
    help = (
        "Create an empty council and its first administrator, who then completes the profile on its"
        " page."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--council", required=True, help="the council's name")
        parser.add_argument("--username", required=True)
        parser.add_argument("--email", required=True)
        parser.add_argument(
            "--password-from",
            metavar="VARIABLE",
            help="the environment variable that holds the password; without it, it is asked for",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if CouncilProfile.current() is not None:
            raise CommandError(
                "This database already has a council. Sign in and change its profile instead."
            )
        password = self.password(options["password_from"])
        person = User(username=options["username"], email=options["email"])
        with transaction.atomic():
            # First, so that its name makes no password.
            profile = CouncilProfile.objects.create(
                pk=1, name=options["council"], short_name=options["council"][:60]
            )
            try:
                person.full_clean(exclude=["password"])
                validate_password(password, person)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            person.set_password(password)
            person.save()
            person.groups.add(Group.objects.get(name="Administrator"))
            events.record("council.begun", by=person, about=profile)
        self.stdout.write(
            f"Created {profile.name}. {person.username} can now sign in and complete the profile."
        )

    def password(self, variable: str | None) -> str:
        if variable:
            if variable not in os.environ:
                raise CommandError(f"{variable} is not set.")
            return os.environ[variable]
        if not sys.stdin.isatty():
            raise CommandError("No terminal to ask for a password: use --password-from.")
        return getpass.getpass("Password of the first administrator: ")
