import django_filters
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

from core.models import User
from documents.folding import address_key
from govuk.lists import Column, GovFilterSet

PEOPLE_COLUMNS = [
    Column("name", "Name", ("name_key",)),
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
            rows = rows.filter(Q(name_key__holds=word) | Q(email_key__contains=address_key(word)))
        return rows

    def with_account(self, rows: QuerySet[User], name: str, wanted: str) -> QuerySet[User]:
        return rows.filter(is_active=wanted == "true")
