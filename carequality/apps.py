from datetime import UTC
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils import timezone


def _seed_groups(using: str, **_: Any) -> None:
    from carequality.groups import seed

    seed(using)


class GroundConfig(AppConfig):
    name = "carequality"
    verbose_name = "Ground floor"

    def ready(self) -> None:
        # Rows seeded by a migration would vanish with the first flush; permissions exist only after it too.
        post_migrate.connect(_seed_groups, dispatch_uid="carequality.groups")
        if settings.FIXED_NOW is not None:
            # Django's own clock, and not each reader of it: so `auto_now_add`, sessions and every view obey alike.
            moment = settings.FIXED_NOW.astimezone(UTC)
            timezone.now = lambda: moment
