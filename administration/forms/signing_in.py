from typing import Any

from django.contrib.auth import forms as auth_forms

from core.models import User
from govuk.forms import GovFormMixin

LONGEST_NAME = User._meta.get_field("username").max_length or 0


class SignInForm(GovFormMixin, auth_forms.AuthenticationForm):
    submit_label = "Sign in"

    error_messages = {
        "invalid_login": "Enter a user name and password that match. Check for capital letters.",
        "inactive": "This account is closed. Ask the administrator in your team to reopen it.",
    }

    def clean(self) -> dict[str, Any]:
        """A name longer than any account's is refused as every wrong one is: no column takes it."""
        if len(self.cleaned_data.get("username") or "") > LONGEST_NAME:
            raise self.get_invalid_login_error()
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class PasswordChangeForm(GovFormMixin, auth_forms.PasswordChangeForm):
    submit_label = "Change password"
