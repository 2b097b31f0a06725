from typing import Any

from axes.backends import AxesStandaloneBackend
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from core.models import User


class GuardedBackend(AxesStandaloneBackend, ModelBackend):
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
        """Raises `PermissionDenied` when the name is locked out from that address."""
        # The count is asked first, so that the right password does not open a door that is shut.
        AxesStandaloneBackend.authenticate(self, request, username, password, **more)
        return ModelBackend.authenticate(self, request, username, password, **more)
