from celery import shared_task
from django.utils import timezone

from carequality import outbox
from carequality.models import Heartbeat


@shared_task
def deliver_outbox(message_id: int) -> None:
    outbox.deliver(message_id)


@shared_task
def sweep_outbox() -> None:
    Heartbeat.objects.update_or_create(name="worker", defaults={"heard_at": timezone.now()})
    outbox.sweep()
