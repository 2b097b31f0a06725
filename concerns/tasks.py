"""Where it is shown that something promised for a concern was not done."""

from core.jobs import handlers

handlers.promised_for(
    "concerns.concern", "concerns.view_concern", "core.read_exempt", page="concerns:view-concern"
)
