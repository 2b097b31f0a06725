"""The Celery application: `celery -A carequality worker` and `celery -A carequality beat`."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carequality.settings")

app = Celery("carequality")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def sweep_at_start(**_: Any) -> None:
    """A worker that begins takes up at once what waited while there was none, and is heard."""
    if os.environ.get("CAREQUALITY_PROCESS") != "public":
        app.send_task("carequality.tasks.sweep_outbox")
