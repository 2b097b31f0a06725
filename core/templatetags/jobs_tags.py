from typing import Any

from django import template
from django.db import models

from core.jobs import showing

register = template.Library()


@register.inclusion_tag("includes/jobs_not_done.html")
def jobs_not_done(obj: models.Model) -> dict[str, Any]:
    """What was promised for the object of this page and was given up, with what to do instead;
    nothing when all is done.
    """
    return {"jobs": showing.not_done_for(obj)}
