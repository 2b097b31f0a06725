from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person of the council who signs in. Never deleted: made inactive, so that past decisions
    keep their names.
    """

    job_title = models.CharField(max_length=100, blank=True)
    phone = models.CharField("telephone", max_length=30, blank=True)

    password_is_temporary = models.BooleanField(
        default=False,
        editable=False,
        help_text="Set by an administrator: to be changed at the next sign-in",
    )

    class Meta(AbstractUser.Meta):
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
