from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from demo.cqc_server.server import CqcServer
from demo.load import loaded_world
from demo.payloads import WorldPayloads


class Command(BaseCommand):
    help = "Serve the demonstration's fictitious locations as CQC's API would, with news every day."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=int, default=8099)

    def handle(self, *args: Any, **options: Any) -> None:
        world = loaded_world(timezone.localdate())
        server = CqcServer(WorldPayloads(world), key=settings.CQC_API_KEY, port=options["port"])
        self.stdout.write(
            f"CQC stand-in with {len(world.places)} fictitious locations at {server.url}"
        )
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.stop()
