from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audits import files
from audits.actions import templates
from audits.models import Template
from core.workflow import NotAllowed


class Command(BaseCommand):
    help = (
        "Load the audit templates that come with carequality, or the files named, and bring them"
        " into use. A template that the council already has is left unchanged unless you give"
        " --update, which makes a new version of it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path)
        parser.add_argument("--update", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"] or sorted(files.SHIPPED.glob("*.toml")):
            try:
                source = files.parse(path.read_text(encoding="utf-8"))
                said = self.load(source, update=options["update"])
            except OSError as error:
                raise CommandError(f"Cannot read {path}: {error}") from error
            except UnicodeDecodeError as error:
                raise CommandError(f"{path} is not UTF-8 text: {error}") from error
            except files.TemplateFileError as error:
                raise CommandError("\n".join([f"Cannot use {path}:", *error.problems])) from error
            except NotAllowed as refusal:
                raise CommandError(f"{path}: {refusal}") from refusal
            self.stdout.write(f"{path.name}: {said}")

    def load(self, source: files.TemplateInFile, *, update: bool) -> str:
        current = Template.objects.current().filter(key=source.key).first()
        if current is not None and files.content(current) == source:
            return "already in use"
        if Template.objects.filter(key=source.key).exists() and not update:
            return "not loaded: the council has its own version. Give --update to replace it"
        now = timezone.now()
        template = templates.load_template(source, by=None, now=now)
        templates.publish(template.pk, by=None, now=now)
        return f"{template} is in use"
