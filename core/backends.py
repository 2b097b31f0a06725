from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.utils import timezone

from core.guessing import counting
from core.models import User
from core.workflow import NotAllowed


class GuardedBackend(ModelBackend):
    """Name and password, unless too many wrong ones came before. One backend does both, since
    `with_perm` wants to know of one alone.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> User | None:
        """Whose name and password these are. Every attempt of a request is counted.

        Raises `NotAllowed`: `too-many-wrong` (no password was looked at), or `account-closed` to
        whoever knows the password of an account that is closed.
        """
        if username is None or password is None:
            return None
        person = _person_named(username)
        if request is None:  # a command, which nobody guesses through
            right = person is not None and person.check_password(password)
            return person if right and self.user_can_authenticate(person) else None
        attempt = counting.begin_sign_in(request, username, person, now=timezone.now())
        if person is None:
            # As long as for an account that there is: the time does not tell which there are.
            User().set_password(password)
            counting.keep(attempt, now=timezone.now())
            return None
        if not person.check_password(password):
            counting.keep(attempt, now=timezone.now())
            return None
        if not self.user_can_authenticate(person):
            counting.keep(attempt, now=timezone.now(), code="account-closed")
            raise NotAllowed(
                "account-closed",
                "This account is closed. Ask the administrator in your team to reopen it.",
            )
        counting.forgive(attempt)
        return person

    async def aauthenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> User | None:
        """As `authenticate`: Django's own would count nothing."""
        return await sync_to_async(self.authenticate)(request, username, password, **more)


def _person_named(username: str) -> User | None:
    try:
        return User._default_manager.get_by_natural_key(username)
    except User.DoesNotExist:
        return None
