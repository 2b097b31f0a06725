from django.contrib.auth import forms as auth_forms

from govuk.forms import GovFormMixin


class SignInForm(GovFormMixin, auth_forms.AuthenticationForm):
    submit_label = "Sign in"

    error_messages = {
        "invalid_login": "The user name and password do not match. Check both; capitals count.",
        "inactive": "This account is closed.",
    }


class PasswordChangeForm(GovFormMixin, auth_forms.PasswordChangeForm):
    submit_label = "Change password"
