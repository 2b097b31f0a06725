from django.contrib.auth import forms as auth_forms

from govuk.forms import GovFormMixin


class SignInForm(GovFormMixin, auth_forms.AuthenticationForm):
    submit_label = "Sign in"

    error_messages = {
        "invalid_login": "Enter a user name and password that match. Check for capital letters.",
        "inactive": "This account is closed. Ask the administrator in your team to reopen it.",
    }


class PasswordChangeForm(GovFormMixin, auth_forms.PasswordChangeForm):
    submit_label = "Change password"
