from typing import Any

from django import forms
from django.contrib.auth import forms as auth_forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core import passwords
from core.guessing import counting
from core.workflow import NotAllowed
from govuk.forms import GovFormMixin


class SignInForm(GovFormMixin, auth_forms.AuthenticationForm):
    submit_label = "Sign in"
    # Why nobody may sign in with that name now, whatever the password.
    refusal: NotAllowed | None = None

    error_messages = {
        "invalid_login": "Enter a user name and password that match. Check for capital letters.",
        "inactive": "This account is closed. Ask the administrator in your team to reopen it.",
    }

    def clean(self) -> dict[str, Any]:
        try:
            values: dict[str, Any] = super().clean()
        except NotAllowed as refusal:
            self.refusal = refusal
            raise ValidationError(refusal.message, code=refusal.code) from refusal
        return values


class PasswordChangeForm(GovFormMixin, auth_forms.PasswordChangeForm):
    submit_label = "Change password"

    old_password = forms.CharField(
        label="Current password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new_password1 = forms.CharField(
        label="New password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=passwords.HINT,
    )
    new_password2 = forms.CharField(
        label="New password again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def validate_password_for_user(self, user: Any, password_field_name: str = "") -> None:
        """Say what is wrong with the new password by its own box, and not where it is repeated."""
        super().validate_password_for_user(user, "new_password1")

    def clean_old_password(self) -> str:
        """The current password, if it is: counted as at the sign-in page, since whoever finds a
        screen unlocked must not find the password out.
        """
        old: str = self.cleaned_data["old_password"]
        try:
            right = counting.check_own_password(
                self.user, old, where="change-password", now=timezone.now()
            )
        except NotAllowed as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal
        if not right:
            raise ValidationError(
                "Enter your current password. Check for capital letters.",
                code="password_incorrect",
            )
        return old

    def clean(self) -> dict[str, Any]:
        """The answers. The same password again is no change: whoever knows it goes on knowing
        it.
        """
        values: dict[str, Any] = super().clean() or self.cleaned_data
        old, new = values.get("old_password"), values.get("new_password1")
        # Compared as typed: to look the new one up in the account would answer guesses uncounted.
        if old and old == new:
            self.add_error(
                "new_password1",
                ValidationError(
                    "Enter a password that is not your current one.", code="password_unchanged"
                ),
            )
        return values
