from typing import Any

from django import template
from django.db import models

from core.jobs import showing
from core.models import Handover

register = template.Library()


@register.inclusion_tag("includes/jobs_not_done.html")
def jobs_not_done(obj: models.Model) -> dict[str, Any]:
    """What was promised for the object of this page and was given up, with what to do instead;
    nothing when all is done.
    """
    return {"jobs": showing.not_done_for(obj)}


@register.inclusion_tag("includes/handovers.html")
def handovers(obj: models.Model) -> dict[str, Any]:
    """Who gave the object of this page to whom, when and why; nothing when nobody did."""
    return {"handovers": Handover.objects.about(obj)}
