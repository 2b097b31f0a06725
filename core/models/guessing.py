from django.conf import settings
from django.db import models


class Counted(models.TextChoices):
    """Whose wrong passwords a row counts."""

    STRANGERS = "strangers", "Browsers that never signed in with the account, all together"
    BROWSER = "browser", "One browser that has signed in with the account before"
    ADDRESS = "address", "Strange browsers at one address, whatever account they try"
    INSIDE = "inside", "Whoever is signed in and is asked for the password again"


class WrongPasswords(models.Model):
    """How many wrong passwords came of late, and until when no further one is looked at.

    `key` is a keyed hash: neither a name that was typed, which may be a password typed into the
    wrong box, nor an address can be read from it. A row is deleted a day after its last attempt.
    """

    counted = models.CharField(max_length=10, choices=Counted)
    key = models.CharField(max_length=64, unique=True)
    # Whose account it is, where there is such an account.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="wrong_password_counts",
    )
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    paused_until = models.DateTimeField(null=True)
    refused = models.PositiveIntegerField(default=0)  # in the pause that runs
    owner_told_at = models.DateTimeField(null=True)  # last, by email
    # Until then the address does not matter: an administrator lets the person in.
    let_in_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["last_at"], name="wrong_passwords_last")]

    def __str__(self) -> str:
        return f"{self.failures} wrong passwords: {self.counted}"
