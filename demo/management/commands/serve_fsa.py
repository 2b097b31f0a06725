from typing import Any

from django.core.management.base import BaseCommand

from demo.fsa_server.council import establishments
from demo.fsa_server.server import FsaServer


class Command(BaseCommand):
    help = "Serve the demonstration's care homes as the Food Standards Agency's API would."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=int, default=8098)

    def handle(self, *args: Any, **options: Any) -> None:
        server = FsaServer(establishments, port=options["port"])
        self.stdout.write(f"FSA stand-in at {server.url}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
