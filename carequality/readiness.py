"""The checks behind `/readyz`: each returns None when all is well, else one plain sentence."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from redis import Redis, RedisError

from carequality.dates import moment_in_words
from carequality.models import Heartbeat
from core.readiness import readiness_check


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
        Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2).ping()
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
