import django_filters
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

from core.models import User
from govuk.lists import Column, GovFilterSet

PEOPLE_COLUMNS = [
    Column("name", "Name", ("first_name", "last_name", "username")),
    Column("username", "User name", ("username",)),
    Column("job_title", "Job title", ("job_title",)),
    Column("groups", "Groups"),
    Column("last_login", "Last sign-in", ("last_login",)),
]


class PeopleFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(label="Name, user name or email", method="with_text")
    groups = django_filters.ModelChoiceFilter(
        label="Group", queryset=Group.objects.order_by("name")
    )
    is_active = django_filters.ChoiceFilter(
        label="Account", choices=[("true", "Open"), ("false", "Closed")], method="with_account"
    )

    class Meta:
        model = User
        fields: list[str] = []

    def with_text(self, rows: QuerySet[User], name: str, text: str) -> QuerySet[User]:
        for word in text.split():
            rows = rows.filter(
                Q(first_name__icontains=word)
                | Q(last_name__icontains=word)
                | Q(username__icontains=word)
                | Q(email__icontains=word)
            )
        return rows

    def with_account(self, rows: QuerySet[User], name: str, wanted: str) -> QuerySet[User]:
        return rows.filter(is_active=wanted == "true")
