from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.visits import Visit


class Reopening(models.Model):
    """That a completed visit was opened again to be corrected, why, and what stood in it until
    then.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="reopenings")
    reason = models.TextField("why it was opened again")
    reopened_at = models.DateTimeField()
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Who completed it and when, summary, score and outcome, and every answer by its question's
    # code.
    stood = models.JSONField(default=dict, editable=False)

    class Meta:
        default_permissions = ()
        ordering = ["-reopened_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="reopening_has_reason")]

    def __str__(self) -> str:
        return f"Opened again, {self.visit}"
