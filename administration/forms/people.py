from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from administration.actions import people as actions
from core import passwords
from core.groups import GROUPS
from core.models import User
from govuk.forms import GovForm, GovModelForm

GROUP_HINTS = {
    "Officer": "Records visits, concerns and actions, and reads what is exempt",
    "Senior officer": "Also verifies actions, edits templates and closes services",
    "Manager": "Proposes and decides suspensions; approves and releases papers",
    "Signatory": "The director or the Monitoring Officer: reads everything and approves papers",
    "Committee clerk": "Writes papers and reads their exempt parts",
    "Practitioner": "A social worker: reads ratings, and whether a service takes placements",
    "Administrator": (
        "Looks after the council’s profile, people and the register, and reads nothing exempt"
    ),
}


def groups_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="Groups",
        choices=[(name, name) for name in GROUPS],
        help_text="A person may do what any of their groups allows",
    )


class PersonForm(GovModelForm):
    input_class = actions.PersonInput
    widths = {"username": 20, "phone": 20}

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "job_title", "phone"]
        labels = {
            "first_name": "First name",
            "last_name": "Last name",
            "email": "Email",
            "job_title": "Job title",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name", "email"):
            self.fields[name].required = True
            self.fields[name].label = str(self.fields[name].label).removesuffix(" (optional)")
            self.fields[name].error_messages["required"] = (
                f"Enter {str(self.fields[name].label).lower()}"
            )


class PasswordMixin(GovForm):
    password = forms.CharField(
        label="First password",
        # Spaces belong to a password: stripped here, it would not be the one that its owner was
        # told.
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "password"
        ].help_text = f"They must choose their own when they first sign in. {passwords.HINT}"

    def judge_password(self, person: User) -> None:
        """Put what is wrong with the password by its field."""
        password = self.cleaned_data.get("password")
        if not password:
            return
        try:
            validate_password(password, person)
        except ValidationError as error:
            self.add_error("password", error)


class AddPersonForm(PasswordMixin, PersonForm):
    input_class = actions.NewPersonInput
    submit_label = "Add the person"
    option_hints = {"groups": GROUP_HINTS}
    groups = groups_field()
    field_order = [
        "username",
        "first_name",
        "last_name",
        "email",
        "job_title",
        "phone",
        "groups",
        "password",
    ]

    class Meta(PersonForm.Meta):
        fields = ["username", *PersonForm.Meta.fields]
        labels = {**PersonForm.Meta.labels, "username": "User name"}
        help_texts = {"username": "What they type to sign in. Use letters, digits and @ . + - _"}
        error_messages = {"username": {"unique": "Enter another user name: this one is taken"}}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        named = {
            name: values.get(name, "") for name in ("username", "first_name", "last_name", "email")
        }
        # A password must not be like the person's own name, which is not saved yet.
        self.judge_password(User(**named))
        return values


class GroupsForm(GovForm):
    input_class = actions.GroupsInput
    option_hints = {"groups": GROUP_HINTS}
    groups = groups_field()


class SetPasswordForm(PasswordMixin):
    input_class = actions.PasswordInput
    submit_label = "Set the password"

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        self.judge_password(self.person)
        return values


class UnlockForm(GovForm):
    """Nothing to fill in: the page asks, the button answers."""

    submit_label = "Let them sign in"


class DeactivateForm(GovForm):
    """Nothing to fill in: the page asks, the button answers."""

    submit_label = "Close the account"
    submit_kind = "warning"


class ReactivateForm(GovForm):
    """Nothing to fill in: the page asks, the button answers."""

    submit_label = "Reopen the account"
