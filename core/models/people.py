from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from core.models.keys import Keyed, KeyField


class User(Keyed, AbstractUser):
    """A person of the council who signs in. Never deleted: made inactive, so that past decisions
    keep their names.
    """

    job_title = models.CharField(max_length=100, blank=True)
    phone = models.CharField("telephone", max_length=30, blank=True)
    # As a name is shown: so that whoever looks down a list finds it.
    name_key = KeyField("first_name", "last_name", "username")
    username_key = KeyField("username", folding="account_key", is_of_account=True)
    email_key = KeyField("email", folding="address_key", is_of_account=True)

    password_is_temporary = models.BooleanField(
        default=False,
        editable=False,
        help_text="Set by an administrator: to be changed at the next sign-in",
    )
    # Of every session's seal besides the password: a new one ends all sessions.
    session_stamp = models.CharField(max_length=32, blank=True, editable=False)
    # What the owner has not yet read on a page: wrong passwords for their account, and that an
    # administrator has ended the wait that followed.
    wrong_passwords = models.PositiveIntegerField(default=0, editable=False)
    wrong_passwords_at = models.DateTimeField(null=True, editable=False)
    unlocked_at = models.DateTimeField(null=True, editable=False)

    class Meta(AbstractUser.Meta):
        constraints = [
            # What one person proposes another decides: nobody is to come to have two accounts.
            models.UniqueConstraint(fields=["username_key"], name="one_account_of_a_user_name"),
            models.UniqueConstraint(
                fields=["email_key"], condition=~Q(email_key=""), name="one_account_of_an_email"
            ),
        ]
        permissions = [
            (
                "read_exempt",
                (
                    "Can read what is exempt from publication (Schedule 12A, Local Government Act"
                    " 1972)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def has_account_news(self) -> bool:
        """Whether something happened to the account that its owner has not yet read on a page."""
        return bool(self.wrong_passwords or self.unlocked_at)

    @property
    def wrong_passwords_in_words(self) -> str:
        """How often, for example "7 times"."""
        return "once" if self.wrong_passwords == 1 else f"{self.wrong_passwords} times"

    def get_session_auth_hash(self) -> str:
        """The seal of a session.

        Django's own goes by the password alone: a session that ended with the account would come to
        life again when the account is reopened.
        """
        return self._seal_of_session(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same by the secret keys before today's."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._seal_of_session(secret)

    def _seal_of_session(self, secret: str | None) -> str:
        # The salt is Django's: until an account has a stamp, its sessions are as they were.
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        sealed = f"{self.password}{self.session_stamp}"
        return salted_hmac(salt, sealed, secret=secret, algorithm="sha256").hexdigest()
