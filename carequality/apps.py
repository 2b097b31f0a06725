from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _seed_groups(using: str, **_: Any) -> None:
    from carequality.groups import seed

    seed(using)


class GroundConfig(AppConfig):
    name = "carequality"
    verbose_name = "Ground floor"

    def ready(self) -> None:
        # Rows seeded by a migration would vanish with the first flush; permissions exist only after it too.
        post_migrate.connect(_seed_groups, dispatch_uid="carequality.groups")
