import secrets

from django.conf import settings
from django.db import models


def new_key() -> bytes:
    # 256 bits, for the browser's AES-GCM.
    return secrets.token_bytes(32)


class DeviceKey(models.Model):
    """The key with which a person's browser seals what it keeps of visits while there is no
    network.

    A browser holds it only while that person is the one signed in; so on a shared laptop another's
    drafts are there, and unreadable.
    """

    # One for a person and not for a device: what was sealed on one laptop opens on it whenever that
    # person signs in. Losing the row makes what is unsent unreadable.
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="device_key"
    )
    key = models.BinaryField(default=new_key, editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Device key of {self.person}"


class Receipt(models.Model):
    """That something sent from a device has arrived, and what was answered: sent again, it is
    answered the same and done once.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    visit = models.ForeignKey("audits.Visit", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Another content under the same key is refused, so that nothing is taken for what it is not.
    sha256 = models.CharField(max_length=64)
    # What was answered then, to be answered again.
    version = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["received_at"], name="receipt_received_at")]

    def __str__(self) -> str:
        return str(self.key)
