from datetime import UTC
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

# What an app offers to the rest stands in modules of these names, or in the modules of a package of
# that name; importing one registers it, as with Django's admin.
OFFERED_IN = (
    "folding",
    "lookups",
    "workflow",
    "cover",
    "step_links",
    "figures",
    "rows_behind",
    "today",
    "not_done",
    "navigation",
    "readiness",
    "notices",
    "placement",
    "open_items",
    "brief",
    "own_words",
    "work",
    "resting_on_actions",
    "tasks",
)


def _seed_groups(using: str, **_: Any) -> None:
    from core.groups import seed

    seed(using)


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        if settings.FIXED_NOW is not None:
            # Django's own clock, and not each reader of it: so `auto_now_add`, sessions and every
            # view obey alike. Before anything is imported that takes it as a default.
            moment = settings.FIXED_NOW.astimezone(UTC)
            timezone.now = lambda: moment
        # Rows seeded by a migration would vanish with the first flush; permissions exist only after
        # it too.
        post_migrate.connect(_seed_groups, dispatch_uid="core.groups")
        autodiscover_modules(*OFFERED_IN)
        for app in apps.get_app_configs():
            for name in OFFERED_IN:
                offered = getattr(app.module, name, None)
                for part in iter_modules(getattr(offered, "__path__", ())):
                    import_module(f"{app.name}.{name}.{part.name}")
