import getpass
import os
import sys
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from administration.rules import check_account
from core import events
from core.models import CouncilProfile, User
from core.workflow import NotAllowed
from documents.text import clean_line


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
        # It makes an administrator without asking for a right, so it may do so only before there is
        # anyone.
        if CouncilProfile.current() is not None:
            raise CommandError(
                "This database already has a council. Sign in and change its profile instead."
            )
        password = self.password(options["password_from"])
        person = User(username=clean_line(options["username"]), email=clean_line(options["email"]))
        name = clean_line(options["council"])
        # All or nothing: a council without an administrator could not be begun again.
        with transaction.atomic():
            try:
                person.full_clean(exclude=["password"])
                CouncilProfile._meta.get_field("name").run_validators(name)
                check_account(username=person.username, email=person.email)
                # Before the password is judged, so that its name makes none.
                profile = CouncilProfile.objects.create(pk=1, name=name, short_name=name[:60])
                validate_password(password, person)
            except NotAllowed as refusal:
                raise CommandError(refusal.message) from refusal
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
