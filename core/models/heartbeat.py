from django.db import models


class Heartbeat(models.Model):
    """When a process was last heard: `/readyz` reads it."""

    name = models.CharField(max_length=40, primary_key=True)
    heard_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
