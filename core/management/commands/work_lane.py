import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.jobs import queue
from core.jobs.lane import LaneLoop
from core.jobs.names import Lane


class Command(BaseCommand):
    help = (
        "Do the jobs of one lane until told to stop. The worker starts one for each lane; more do"
        " no harm."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lane", choices=[lane.value for lane in Lane])
        parser.add_argument(
            "--parent", type=int, help="end when this process is no longer the one that started it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        def stop(_number: int, _frame: FrameType | None) -> None:
            queue.stopping.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        LaneLoop(Lane(options["lane"]), parent=options["parent"]).go_on()
