from django.conf import settings
from django.db import models


class Version(models.Model):
    """The words of something as somebody left them. Append-only: a trigger refuses the rest.

    Without a foreign key to what it is of, as an event: this stands below every app.
    """

    about_label = models.CharField(max_length=60)
    about_id = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    fields = models.JSONField(help_text="The words by the name of their field")
    # None: nobody in particular, since it was kept before its first change.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        ordering = ["about_label", "about_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["about_label", "about_id", "number"], name="version_numbered_once"
            )
        ]

    def __str__(self) -> str:
        return f"Version {self.number} of {self.about_label} {self.about_id}"
