"""What must work for the product to be ready, as the apps register it: the checks behind
`/readyz`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.dates import moment_in_words
from core.models import Heartbeat
from core.registration import Registry

BROKER_WITHIN = 0.3  # seconds, for each of the connection and the answer

# None when all is well, else one plain sentence.
Check = Callable[[], str | None]
C = TypeVar("C", bound=Check)
CHECKS: Registry[Check] = Registry("readiness checks")


def readiness_check(*, order: int) -> Callable[[C], C]:
    """Register a function of the module `readiness` as a check; `/readyz` names it as the function
    is named.
    """

    def register(check: C) -> C:
        CHECKS.add(check.__name__, check, order=order)
        return check

    return register


@readiness_check(order=10)
def database() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "The database does not answer."
    return None


@readiness_check(order=20)
def broker() -> str | None:
    try:
        # With a bound, and asked once, so that a broker that hangs holds up no answer: it accepts
        # connections, and says nothing. The client would try three times more by itself.
        with Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=BROKER_WITHIN,
            socket_connect_timeout=BROKER_WITHIN,
            retry=Retry(NoBackoff(), 0),
        ) as client:
            client.ping()
    except RedisError:
        return "The broker does not answer."
    return None


@readiness_check(order=30)
def worker() -> str | None:
    try:
        heard = Heartbeat.objects.filter(name="worker").first()
    except DatabaseError:
        return "The worker's heartbeat cannot be read."
    if heard is None:
        return "No worker has been heard yet."
    if timezone.now() - heard.heard_at > timedelta(minutes=5):
        return f"No worker has been heard since {moment_in_words(heard.heard_at)}."
    return None
