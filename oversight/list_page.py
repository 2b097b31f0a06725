"""The list of services as a page: which rows first, then what is known of those rows alone.

In one query PostgreSQL would work out every column of each row that it skips on its way to a late
page.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

from govuk.lists import ListPage


@dataclass
class ServicesPage(ListPage):
    @cached_property
    def page(self) -> Page[Any]:
        ids = self.queryset.values_list("pk", flat=True)
        page: Page[Any] = Paginator(ids, self.per_page).get_page(self.parameters.get("page"))
        rows = self.queryset.order_by().in_bulk(list(page.object_list))
        page.object_list = [rows[pk] for pk in page.object_list]
        return page
