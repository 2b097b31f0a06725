from django.db import models


class OutboxMessage(models.Model):
    """Work promised in the same transaction as the change that needs it (see `carequality.outbox`)."""

    task = models.CharField(max_length=100)
    args = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["due_at"],
                name="outbox_waiting",
                condition=models.Q(done_at=None, given_up_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.task}{tuple(self.args)}"


class Heartbeat(models.Model):
    """When a process was last heard: `/readyz` reads it."""

    name = models.CharField(max_length=40, primary_key=True)
    heard_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
