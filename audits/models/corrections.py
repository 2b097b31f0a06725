from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.visits import Visit


class Reopening(models.Model):
    """That a completed visit was reopened to be corrected, why, and what it said until then.

    Nothing of a completed audit is lost by correcting it: a provider may ask what its first score
    was and why that changed.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="reopenings")
    reason = models.TextField("why it was reopened")
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
        return f"Reopened: {self.visit}"

    @property
    def outcome(self) -> str:
        """The outcome until then; empty for a visit without a score."""
        return str(self.stood.get("outcome") or "")

    @property
    def score(self) -> str:
        """The score until then, in per cent; empty for a visit without one."""
        return str(self.stood.get("score") or "")
