from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from administration.actions import people
from core.models import User
from core.workflow import NotAllowed


class Command(BaseCommand):
    help = (
        "Let a person sign in without waiting, whatever wrong passwords came before. For when every"
        " administrator has to wait."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError("No account has that user name.")
        try:
            people.unlock(person.pk, by=None, now=timezone.now())
        except NotAllowed as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{person} can sign in without waiting for the next hour.")
