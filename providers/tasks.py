"""Where it is shown that something promised for a service was not done."""

from core.jobs import handlers

handlers.promised_for(
    "providers.service", "providers.change_service", page="oversight:view-service"
)
