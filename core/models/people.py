from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

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
