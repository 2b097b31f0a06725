from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

# What an app offers to the rest stands in modules of these names; importing one registers it, as with Django's admin.
OFFERED_IN = (
    "workflow",
    "figures",
    "rows_behind",
    "today",
    "not_done",
    "navigation",
    "readiness",
    "notices",
    "matters",
    "brief",
    "tasks",
)


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        autodiscover_modules(*OFFERED_IN)
